"""Two people record one meeting: what one writes is on the other's page within two seconds, and nothing is disturbed."""

from __future__ import annotations

import datetime
import time

import pytest
from playwright.sync_api import expect

from conferences.models import Conference
from demo.families import build_brambleys
from demo.meeting import book, start_enquiries
from meetings.selectors.board import board_of
from meetings.services.board import add_entry
from meetings.services.opening import open_conference
from meetings.services.projector import end_projection
from tests import live_service
from tests.journeys.calendar import at

CHAIR, COORDINATOR = "Tomasz Kestrel", "Joan Plover"
SAID = "The front door was broken on Sunday."
TWO_SECONDS = 2000


@pytest.fixture
def meeting(council, clock) -> Conference:
    demo = build_brambleys(council, now=at("2026-12-08 12:30"))
    start_enquiries(demo, held_at=at("2026-12-08 10:00"), reason="The police were called.")
    conference = book(council, demo, day=datetime.date(2026, 12, 22), now=at("2026-12-08 14:00"), reason="Hurt again.")
    starts_at = conference.sittings.get().starts_at
    clock.move_to(starts_at)
    open_conference(conference=conference, by=conference.chair, now=starts_at)
    return conference


def write(council, conference, text):
    return add_entry(
        conference=conference,
        heading=board_of(conference)[0].heading.key,
        text=text,
        nature="fact",
        part=conference.sittings.get().parts.first(),
        by=council.user(CHAIR),
        now=conference.sittings.get().starts_at,
    )


def test_a_colleagues_note_appears_while_one_types(visit, council, meeting, settings):
    with live_service.running(settings):
        page = visit()
        page.sign_in_as(COORDINATOR)
        page.open(f"/conferences/{meeting.pk}/day/board/")
        words = page.page.get_by_label("What was said", exact=True)
        words.fill("The school says")
        words.press("End")
        time.sleep(1)
        write(council, meeting, SAID)
        expect(page.page.get_by_text(SAID, exact=True)).to_be_visible(timeout=TWO_SECONDS)
        words.press_sequentially(" he was late.")
        expect(words).to_have_value("The school says he was late.")
        expect(words).to_be_focused()
        expect(page.page.locator("[data-live-said]")).to_have_text("1 new note on this page.")


def test_without_the_service_the_page_asks_by_itself(visit, council, meeting):
    page = visit()
    page.sign_in_as(COORDINATOR)
    page.open(f"/conferences/{meeting.pk}/day/board/")
    write(council, meeting, SAID)
    expect(page.page.get_by_text(SAID, exact=True)).to_be_visible(timeout=14_000)


def test_the_rooms_screen_goes_dark_at_once(visit, council, meeting, settings):
    with live_service.running(settings):
        chair = visit()
        chair.sign_in_as(CHAIR)
        chair.open(f"/conferences/{meeting.pk}/day/room/")
        with chair.page.context.expect_page() as opened:
            chair.page.get_by_role("button", name="Open it in a second window on this computer").click()
        wall = opened.value
        expect(wall.locator("main")).to_contain_text("Nothing is shown here yet")
        time.sleep(1)
        end_projection(conference=meeting, by=council.user(CHAIR), now=meeting.sittings.get().starts_at)
        expect(wall.locator("main")).to_contain_text("The screen is off", timeout=TWO_SECONDS)
