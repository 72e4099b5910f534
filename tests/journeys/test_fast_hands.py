"""The hands of whoever records: how many keys lie before the words of the next note, and what the keys choose."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from meetings.models import BoardEntry
from tests.journeys.test_room_screen import COORDINATOR, meeting

__all__ = ["meeting"]

MOST_STOPS = 5


def stops_to_the_words(page: Page) -> int:
    """Return how often Tab is pressed until the words have the focus; Enter follows a link that skips to them."""
    for pressed in range(1, 60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a[href=\"#id_text\"]')"):
            page.keyboard.press("Enter")
        if page.evaluate("document.activeElement.id === 'id_text'"):
            return pressed
    raise AssertionError("the words can't be reached")


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_few_stops_lie_before_the_words_of_the_next_note(visit, meeting, scripts):
    visitor = visit(scripted=scripts == "with scripts")
    page = visitor.page
    visitor.sign_in_as(COORDINATOR)
    visitor.open(f"/conferences/{meeting.pk}/day/board/")
    words = page.locator("#id_text")
    expect(words).to_be_focused()
    visitor.choose("It is", "Fact")
    for number in range(2):
        page.locator("#id_text").focus()
        page.keyboard.type(f"Told at the door, {number}")
        if visitor.scripted:
            with page.expect_navigation(wait_until="load"):
                page.keyboard.press("Control+Enter")
        else:
            stops = 0
            while not page.evaluate("document.activeElement.innerText === 'Add to the board'"):
                page.keyboard.press("Tab")
                stops += 1
            assert stops <= MOST_STOPS
            with page.expect_navigation(wait_until="load"):
                page.keyboard.press("Enter")
        # No stop at all: the cursor stands in the words of the next note.
        expect(page.locator("#id_text")).to_be_focused()
        expect(page.locator("#id_text")).to_have_value("")
    page.evaluate("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()")
    assert stops_to_the_words(page) <= MOST_STOPS
    assert BoardEntry.objects.filter(conference=meeting, text__startswith="Told at the door").count() == 2


def test_keys_choose_heading_kind_speaker_and_child(visit, meeting):
    visitor = visit()
    page = visitor.page
    visitor.sign_in_as(COORDINATOR)
    visitor.open(f"/conferences/{meeting.pk}/day/board/")
    page.keyboard.type("She laughs again?")
    for keys in ("Alt+2", "Alt+o", "Alt+o", "Alt+c", "Alt+c"):
        page.keyboard.press(keys)
    page.keyboard.press("Alt+s")
    page.keyboard.type("Callum")
    page.keyboard.press("Alt+s")
    expect(page.locator("#id_text")).to_be_focused()
    expect(page.locator("#id_text")).to_have_value("She laughs again?")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Control+Enter")
    entry = BoardEntry.objects.get(conference=meeting, text="She laughs again?")
    headings = page.locator("[name=heading]")
    assert entry.heading == headings.nth(1).get_attribute("value")
    assert (entry.nature, entry.children.count()) == ("fact", 1)
    assert entry.speaker.person.given_name == "Callum"
    expect(headings.nth(1)).to_be_checked()

    panel = page.locator("#note-keys")
    page.keyboard.press("?")
    expect(panel).to_be_hidden()
    expect(page.locator("#id_text")).to_have_value("?")
    page.locator("#id_text").fill("")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(panel).to_be_visible()
