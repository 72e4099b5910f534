"""Without a mouse: sign in, fill in and submit a form with Tab, Space, Enter and the arrow keys only."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

FARTHEST = 60
# The text of the control that has the focus: its label, or its own words.
FOCUSED = """() => {
  const control = document.activeElement;
  const label = control.labels && control.labels.length ? control.labels[0].innerText : '';
  return (label || control.innerText || control.getAttribute('aria-label') || '').replace(/\\s+/g, ' ').trim();
}"""
IS_MARKED = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the control with these words has the focus, which must be visible."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(words):
            assert page.evaluate(IS_MARKED), words
            return
    raise AssertionError(f"{words} can't be reached")


def press_enter(page: Page) -> None:
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def test_a_family_is_created_without_a_mouse(visit):
    visitor = visit()
    page = visitor.page
    visitor.open("/account/sign-in/")

    tab_to(page, "Amara Finch")
    press_enter(page)
    expect(page).to_have_title(re.compile("^My work"))

    tab_to(page, "Skip to main content")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('main') !== null")

    page.reload()
    tab_to(page, "Families")
    press_enter(page)
    tab_to(page, "Create a family")
    press_enter(page)

    tab_to(page, "Create the family")
    press_enter(page)
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".govuk-error-summary")).to_be_focused()

    tab_to(page, "Fill in “Family name”")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Family name")).to_be_focused()
    page.keyboard.type("Medlar")
    tab_to(page, "Team")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Restrict this record")
    page.keyboard.press("Space")
    tab_to(page, "Create the family")
    press_enter(page)

    visitor.reads("Medlar family", "Restricted record.", "Assessment North")
