"""A professional without an account, and a mother, each with their own e-mail on a phone."""

from __future__ import annotations

import pytest
from django.test import Client

from conferences.enums import Reply
from conferences.services.new_links import show_list
from tests.conferences import guests
from tests.conferences.story import Story, invited, on_list, tell
from tests.journeys.calendar import at
from tests.journeys.visitor import HEIGHT, PHONE, Visitor

NOON = "2026-12-10 12:00"


@pytest.fixture
def story(council, clock) -> Story:
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    story.conference = invited(story)
    clock.move_to(at(NOON))
    return story


def come_in(page: Visitor, participant) -> None:
    """Open the e-mail's link, ask for the code, and enter it."""
    page.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.open(f"/guest/open/{guests.token_of(participant)}/")
    page.reads("To make sure it’s you")
    page.does_not_read(participant.person.given_name, participant.conference.reference)
    page.press("Send me a code")
    page.page.get_by_label("The code in the e-mail").fill("12")
    page.press("Continue")
    page.refused("The code has 6 figures, such as 012345")
    page.page.get_by_label("The code in the e-mail").fill(guests.code_of(participant))
    page.press("Continue")


@pytest.mark.parametrize("scripted", [True, False])
def test_a_professional_answers_and_names_a_deputy(visit, story, scripted):
    shazia = on_list(story.conference, story.posts["academy"].person)
    page = visit(scripted=scripted, album="guest-professional" if scripted else "")
    come_in(page, shazia)
    page.reads("Hello Shazia", "Tuesday 22 December 2026", "Mulberry House", "01632 960 002", "Ring 999")
    page.does_not_read("Robin", "Brambley")
    page.follow("Say whether you are coming")
    page.press("Send my answer")
    page.refused("Choose whether you are coming")
    page.page.get_by_label("Yes, online").check()
    page.press("Send my answer")
    page.reads("Thank you. We have your answer.", "Coming, online")
    page.follow("Change your answer")
    page.page.get_by_label("No, a deputy is coming").check()
    page.press("Send my answer")
    for label, words in (
        ("First name", "Jo"),
        ("Last name", "Crake"),
        ("Job title", "Deputy head"),
        ("Their own work e-mail address", "jo@agency.example"),
    ):
        page.page.get_by_label(label).fill(words)
    page.press("Name the deputy")
    page.reads("Jo Crake is coming in your place")
    shazia.refresh_from_db()
    assert shazia.reply == Reply.DEPUTY
    page.press("Close my page on this device")
    page.reads("Your page is closed on this device")
    page.open("/guest/meeting/", status=404)


def test_a_mother_sees_her_day_asks_for_something_and_loses_a_revoked_link(visit, story):
    hazel = on_list(story.conference, story.hazel)
    show_list(participant=hazel, by=story.chair, now=at(NOON))
    page = visit(album="guest-family")
    come_in(page, hazel)
    page.reads("Hello Hazel", "Come and talk with Tomasz", "9:30")
    page.follow("See who will be there")
    page.reads("Tomasz Kestrel", "Leads the meeting")
    page.follow("Ask for someone to stay out")
    page.page.get_by_label("Not to be in the same room as someone").check()
    page.page.get_by_label("Tell us more").fill("I am afraid of Dale")
    page.press("Send")
    page.reads("Thank you. We have what you wrote")
    desk = Client()
    start = f"/conferences/{story.conference.pk}/people/{hazel.pk}/"
    desk.force_login(story.chair)
    assert "I am afraid of Dale" in desk.get(start).content.decode()
    desk.force_login(story.coordinator)
    desk.post(f"{start}link/close/", {"because": "Her phone was taken"})
    page.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.open("/guest/meeting/", status=404)
    page.reads("This page is closed")


def test_staff_see_a_link_and_confirm_a_deputy(visit, story):
    shazia = on_list(story.conference, story.posts["academy"].person)
    page = visit(album="guest-staff")
    client = Client()
    client.force_login(story.coordinator)
    name, cookie = "sessionid", client.cookies["sessionid"].value
    page.page.context.add_cookies([{"name": name, "value": cookie, "url": page.base}])
    page.open(f"/conferences/{story.conference.pk}/people/{shazia.pk}/link/")
    page.reads("Open", "Sent to", "What it opens")
    page.follow("Name a deputy for them")
    for label, words in (
        ("First name", "Jo"),
        ("Last name", "Crake"),
        ("Job title", "Deputy head"),
        ("Their own work e-mail address", "jo@agency.example"),
    ):
        page.page.get_by_label(label).fill(words)
    page.press("Name the deputy")
    page.follow("Check who this is")
    page.page.get_by_label("How did you check who this is?").fill("Rang the school's own number")
    page.press("Confirm and send the link")
    page.reads("Confirmed", "Rang the school's own number")
    page.follow("Their own link")
    page.reads("Comes in place of Shazia Wing")
