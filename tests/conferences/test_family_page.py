"""The own page of a member of the family before the meeting: everything about it, and nothing of anybody else."""

from __future__ import annotations

import datetime
import html
import re

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Authority
from conferences.enums import HowToAttend
from conferences.models import Room
from families.models import Person
from tests.conferences import guests
from tests.conferences.story import NOW, invited, on_list, tell
from tests.factories import procedures_with, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

HOME = "/guest/meeting/"
FAMILY = [HOME, *(f"{HOME}{page}/" for page in ("answer", "about", "coming", "people", "ask", "disagree", "talk"))]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def story():
    told = tell()
    Authority.objects.filter(pk=told.authority.pk).update(day_phone="01632 960 001", night_phone="01632 960 002")
    return told


@once_per_module(at=NOW)
def conference(story):
    return invited(story)


def browser_of(client, conference, person):
    guests.let_in(client, on_list(conference, person), sitting=conference.sittings.get())
    return client


@pytest.fixture
def hazel(client, story, conference):
    return browser_of(client, conference, story.hazel)


def words_of(response):
    assert response.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain)).replace("\xa0", " ")


def test_the_home_page_says_for_whom_when_and_where(hazel):
    page = words_of(hazel.get(HOME))
    for said in (
        "Your meeting about Robin, Wren and the baby",
        "Tuesday 22 December 2026",
        "9:30 Come and talk with Tomasz, who leads the meeting",
        "10:00 The meeting starts",
        "12:30 We hope to finish",
        "Mulberry House",
        "No one at this meeting can take a child away.",
        "You get it within 24 hours.",
        "a small group meets within 10 days",
        "You get the full notes within 28 days.",
    ):
        assert said in page, said


def test_a_father_of_one_child_reads_of_that_child_only(client, story, conference):
    page = words_of(browser_of(client, conference, story.martin).get(HOME))
    assert "Your meeting about Wren" in page
    assert [name for name in ("Robin", "baby") if name in page] == []


def test_a_parent_sees_who_comes_and_why_by_the_procedures_themselves(hazel):
    assert "See who will be there" in words_of(hazel.get(HOME))
    page = words_of(hazel.get(f"{HOME}people/"))
    assert "Tomasz Kestrel" in page
    assert "Leads the meeting" in page


def test_an_own_time_says_nothing_of_the_time_of_the_others(client, story, conference):
    row = on_list(conference, story.martin)
    row.how, row.arrives_at = HowToAttend.SEPARATE_TIME, datetime.datetime(2026, 12, 22, 14, 15, tzinfo=datetime.UTC)
    row.save()
    page = words_of(browser_of(client, conference, story.martin).get(HOME))
    assert "14:15 Your own time with Tomasz" in page
    assert [time for time in ("9:30", "10:00", "12:30") if time in page] == []


def test_whoever_goes_to_a_separate_place_reads_no_way_to_the_others(client, story, conference):
    Room.objects.filter(pk=story.room.pk).update(directions="Take the stairs by the fountain.")
    row = on_list(conference, story.martin)
    row.how = HowToAttend.SEPARATE_PLACE
    row.save()
    page = words_of(browser_of(client, conference, story.martin).get(f"{HOME}coming/"))
    assert "We will ring or write to tell you where to go." in page
    assert [told for told in ("Mulberry", "fountain", "front desk") if told in page] == []


def test_the_way_is_the_rooms_own_else_the_councils(hazel, story):
    assert "Tell the front desk your name." in words_of(hazel.get(f"{HOME}coming/"))
    Room.objects.filter(pk=story.room.pk).update(directions="Go past the fountain.\nRing the top bell.")
    page = words_of(hazel.get(f"{HOME}coming/"))
    assert "Go past the fountain. Ring the top bell." in page
    assert "Tell the front desk" not in page


def test_without_a_released_reason_there_is_a_neutral_sentence(hazel):
    page = words_of(hazel.get(f"{HOME}about/"))
    assert "We meet to talk about this with you." in page
    assert "Bruises" not in page
    assert "This meeting can’t take a child away." in page
    assert "Only a court can say that a child must live somewhere else." in page


def test_how_to_disagree_has_the_days_of_the_procedures(hazel):
    page = words_of(hazel.get(f"{HOME}disagree/"))
    for said in ("within 72 hours of the end of the meeting", "within 28 days", "within 10 working days of the day"):
        assert said in page, said


def test_every_page_of_the_family_has_the_numbers_and_the_way_out(hazel):
    for path in FAMILY:
        answers = [hazel.get(path)]
        if path.endswith(("/ask/", "/answer/")):
            answers.append(hazel.post(path, {"reply": "maybe", "text": "x" * 3000}))
        for answer in answers:
            page = words_of(answer)
            for said in ("Ring 999", "01632 960 001", "01632 960 002", "Leave this page quickly", "No one is watching"):
                assert said in page, (path, said)


def test_the_pages_of_the_family_are_closed_to_professionals(client, story, conference):
    inside = browser_of(client, conference, story.posts["academy"].person)
    for page in ("about", "coming", "disagree", "talk"):
        assert inside.get(f"{HOME}{page}/").status_code == 404


@pytest.mark.value(
    "family-what-happens", "family-getting-there", "family-what-to-bring", "family-child-care", "family-travel",
    "family-to-talk-to", "family-complaint-help",
)  # fmt: skip
def test_the_councils_own_words_stand_on_the_familys_pages(hazel, story, conference):
    pages = {
        "family-what-happens": "about", "family-getting-there": "coming", "family-what-to-bring": "coming",
        "family-child-care": "coming", "family-travel": "coming", "family-to-talk-to": "talk",
        "family-complaint-help": "disagree",
    }  # fmt: skip
    told = {key: [f"Our own words about {key[7:]}."] for key in pages}
    conference.policy_version_id = procedures_with(story.authority, since=datetime.date(2026, 1, 1), values=told).pk
    conference.save()
    for key, page in pages.items():
        assert told[key][0] in words_of(hazel.get(f"{HOME}{page}/")), key


def test_an_administrator_writes_the_way_to_a_room_and_nobody_else_does(client, story):
    address = reverse("conferences:room-directions", args=[story.room.pk])
    client.force_login(story.coordinator)
    assert client.get(address).status_code == 404
    client.force_login(user_with_role(Role.ADMINISTRATOR, authority=story.authority))
    assert story.room.name in words_of(client.get(reverse("conferences:rooms")))
    assert client.post(address, {"directions": " Take bus 4. \n\nRing the bell.", "before": ""}).status_code == 302
    assert Room.objects.get(pk=story.room.pk).directions == "Take bus 4.\nRing the bell."
    late = words_of(client.post(address, {"directions": "Go by tram.", "before": ""}))
    assert "Someone else has changed this" in late
    assert "Go by tram." in late


def turn_18(child, on):
    Person.objects.filter(pk=child.person_id).update(birth_date=on.replace(year=on.year - 18))


def test_the_page_loses_a_child_on_the_18th_birthday_and_closes_where_no_other_is_left(client, story, conference):
    fathers = browser_of(client, conference, story.martin)
    turn_18(story.wren, NOW.date() + datetime.timedelta(days=1))
    assert "Your meeting about Wren" in words_of(fathers.get(HOME))
    turn_18(story.wren, NOW.date())
    assert {fathers.get(path).status_code for path in FAMILY} == {404}
    mothers = browser_of(client, conference, story.hazel)
    for path in (HOME, f"{HOME}about/"):
        assert "Wren" not in words_of(mothers.get(path)), path
    teachers = browser_of(client, conference, story.posts["academy"].person)
    assert teachers.get(HOME).status_code == 200
