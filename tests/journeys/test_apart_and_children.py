"""A mother and a father who live apart, each on a phone; a child of 12 with an advocate, a child of 7 through a worker."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client

from conferences.enums import Capacity, ParticipantStatus, WhoOpens
from conferences.models import Participant
from conferences.services.companions import answer_companion
from conferences.services.devices import record_device
from conferences.services.invitations import add_participant, send_invitations
from conferences.services.new_links import send_new_link, show_list
from families.models import Address, Person, Residence
from my_views.models import HandIn
from tests.conferences.story import Story, invited, on_list, tell
from tests.factories import PersonFactory
from tests.journeys.calendar import at
from tests.journeys.test_guest_answers import NOON, come_in
from tests.journeys.visitor import Visitor

SMALLEST = 320
HIDDEN = "7 Quince Orchard"


@pytest.fixture
def story(council, clock) -> Story:
    clock.move_to(at("2026-12-10 10:00"))
    story = tell()
    home = Address.objects.create(authority=story.authority, lines=HIDDEN, postcode="EM4 7QX")
    for person in (story.hazel, story.robin.person):
        Residence.objects.create(person=person, address=home, confidential=True, starts_on=datetime.date(2026, 11, 1))
    story.conference = invited(story)
    clock.move_to(at(NOON))
    return story


def on_a_phone(page: Visitor, participant: Participant) -> None:
    come_in(page, participant)
    page.page.set_viewport_size({"width": SMALLEST, "height": 640})


def desk_of(page: Visitor, user: object) -> None:
    """Go on in this window as a member of staff."""
    client = Client()
    client.force_login(user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": page.base}
    page.page.context.add_cookies([cookie])


def press_by_keyboard(page: Visitor, name: str) -> None:
    """Reach a button by Tab alone and press it."""
    page.page.locator("body").press("Home")
    for _ in range(60):
        page.page.keyboard.press("Tab")
        if page.page.evaluate("document.activeElement.textContent.trim()") == name:
            break
    with page.page.expect_navigation():
        page.page.keyboard.press("Enter")
    page.look()


def test_parents_who_live_apart_each_have_a_page_of_their_own(visit, story):
    hazel, dale = (on_list(story.conference, person) for person in (story.hazel, story.dale))
    for parent in (hazel, dale):
        show_list(participant=parent, by=story.chair, now=at(NOON))
    hers, his = visit(scripted=False), visit(album="apart-father")
    on_a_phone(his, dale)
    his.reads("Hello Dale", "999")
    for page in ("Say if you can come", "See who will be there", "Getting there", "What the meeting is for"):
        his.follow(page)
        his.does_not_read(HIDDEN, "Quince", "Callum Reed")
        his.follow("Back")
    his.follow("Say if you can come")
    his.page.get_by_label("Yes, on a screen").check()
    press_by_keyboard(his, "Send my answer")
    his.reads("Thank you. We have your answer.")

    on_a_phone(hers, hazel)
    hers.reads("Hello Hazel", "No one at this meeting can take a child away", "999")
    hers.does_not_read("Coming, online")
    hers.follow("Say if you can come")
    hers.page.get_by_label("Yes, I will be there").check()
    hers.press("Send my answer")
    hers.reads("Thank you. We have your answer.")
    hers.follow("Who you can talk to")
    hers.reads("999")


def test_a_child_of_twelve_decides_what_their_advocate_reads(visit, story):
    robin = on_list(story.conference, story.robin.person)
    Participant.objects.filter(pk=robin.pk).update(
        email="robin@home.example", status=ParticipantStatus.INVITED, invited_at=at(NOON)
    )
    robin.refresh_from_db()
    record_device(
        participant=robin, who_opens=WhoOpens.CHILD, asked_of="Robin, alone at school",
        asked_on=datetime.date(2026, 12, 9), by=story.social_worker, now=at(NOON),
    )  # fmt: skip
    jess = add_participant(
        conference=story.conference,
        person=PersonFactory(authority=story.authority, given_name="Jess", family_name="Pipit"),
        capacity=Capacity.ADVOCATE, children=list(story.conference.children.all()), email="jess@voices.example",
        acts_for=robin, ties="None", reason="Robin’s advocate", by=story.coordinator, now=at(NOON),
    )  # fmt: skip
    answer_companion(check=jess.companion_checks.get(), accepted=True, by=story.chair, now=at(NOON))
    send_invitations(conference=story.conference, by=story.coordinator, now=at(NOON))
    jess.refresh_from_db()
    send_new_link(participant=robin, because="A phone of their own", by=story.coordinator, now=at(NOON))

    theirs, helpers = visit(album="child-of-12"), visit(scripted=False)
    on_a_phone(helpers, jess)
    helpers.reads("Hello Jess")
    helpers.does_not_read("lets you read", "My Views")
    on_a_phone(theirs, robin)
    theirs.reads("Hello Robin", "None of this is your fault", "Jess Pipit is your advocate")
    theirs.follow("Say if you can come")
    theirs.reads("Do you want to come to the meeting?")
    theirs.page.get_by_label("Yes, I want to be there").check()
    theirs.press("Send my answer")
    theirs.follow("Tell us your views")
    theirs.press("Start")
    theirs.write("Your answer", "I want to stay with Mum.")
    theirs.press("Save and go on")
    theirs.open("/guest/my-views/check/")
    theirs.page.get_by_label("No, I did it alone").check()
    theirs.press("Hand in my views")
    theirs.open("/guest/meeting/")
    theirs.follow("Choose what your advocate may read")
    theirs.tick("What I wrote in My Views")
    press_by_keyboard(theirs, "Save")
    theirs.reads("We have saved what your advocate may read")
    helpers.open("/guest/meeting/")
    helpers.follow("Read what Robin Brambley wrote in My Views")
    helpers.reads("I want to stay with Mum.")
    theirs.follow("Choose what your advocate may read")
    theirs.untick("What I wrote in My Views")
    theirs.press("Save")
    helpers.open("/guest/my-views/client/", status=404)


def test_a_child_of_seven_is_heard_through_a_worker_on_a_tablet(visit, story):
    Person.objects.filter(pk=story.wren.person_id).update(birth_date=datetime.date(2019, 6, 2))
    tablet = visit(scripted=False)
    desk_of(tablet, story.social_worker)
    tablet.page.set_viewport_size({"width": SMALLEST, "height": 640})
    tablet.open(f"/conferences/{story.conference.pk}/my-views/write-down/{story.wren.person_id}/")
    tablet.reads("My Views of Wren Brambley", "Say this first", "A court can ask to see it")
    tablet.press("Go to the first question")
    tablet.reads("How is it at home?", "Point to a face", "999")
    tablet.does_not_read("Hazel", "Dale", HIDDEN, story.conference.reference)
    tablet.page.locator("input[name=value]").nth(1).check()
    tablet.press("Save and go on")
    for said in ("Playing with Robin.", "When they shout."):
        tablet.write("Your answer", said)
        tablet.press("Save and go on")
    tablet.press("I do not want to answer this one")
    tablet.write("Your answer", "That it is quiet.")
    tablet.press("Save and go on")
    tablet.reads("When they shout.", "Did not want to answer")
    tablet.choose("How was it filled in?", "With a worker, on the worker’s device")
    tablet.choose("Did they answer alone or with help?", "Alone: these are their own words")
    tablet.press("Hand it in for them")
    sent = HandIn.objects.get()
    assert (sent.form.person, sent.recorded_by, sent.answers.count()) == (story.wren.person, story.social_worker, 5)
