"""A child dies before the conference: nobody who stood otherwise than coming is let in, then or by a correction."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from conferences.enums import COMING, ParticipantStatus, WithdrawalGround
from conferences.services.endings import bring_back_into_conferences, take_out_of_conferences
from deadlines.models import Deadline
from deadlines.services import reconcile
from families.enums import PregnancyOutcome
from families.events import CaseEvent, EventKind
from families.models import Person, Pregnancy
from tests.conferences.story import NOW, booked, invited, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("status", ParticipantStatus)
def test_a_death_and_its_correction_let_in_nobody_who_was_not_coming(status):
    story = tell()
    conference = invited(story)
    row = conference.children.get(child=story.robin)
    participant = conference.participants.filter(children=row).first()
    participant.children.set([row])
    participant.status, participant.change_reason = status, "As it was"
    participant.save()
    event = CaseEvent(
        kind=EventKind.PERSON_DIED,
        family_ids=(story.family.pk,),
        by=story.social_worker,
        now=NOW,
        child_ids=(story.robin.pk,),
    )
    take_out_of_conferences(event, ground=WithdrawalGround.DIED)
    bring_back_into_conferences(event)
    participant.refresh_from_db()
    expected = ParticipantStatus.TO_INVITE if status in COMING else status
    assert participant.status == expected
    assert participant.change_reason == ("" if status in COMING else "As it was")


def text_of(page):
    return " ".join(strip_tags(page.content.decode()).split())


def clock_of(conference):
    return Deadline.objects.get(conference_id=conference.pk, kind="invitations-sent")


def all_are_lost(story):
    """Both children died, and the pregnancy ended."""
    died = {"by": story.social_worker, "now": NOW, "family_ids": (story.family.pk,)}
    Person.objects.filter(child__in=[story.robin, story.wren]).update(death_date=NOW.date())
    ended = {"outcome": PregnancyOutcome.STILLBIRTH, "ended_on": NOW.date()}
    Pregnancy.objects.filter(pk=story.baby.pregnancy_id).update(**ended)
    pks = tuple(child.pk for child in story.children)
    event = CaseEvent(kind=EventKind.PERSON_DIED, child_ids=pks, **died)
    take_out_of_conferences(event, ground=WithdrawalGround.DIED)


def test_nothing_is_to_be_arranged_any_more_where_no_child_is_left(client):
    story = tell()
    conference = booked(story)
    client.force_login(story.coordinator)
    before = clock_of(conference)
    all_are_lost(story)
    reconcile(family_ids=[story.family.pk], now=NOW)
    page = text_of(client.get(reverse("conferences:overview", args=[conference.pk])))
    assert "No child is left for this meeting. Cancel it; someone who knows the family tells them." in page
    assert "Send the invitations by" not in page
    after = clock_of(conference)
    assert (before.is_open, after.is_open, after.not_needed) == (True, False, "No child is left in this conference.")
    client.force_login(story.social_worker)
    family = client.get(reverse("families:family", args=[story.family.pk]))
    assert "Schedule the conference" not in text_of(family)
    assert "No conference booked" not in text_of(family)
    assert "This child has died" in text_of(family)
    enquiries = text_of(client.get(reverse("conferences:enquiries", args=[story.family.pk])))
    assert "Schedule the conference" not in enquiries
