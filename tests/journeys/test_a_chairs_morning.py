"""A chair on the morning: reads everything, marks it, writes own notes, keeps a father out, and talks with the mother."""

from __future__ import annotations

import re

import pytest

from conferences.enums import ParticipantStatus, RequestGround
from conferences.services.exclusions import open_request
from meetings.models import ChairReading, TalkBefore
from tests.conferences.story import Story, invited, on_list, tell
from tests.journeys.calendar import at
from tests.journeys.test_apart_and_children import desk_of, press_by_keyboard

MORNING = "2026-12-22 08:30"
MARKER = "Kingfisher-marker"
MY_NOTE = "Ask the school first."


@pytest.fixture
def story(council, clock) -> Story:
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    story.conference = invited(story)
    clock.move_to(at(MORNING))
    open_request(
        participant=on_list(story.conference, story.dale), ground=RequestGround.ASKED, reason=f"{MARKER} at night",
        by=story.social_worker, asked_for=story.hazel, now=at(MORNING),
    )  # fmt: skip
    return story


def test_a_chairs_morning(visit, story):
    """The chair reads and decides without scripts, and talks with the mother at a desk with them."""
    page = visit(scripted=False)
    desk_of(page, story.chair)
    overview = f"/conferences/{story.conference.pk}/"
    page.open(f"{overview}reading/")
    page.reads("My Views", "Keeping someone out or apart", "Quorum", "Risks, arriving and leaving")
    page.does_not_read(MARKER)
    page.follow(re.compile(r"^Write\s+my notes"))
    page.write("My notes", MY_NOTE)
    page.press("Save my notes")
    page.reads("Your notes are saved.", MY_NOTE)
    page.press("I have read this")
    page.reads("You had read everything on Tuesday 22 December 2026")
    assert ChairReading.objects.count() == 1

    page.follow(re.compile("^Read and decide"))
    page.reads(f"{MARKER} at night", "for Hazel Brambley", "Someone who stays away must still be heard")
    page.choose("How should they take part?", "Not at all")
    page.write("Why did you decide this?", "He shouted at her on Sunday.")
    page.press("Record the decision")
    page.refused("Choose who brings this person's views to the meeting")
    page.select("Who will bring their views to the meeting?", re.compile("Amara Finch"))
    page.write("What is the person who asked told?", "You asked us, and the chair has decided. He will not be there.")
    page.press("Record the decision")
    page.reads("Your decision is recorded. Nothing will be sent to this person.")
    dale = on_list(story.conference, story.dale)
    assert (dale.status, dale.views_brought_by.person.full_name) == (ParticipantStatus.KEPT_OUT, "Amara Finch")

    page = visit(album="chairs-morning")
    desk_of(page, story.chair)
    page.open(f"{overview}reading/")
    page.reads(MY_NOTE)
    page.open(f"{overview}day/before/")
    page.reads("What one says is on no one else's", "Kept out, and still to be heard")
    page.follow("Hazel Brambley")
    page.follow("Put something they say on the board, if they agree")
    page.write("What they say, in their own words", "I want them to sleep well.")
    page.select("Heading", "What is going well?")
    press_by_keyboard(page, "Put it on the board")
    page.refused("Ask them first")
    page.choose("Do they agree that it goes on the board?", "Yes, I have read it to them and they agree")
    page.press("Put it on the board")
    page.reads("Their words are on the board.", "I want them to sleep well.")
    page.choose("They have had the papers, and time to read them", "Yes")
    page.choose("They say that they are ready for the others to come in", "Yes")
    page.choose("How do you talk?", "In person")
    page.choose("Has it taken place?", "We have talked")
    page.press("Save")
    page.reads("No one but the chair reads this.", "Ready")
    assert TalkBefore.objects.get().held_by == story.chair
    page.open(overview)
    page.reads("1 of ", "ready", "read Tue")
