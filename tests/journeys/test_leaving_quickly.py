"""A mother is not alone any more while she writes, and leaves the page quickly."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import GuestSession
from conferences.services.new_links import show_list
from tests.conferences import guests
from tests.conferences.story import invited, on_list, tell
from tests.journeys.calendar import at
from tests.journeys.test_guest_answers import come_in
from tests.journeys.visitor import Visitor

NOON = "2026-12-10 12:00"
TYPED = "I am afraid of Dale"
ELSEWHERE = "https://www.bbc.co.uk/weather"


@pytest.fixture
def hazel(council, clock):
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    story.conference = invited(story)
    clock.move_to(at(NOON))
    hazel = on_list(story.conference, story.hazel)
    show_list(participant=hazel, by=story.chair, now=at(NOON))
    return hazel


def begin_to_write(visitor: Visitor, hazel) -> Page:
    page = visitor.page
    page.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(content_type="text/html", body="<h1>Sunny</h1>"))
    come_in(visitor, hazel)
    visitor.follow("Ask for something")
    page.get_by_label("Tell us more").fill(TYPED)
    return page


def the_stay_has_ended(page: Page) -> None:
    """Wait for what the browser sends as the page closes: nobody goes back as fast as a test."""
    for _ in range(100):
        if not GuestSession.objects.filter(ended_at__isnull=True).exists():
            return
        page.wait_for_timeout(100)
    pytest.fail("The stay goes on.")


def go_back_and_find_nothing(page: Page) -> None:
    """Go back through all that the browser remembers: closed pages of ours, without a word of the case."""
    the_stay_has_ended(page)
    for _ in range(6):
        page.go_back()
        if "/guest/" not in page.url:
            break
        # A page that the browser kept whole covers itself and is asked for again: what is read is what comes then.
        title = "Open your page" if "/guest/open/" in page.url else "This page is closed"
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("body")).not_to_contain_text("Hello Hazel")
        expect(page.locator("html")).not_to_contain_text(TYPED)
        expect(page.locator(f"[value*='{TYPED}']")).to_have_count(0)


def test_leaving_opens_another_site_in_place_of_the_page_and_closes_it_for_good(visit, hazel):
    visitor = visit()
    page = begin_to_write(visitor, hazel)
    before = page.evaluate("history.length")
    page.get_by_role("button", name="Leave this page quickly").click()
    expect(page.locator("h1")).to_have_text("Sunny")
    expect(page).to_have_url(ELSEWHERE)
    assert page.evaluate("history.length") == before
    go_back_and_find_nothing(page)
    assert "guest" not in {cookie["name"] for cookie in page.context.cookies()}
    # A fresh code brings back what was typed, on another device as well.
    again = visit()
    come_in(again, hazel)
    again.follow("Ask for something")
    again.reads("What you had typed is still here")
    expect(again.page.get_by_label("Tell us more")).to_have_value(TYPED)
    again.press("Send")
    again.follow("Ask for something")
    again.does_not_read("What you had typed is still here")
    expect(again.page.get_by_label("Tell us more")).to_have_value("")


def test_however_much_was_typed_the_stay_ends_and_the_beginning_is_kept(visit, hazel):
    visitor = visit()
    page = begin_to_write(visitor, hazel)
    page.get_by_label("Tell us more").fill(f"{TYPED}. " * 8000)
    page.get_by_role("button", name="Leave this page quickly").click()
    expect(page.locator("h1")).to_have_text("Sunny")
    go_back_and_find_nothing(page)
    again = visit()
    come_in(again, hazel)
    again.follow("Ask for something")
    kept = again.page.get_by_label("Tell us more").input_value()
    assert (kept[: len(TYPED)], len(kept) > 5000) == (TYPED, True)


def test_other_tabs_leave_too(visit, hazel):
    visitor = visit()
    page = begin_to_write(visitor, hazel)
    other = page.context.new_page()
    other.goto(f"{visitor.base}/guest/meeting/answer/")
    page.get_by_role("button", name="Leave this page quickly").click()
    for tab in (page, other):
        expect(tab.locator("h1")).to_have_text("Sunny")
        expect(tab).to_have_url(ELSEWHERE)
        go_back_and_find_nothing(tab)


def test_without_scripts_it_leads_away_and_closes_the_page_too(visit, hazel):
    visitor = visit(scripted=False)
    page = begin_to_write(visitor, hazel)
    page.get_by_role("button", name="Leave this page quickly").click()
    page.wait_for_url(ELSEWHERE)
    assert "guest" not in {cookie["name"] for cookie in page.context.cookies()}
    go_back_and_find_nothing(page)


def test_the_stay_ends_on_the_server(client, hazel):
    guests.come_in(client, hazel)
    cookie = client.cookies["guest"].value
    assert client.get("/guest/leave/quickly/").status_code == 405
    left = client.post("/guest/leave/quickly/", {"page": "/guest/meeting/ask/", "text": TYPED})
    assert (left.status_code, ELSEWHERE in left.content.decode(), TYPED in left.content.decode()) == (200, True, False)
    client.cookies["guest"] = cookie
    assert client.get("/guest/meeting/").status_code == 404
