"""What sticks to the top of the window never covers what has the focus, nor a banner that was just shown."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page

from conferences.services.new_links import show_list
from tests.conferences.story import Story, invited, on_list, tell
from tests.factories import FamilyFactory
from tests.journeys.calendar import at
from tests.journeys.test_guest_answers import come_in
from tests.journeys.test_pages_fit import sign_in
from tests.journeys.visitor import DESK, PHONE, SMALLEST, Visitor

# Low enough that every page scrolls; the last is 400 % zoom on a small desk.
WINDOWS = ((SMALLEST, 256), (PHONE, 480), (DESK, 480))
TABS = 200
STICKS = """[...document.querySelectorAll('body *')].filter(one =>
  ['sticky', 'fixed'].includes(getComputedStyle(one).position) && one.offsetHeight && one.id !== 'main')"""
# The focused control where what sticks leaves less than half of its first line to see: "" where it is seen.
COVERED = f"""() => {{
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body) return 'the end';
  const sticking = {STICKS}.filter(bar => !bar.contains(one) && !one.contains(bar));
  const hidden = Math.max(0, ...sticking.map(bar => bar.getBoundingClientRect())
    .filter(bar => bar.left < box.right && bar.right > box.left && bar.top < box.bottom && bar.bottom > box.top
      && bar.top <= box.top)
    .map(bar => Math.min(bar.bottom, box.bottom) - Math.max(box.top, 0)));
  const away = box.bottom <= 0 || box.top >= innerHeight;
  return hidden > Math.min(box.height, 40) / 2 || away ? `${{one.innerText || one.name || one.id}}, ${{hidden}} px of ${{box.height}}` : '';
}}"""
ON_TOP = f"""(selector) => {{
  const one = document.querySelector(selector).getBoundingClientRect();
  return {STICKS}.every(bar => bar.getBoundingClientRect().bottom <= one.top + 1 || bar.getBoundingClientRect().top > one.top);
}}"""


def covered_on(page: Page, path: str) -> list[str]:
    """Return what was covered while tabbing to the end of the page and back."""
    found = []
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        if not page.evaluate(f"{STICKS}.length"):
            continue
        for key in ("Tab", "Shift+Tab"):
            for _ in range(TABS):
                page.keyboard.press(key)
                covered = page.evaluate(COVERED)
                if covered == "the end":
                    break
                if covered:
                    found.append(f"{path} at {width}, {key}: {covered.strip()[:140]}")
    return found


def walk(visitor: Visitor, paths: Iterable[str]) -> list[str]:
    found = []
    for path in paths:
        assert visitor.page.goto(visitor.base + path).status == 200, path
        found += covered_on(visitor.page, path)
    return found


@pytest.fixture
def story(council, clock) -> Story:
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    story.conference = invited(story)
    return story


def test_on_pages_of_a_guest(visit, story):
    hazel = on_list(story.conference, story.hazel)
    show_list(participant=hazel, by=story.chair, now=at("2026-12-10 11:00"))
    # As long as councils are called.
    story.authority.name = "Bournemouth, Christchurch and Poole and Weston-under-Redcastle Council"
    story.authority.save()
    visitor = visit()
    come_in(visitor, hazel)
    pages = [f"/guest/meeting/{part}" for part in ("", "answer/", "ask/")]
    assert walk(visitor, pages) == []
    for width, height in WINDOWS:
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.open("/guest/meeting/answer/")
        visitor.press("Send my answer")
        visitor.page.wait_for_function(ON_TOP, arg=".govuk-error-summary")
        visitor.page.locator(".govuk-error-summary a").first.click()
        assert visitor.page.evaluate(COVERED) == "", width
    for width, height in WINDOWS:
        visitor.page.set_viewport_size({"width": width, "height": height})
        visitor.open("/guest/meeting/answer/")
        visitor.page.get_by_label("Yes, I will be there").check()
        visitor.press("Send my answer")
        visitor.page.wait_for_function(ON_TOP, arg=".govuk-notification-banner")


def test_on_lists_with_headings_that_stay(visit, story):
    for number in range(30):
        FamilyFactory(authority=story.authority, team=story.family.team, name=f"Alder {number}")
    visitor = visit()
    sign_in(visitor, story.coordinator)
    conference = f"/conferences/{story.conference.pk}/"
    assert walk(visitor, ["/families/", "/conferences/", "/plans/", "/outbox/", "/", conference]) == []
