"""A mother says what she thinks on her phone, with and without scripts; the chair reads it and releases a part."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from conferences.services.new_links import show_list
from my_views.models import HandIn
from tests.conferences.story import Story, invited, on_list, tell
from tests.journeys.calendar import at
from tests.journeys.test_guest_answers import NOON, come_in

SMALLEST = 320


@pytest.fixture
def story(council, clock) -> Story:
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    story.conference = invited(story)
    clock.move_to(at(NOON))
    return story


@pytest.mark.parametrize("scripted", [True, False])
def test_a_mother_says_what_she_thinks_on_her_phone(visit, story, scripted):
    hazel = on_list(story.conference, story.hazel)
    show_list(participant=hazel, by=story.chair, now=at(NOON))
    page = visit(scripted=scripted, album="my-views" if scripted else "")
    come_in(page, hazel)
    page.page.set_viewport_size({"width": SMALLEST, "height": 640})
    page.follow("Tell us your views")
    page.reads(
        "We talk about your answers in the meeting", "A court can ask to see it", "No one reads it until you hand it in"
    )
    page.press("Start")
    page.reads("question 1 of 6", "What goes well at home?", "999")
    page.write("Your answer", "We walk to school together. Robin makes Wren laugh.")
    page.press("Save and go on")
    page.reads("What worries you?")
    page.press("I do not want to answer this one")
    page.reads("How are things for the children now?")
    page.page.get_by_label("6", exact=True).check()
    page.press("Save and go on")
    page.follow("Back")
    page.reads("Saved 12:0", "Not handed in")
    page.press("Save and go on")
    page.write("Your answer", "Somebody to ring at night")
    page.tick("This is only for the chair and the social worker")
    page.press("Save and go on")
    page.press("Save and go on")
    page.press("Save and go on")
    page.reads("Read it, then hand it in", "Did not want to answer", "You have not answered this yet")
    page.press("Hand in my views")
    page.refused("Choose whether someone helped you")
    page.page.get_by_label("No, I did it alone").check()
    page.press("Hand in my views")
    page.reads("Thank you. We have your views.")
    sent = HandIn.objects.get()
    assert [row.given for row in sent.answers.all()] == [
        "answered",
        "refused",
        "answered",
        "answered",
        "blank",
        "blank",
    ]
    if not scripted:
        return
    chair = visit(album="my-views-chair")
    desk = Client()
    desk.force_login(story.chair)
    cookie = {"name": "sessionid", "value": desk.cookies["sessionid"].value, "url": chair.base}
    chair.page.context.add_cookies([cookie])
    chair.open(f"/conferences/{story.conference.pk}/my-views/")
    chair.reads("Hazel Brambley", "Handed in", "Nothing yet")
    chair.follow(re.compile(r"^Read it\b"))
    chair.reads("Only for the chair and the social worker", "Somebody to ring at night")
    chair.follow(re.compile(r"^Release words of this answer.*What goes well"))
    chair.write("Words to release", "We walk to school together.")
    chair.tick("Martin Alder")
    chair.press("Release these words")
    chair.reads("Martin Alder", "We walk to school together.")
