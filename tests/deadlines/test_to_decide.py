"""For you to decide: whose list names what, that every line leads to its page, and that it goes once it is settled."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from conferences.enums import ConferenceStatus
from conferences.models import Conference
from deadlines.to_decide import described, to_decide
from govuk.words import NO_BREAK
from meetings.services.corrections import refuse_correction
from notifications.enums import MessageState
from notifications.models import Message
from tests.reports.story import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


def kinds(user):
    return {key for _, key, *_ in to_decide(user)}


def test_each_sees_what_is_theirs_to_decide(world):
    assert {who: kinds(user) for who, user in world.actors.items() if kinds(user)} == {
        "administrator": {"role", "account"},
        "custodian": {"disposal"},
        "data protection officer": {"incident", "incident-person"},
        "designated officer": {"referral"},
        "other coordinator": {"merge"},
        "own chair": {
            "childs-letter",
            "correction",
            "dissent",
            "guest-ask",
            "letter",
            "minutes-comment",
            "move",
            "my-views-danger",
        },
        "own coordinator": {"guest-ask", "merge", "minutes-comment"},
        "own social worker": {"guest-ask", "my-views-danger", "plan-paper"},
        "own team manager": {"agency-request", "consent", "correction", "mid-point", "move", "plan-move", "plan-paper"},
        "service manager": {
            "complaint",
            "complaint-stage",
            "consent",
            "correction",
            "disposal",
            "glass",
            "incident",
            "incident-person",
            "merge",
            "mid-point",
            "move",
            "plan-move",
            "plan-paper",
        },
    }


def test_every_line_leads_to_a_page_that_opens(world):
    refused = []
    for who, user in world.actors.items():
        client = Client()
        client.force_login(user)
        lines = described(to_decide(user))
        refused += [(who, line.title) for line in lines if client.get(line.url).status_code != 200]
    assert refused == []


def test_it_goes_from_the_list_once_someone_has_settled_it(world, client):
    client.force_login(world.actors["own team manager"])
    page = reverse("deadlines:to-decide")
    line = reverse("meetings:see-correction", args=[world.conference.pk, world.correction.pk])
    assert line in client.get(page).content.decode()
    refuse_correction(correction=world.correction, because="It was right", by=world.chair, now=NOW)
    assert line not in client.get(page).content.decode()


def test_requests_about_who_comes_wait_for_the_chair_while_the_meeting_is_to_come(world):
    Conference.objects.filter(pk=world.conference.pk).update(status=ConferenceStatus.SCHEDULED)
    assert "attendance" in kinds(world.actors["own chair"])
    assert "attendance" not in kinds(world.actors["own coordinator"])


def test_messages_held_after_a_death_wait_for_the_managers_of_their_family(world, client):
    Message.objects.filter(pk=world.message.pk).update(state=MessageState.HELD)
    user = world.actors["own team manager"]
    assert "held" in kinds(user)
    assert "held" not in kinds(world.actors["other team manager"])
    client.force_login(user)
    shown = client.get(reverse("deadlines:my-work")).content.decode().replace(NO_BREAK, " ")
    assert "For you to decide" in shown
    assert reverse("families:held", args=[world.family.pk]) in shown


def test_the_list_takes_the_same_queries_however_long(world, django_assert_max_num_queries):
    user = world.actors["service manager"]
    with django_assert_max_num_queries(QUERIES):
        described(to_decide(user))


QUERIES = 14
