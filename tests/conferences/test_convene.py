"""Deciding that a conference is needed, and requesting it from the service."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.enums import Role
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference
from families.enums import EnquiryOutcome
from notifications.models import Notice
from tests.conferences import story
from tests.conferences.story import LONDON, NOW
from tests.factories import TeamFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def told():
    """The family after the strategy discussion about all three children."""
    made = story.tell()
    story.discussed(made)
    return made


def convene(told):
    return reverse("conferences:convene", args=[told.family.pk])


def ask(told):
    return reverse("conferences:ask-for-conference", args=[told.family.pk])


def typed(told, **changes):
    return {
        "children": [child.enquiries.get().pk for child in told.children],
        "decided_on_day": "9",
        "decided_on_month": "12",
        "decided_on_year": "2026",
        "decided_time": "2pm",
        "decided_by": told.manager.pk,
        **changes,
    }


def test_the_decision_is_recorded_and_leads_to_asking_for_the_conference(told, client):
    client.force_login(told.social_worker)
    enquiries = reverse("conferences:enquiries", args=[told.family.pk])
    assert convene(told) in client.get(enquiries).content.decode()
    assert client.post(convene(told), typed(told))["Location"] == ask(told)
    enquiry = told.robin.enquiries.get()
    assert (enquiry.outcome, enquiry.to_conference_at, enquiry.to_conference_by) == (
        EnquiryOutcome.CONFERENCE,
        datetime.datetime(2026, 12, 9, 14, tzinfo=LONDON),
        told.manager,
    )
    after = client.get(enquiries).content.decode()
    assert "Conference decided on by Dilys Heron" in after
    assert convene(told) not in after


def test_a_refused_decision_keeps_the_input(told, client):
    client.force_login(told.manager)
    page = client.post(convene(told), typed(told, decided_on_day="30", decided_time="15:30")).content.decode()
    assert "This time is in the future" in page
    assert 'value="15:30"' in page


def test_only_those_who_may_change_the_case_record_it(told, client):
    for user in (
        told.chair,
        user_with_role(Role.SERVICE_MANAGER, authority=told.authority),
        user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=told.authority)),
        user_with_role(Role.COORDINATOR),
    ):
        client.force_login(user)
        assert client.post(convene(told), typed(told)).status_code in (403, 404)
    assert told.robin.enquiries.get().to_conference_at is None


def test_the_page_is_not_found_with_nothing_to_decide(told, booked, client):
    client.force_login(told.social_worker)
    assert client.get(convene(told)).status_code == 404


def asking(told, **changes):
    kinds = {
        f"kind-{child.pk}": ConferenceKind.PRE_BIRTH if child.is_unborn else ConferenceKind.INITIAL
        for child in told.children
    }
    return {"children": [child.pk for child in told.children], "reason": "Bruises", **kinds, **changes}


def test_asking_makes_a_conference_without_a_date_and_tells_the_coordinators(told, client):
    client.force_login(told.social_worker)
    response = client.post(ask(told), asking(told))
    conference = Conference.objects.get()
    assert response["Location"] == reverse("conferences:overview", args=[conference.pk])
    assert (conference.status, conference.children.count()) == (ConferenceStatus.REQUESTED, 3)
    assert [notice.user for notice in Notice.objects.filter(key__endswith=":requested")] == [told.coordinator]
    client.post(ask(told), asking(told))
    assert Conference.objects.count() == 1


def test_the_coordinator_books_what_was_requested(told, client):
    client.force_login(told.social_worker)
    client.post(ask(told), asking(told))
    conference = story.booked(told)
    assert (conference.pk, conference.status) == (Conference.objects.get().pk, ConferenceStatus.SCHEDULED)


def test_coordinators_are_not_told_of_a_restricted_case(told, client):
    told.family.restricted = True
    told.family.save()
    client.force_login(told.social_worker)
    client.post(ask(told), asking(told))
    assert Conference.objects.count() == 1
    assert Notice.objects.filter(key__endswith=":requested").count() == 0


def test_a_refused_request_keeps_the_input(told, client):
    client.force_login(told.social_worker)
    page = client.post(ask(told), asking(told, children=[], reason="Long words")).content.decode()
    assert "Choose at least one child" in page
    assert "Long words" in page
