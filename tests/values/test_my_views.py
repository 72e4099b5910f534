"""What a council's procedures change in My Views."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.test import Client

from conferences.enums import Capacity
from my_views.selectors.answers import meaning_of, questions_of
from my_views.selectors.speakers import form_proposed
from tests.conferences import guests, story
from tests.factories import procedures_with

pytestmark = pytest.mark.django_db
SCALE, FACES = "scale", "faces"


@pytest.fixture(autouse=True)
def the_time():
    with time_machine.travel(story.NOW, tick=False):
        yield


@pytest.fixture
def conference(told):
    return story.booked(told)


def council_says(conference, **values):
    written = {key.replace("_", "-"): value for key, value in values.items()}
    version = procedures_with(conference.authority, since=datetime.date(2026, 1, 1), values=written)
    conference.policy_version_id = version.pk
    conference.save()


def asks(label, kind="words"):
    return [{"key": "zinnia", "label": label, "prompt": "Say it", "kind": kind}]


@pytest.mark.value("my-views-adult", "my-views-young-person", "my-views-child", "my-views-young-child")
@pytest.mark.parametrize("key", ["my-views-adult", "my-views-young-person", "my-views-child", "my-views-young-child"])
def test_the_questions_are_the_councils_own(conference, key):
    form = key.removeprefix("my-views-")
    before = [one.label for one in questions_of(conference, form)]
    council_says(conference, **{key: asks("How is the zinnia?")})
    assert before != [one.label for one in questions_of(conference, form)] == ["How is the zinnia?"]


@pytest.mark.value("my-views-child-from", "my-views-young-person-from")
def test_the_form_proposed_for_a_child_goes_by_the_councils_ages(told, conference):
    def proposed(child):
        on = story.NOW.date()
        return form_proposed(child.person, capacity=Capacity.CHILD, conference=conference, on=on)

    assert (proposed(told.robin), proposed(told.wren)) == ("young-person", "young-child")
    council_says(conference, my_views_child_from=6, my_views_young_person_from=13)
    assert (proposed(told.robin), proposed(told.wren)) == ("child", "child")


@pytest.mark.value("my-views-scale-ends", "my-views-faces")
def test_numbers_and_faces_mean_what_the_council_says(conference):
    faces = {"very_sad": "Awful", "sad": "Bad", "so_so": "So so", "happy": "Good", "very_happy": "Great"}
    council_says(conference, my_views_scale_ends={"low": "Awful", "high": "Great"}, my_views_faces=faces)
    assert meaning_of(conference, SCALE, 3) == "3 on a scale from 0 (Awful) to 10 (Great)"
    assert meaning_of(conference, FACES, 4) == "Great"


def test_a_guest_is_asked_the_councils_own_question(told):
    conference = story.invited(told)
    council_says(conference, my_views_adult=asks("How is the zinnia?", "faces"))
    browser, hazel = Client(), story.on_list(conference, told.hazel)
    guests.let_in(browser, hazel, sitting=conference.sittings.first())
    page = browser.post("/guest/my-views/", follow=True).content.decode()
    assert "How is the zinnia?" in page
    assert "Not sad, not happy" in page
