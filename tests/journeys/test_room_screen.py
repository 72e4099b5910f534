"""The board on the room's screen, started with a code and off at once; and input kept after a browser crash."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import expect

from accounts.models import Draft
from conferences.models import Conference
from demo.families import build_brambleys
from demo.meeting import book, start_enquiries
from meetings.selectors.board import board_of
from meetings.services.board import add_entry
from meetings.services.opening import open_conference
from meetings.services.shown import show_entry
from tests.journeys.calendar import at

CHAIR, COORDINATOR = "Tomasz Kestrel", "Joan Plover"
SAID = "The front door was broken on Sunday and Wren heard it."


@pytest.fixture
def meeting(council, clock) -> Conference:
    """A conference that has just been opened, with one note on its board."""
    demo = build_brambleys(council, now=at("2026-12-08 12:30"))
    start_enquiries(demo, held_at=at("2026-12-08 10:00"), reason="The police were called.")
    conference = book(
        council,
        demo,
        day=datetime.date(2026, 12, 22),
        now=at("2026-12-08 14:00"),
        reason="Hurt, and likely to be hurt again.",
    )
    starts_at = conference.sittings.get().starts_at
    clock.move_to(starts_at)
    open_conference(conference=conference, by=conference.chair, now=starts_at)
    entry = add_entry(
        conference=conference,
        heading=board_of(conference)[0].heading.key,
        text=SAID,
        nature="fact",
        part=conference.sittings.get().parts.first(),
        by=council.user(COORDINATOR),
        now=starts_at,
    )
    show_entry(entry=entry, version=entry.version, by=conference.chair, now=starts_at)
    return conference


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_a_code_shows_the_board_on_the_wall_until_the_chair_turns_it_off(visit, meeting, scripts):
    chair, wall = visit(album="room"), visit(scripted=scripts == "with scripts", album="wall")
    chair.sign_in_as(CHAIR)
    chair.open(f"/conferences/{meeting.pk}/day/board/")
    chair.follow("Show on the room’s screen")
    chair.press("Make a code")
    code = chair.page.locator(".govuk-panel__title").inner_text()

    if wall.scripted:
        wall.page.clock.install()
    wall.open("/projector/")
    wall.write("Code", "ABCD EFGH")
    wall.press("Show the board")
    wall.refused("This code does not work")
    wall.write("Code", code.lower())
    wall.press("Show the board")
    wall.reads(SAID)
    wall.does_not_read("Brambley", "Sign out")

    chair.follow("The day")
    chair.follow("Show on the room’s screen")
    chair.reads("The screen has been on")
    chair.press("Turn off the room’s screen")
    if wall.scripted:
        wall.page.clock.fast_forward("00:25")
        expect(wall.main).to_contain_text("The screen is off")
    else:
        wall.page.goto(f"{wall.base}/projector/screen/")
        wall.reads("The screen is off")
    wall.does_not_read(SAID)


def test_the_board_opens_in_a_second_window_of_the_chairs_computer(visit, meeting):
    chair = visit()
    chair.sign_in_as(CHAIR)
    chair.open(f"/conferences/{meeting.pk}/day/room/")
    with chair.page.context.expect_page() as opened:
        chair.page.get_by_role("button", name="Open it in a second window on this computer").click()
    expect(opened.value.locator("main")).to_contain_text(SAID)


@pytest.mark.parametrize("what", ["a note on the board", "the minutes of an item"])
def test_after_the_browser_crashed_every_word_is_there(visit, meeting, what):
    item = meeting.agenda.order_by("position").first()
    address, label = {
        "a note on the board": ("board/", "What was said"),
        "the minutes of an item": (f"agenda/{item.pk}/", "Note"),
    }[what]
    words = SAID * 20
    page = visit()
    page.sign_in_as(COORDINATOR)
    page.open(f"/conferences/{meeting.pk}/day/{address}")
    page.write(label, words)
    expect(page.page.locator("[data-autosave-line]").first).to_contain_text("Saved", timeout=15_000)
    page.page.context.close()

    again = visit()
    again.sign_in_as(COORDINATOR)
    again.open(f"/conferences/{meeting.pk}/day/{address}")
    expect(again.page.get_by_label(re.compile(f"^{label}")).first).to_have_value(words)
    again.reads("We saved what you typed")
    assert not Draft.objects.filter(sealed__contains="Wren").exists()
