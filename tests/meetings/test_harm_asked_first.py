"""Everyone asked for a view at a review says first whether the child still suffers, or is likely to suffer, harm."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from conferences.enums import Outcome
from meetings.enums import Given, HarmAnswer, ViewStatus
from meetings.models import View
from meetings.selectors.views_given import views_of
from meetings.services.rounds import end_round
from meetings.services.views_given import record_view
from reports.content.said import views_of as views_said
from reports.copies.children import _harm_words
from tests.conferences.conftest import NOW
from tests.factories import PlanFactory
from tests.meetings.test_decisions import decide
from tests.meetings.test_ending_a_plan import WELL
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
QUESTION = "Does Wren still suffer significant harm, or is Wren likely to?"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def review(meeting):
    """A review of Wren's plan; Hazel and the professionals are there. Robin has no plan."""
    meeting.wren.kind, meeting.wren.enquiry = "review", None
    meeting.wren.save()
    PlanFactory(child=meeting.wren.child, starts_on=datetime.date(2026, 10, 1))
    return meeting


def think(review, who, child=None, **changes):
    facts = {
        "conference_child": child or review.wren, "participant": getattr(review.people, who), "reason": "So",
        "status": ViewStatus.CIN_PLAN, "by": review.coordinator, "now": NOW,
    }  # fmt: skip
    return record_view(**{**facts, **changes})


@pytest.mark.parametrize("who", ["hazel", "callum"])
def test_no_one_gives_a_view_at_a_review_without_the_answer(review, who):
    with pytest.raises(ValidationError) as refused:
        think(review, who, harm="likely")
    assert list(refused.value.message_dict) == ["still_harm"]
    assert think(review, who, still_harm=HarmAnswer.CANNOT_SAY).still_harm == "cannot_say"


def test_who_gives_no_view_answers_nothing(review):
    view = think(review, "callum", given=Given.ABSTAINED, still_harm=HarmAnswer.YES)
    assert (view.still_harm, view.harm) == ("", "")


def test_about_a_child_without_a_plan_the_other_question_is_asked(review):
    with pytest.raises(ValidationError) as refused:
        think(review, "callum", child=review.robin)
    assert list(refused.value.message_dict) == ["harm"]
    assert think(review, "callum", child=review.robin, harm="cannot_say", still_harm="yes").still_harm == ""


def test_the_answers_stand_beside_the_chairs_and_in_the_minutes(client, review):
    think(review, "hazel", still_harm=HarmAnswer.NO)
    think(review, "callum", still_harm=HarmAnswer.YES)
    think(review, "amara", still_harm=HarmAnswer.YES)
    end_round(kind="view", conference_child=review.wren, by=review.chair, now=NOW, reason="The others have left")
    names = {who: getattr(review.people, who).person.full_name for who in ("hazel", "callum", "amara")}
    said = views_of(review.wren).harm_words
    assert (said[:8], said.split(". ")[1]) == ("Yes: 2 (", f"No: 1 ({names['hazel']})")
    client.force_login(review.chair)
    url = reverse("meetings:decide", args=[review.conference.pk, review.wren.pk])
    assert said in client.get(url).content.decode().replace("&#x27;", "’")
    decide(review, outcome=Outcome.FURTHER_ASSESSMENT, **WELL)
    page = client.get(reverse("meetings:decisions", args=[review.conference.pk])).content.decode()
    assert said in page
    words = {row["participant"]: _harm_words(row) for row in views_said(review.conference)}
    assert words[review.people.callum.pk] == "Yes, still suffers it or is likely to"


def test_the_page_asks_it_first_of_everyone(client, review):
    client.force_login(review.coordinator)
    url = reverse("meetings:record-view", args=[review.conference.pk, review.wren.pk, review.people.hazel.pk])
    page = client.get(url).content.decode()
    assert page.index(QUESTION) < page.index("What would they like?")
    given = {"given": "given", "still_harm": "no", "status": "no_plan", "reason": "We are well", "version": "0"}
    assert client.post(url, given).status_code == 302
    assert View.objects.get().still_harm == "no"
    robins = reverse("meetings:record-view", args=[review.conference.pk, review.robin.pk, review.people.callum.pk])
    assert "still suffer" not in client.get(robins).content.decode()
