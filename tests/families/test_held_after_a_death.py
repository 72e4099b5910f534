"""After a child's death nothing leaves for the family by itself: a manager decides about each message."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.urls import reverse

from deadlines.models import Deadline
from families.models import LossAnswer
from families.services import let_messages_go, record_death, withdraw_loss
from notifications.enums import MessageKind, MessageState, Subject
from notifications.models import Message
from notifications.services.outbox import queue_message, reference_subject, send_due, withdraw_messages
from tests.factories import PersonFactory, policy_version_of
from tests.families.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

LATER = NOW + datetime.timedelta(minutes=5)


@pytest.fixture
def manager(client, council):
    client.force_login(council.manager)
    return client


def write(case, person, key):
    return queue_message(
        authority=case.council.authority,
        key=key,
        kind=MessageKind.INVITATION,
        to_email=f"{key}@example.org",
        subject=reference_subject(subject=Subject.INVITATION, reference="CPC-1"),
        body="Come to a meeting.",
        person_id=person.pk,
        family_id=case.family.pk,
        now=NOW,
    )


def dies(case, child=None):
    return record_death(
        person=(child or case.robin).person, died_on=TODAY, source="Police", by=case.council.worker, now=NOW
    )


def state_of(message):
    return Message.objects.get(pk=message.pk).state


@pytest.fixture(autouse=True)
def _procedures(council):
    policy_version_of(council.authority)


def test_what_waits_is_held_at_once_and_what_is_written_later_when_it_would_leave(case):
    before = write(case, case.mother, "before")
    dies(case)
    assert state_of(before) == MessageState.HELD
    after = write(case, case.robins_father, "after")
    send_due(now=LATER, limit=10)
    assert (state_of(after), mail.outbox) == (MessageState.HELD, [])


def test_whoever_is_not_of_the_family_hears_as_before(case, council):
    other = write(case, PersonFactory(authority=council.authority), "other")
    dies(case)
    send_due(now=LATER, limit=10)
    assert state_of(other) == MessageState.SENT


def test_a_manager_reads_each_and_releases_or_keeps_it_back_with_a_reason(case, manager):
    one, two = write(case, case.mother, "one"), write(case, case.father, "two")
    dies(case)
    page = manager.get(reverse("families:held", args=[case.family.pk])).content.decode()
    assert page.count("Read and decide") == 2
    url = reverse("families:settle-held", args=[case.family.pk, one.pk])
    assert "Come to a meeting." in manager.get(url).content.decode()
    assert manager.post(url, {"what": "release", "because": ""}).context["form"].errors
    for _ in range(2):
        manager.post(url, {"what": "release", "because": "She asked for it"})
    url = reverse("families:settle-held", args=[case.family.pk, two.pk])
    manager.post(url, {"what": "keep", "because": "I tell him myself"})
    send_due(now=LATER, limit=10)
    assert [state_of(one), state_of(two)] == [MessageState.SENT, MessageState.WITHDRAWN]
    kept = Message.objects.get(pk=two.pk)
    assert (kept.settled_by, kept.settled_because) == (case.council.manager, "I tell him myself")


def test_only_managers_decide(case, client, council):
    message = write(case, case.mother, "one")
    dies(case)
    client.force_login(council.worker)
    for name, args in (("held", []), ("settle-held", [message.pk]), ("after-a-death", [case.robin.person_id])):
        assert client.get(reverse(f"families:{name}", args=[case.family.pk, *args])).status_code == 404


def test_a_parents_death_stops_that_parents_messages_alone(case):
    hers, his = write(case, case.mother, "hers"), write(case, case.father, "his")
    record_death(person=case.mother, died_on=TODAY, source="Hospital", by=case.council.worker, now=NOW)
    send_due(now=LATER, limit=10)
    assert [state_of(hers), state_of(his)] == [MessageState.WITHDRAWN, MessageState.SENT]
    assert not Deadline.objects.filter(kind="siblings-safe").exists()


def test_what_was_held_for_an_error_leaves(case):
    message = write(case, case.mother, "one")
    loss = dies(case)
    withdraw_loss(loss=loss, because="Another boy", by=case.council.worker, now=LATER)
    send_due(now=LATER, limit=10)
    assert state_of(message) == MessageState.SENT


def test_messages_leave_again_once_a_manager_says_so_and_what_is_held_still_waits(case):
    held = write(case, case.mother, "one")
    loss = dies(case)
    let_messages_go(loss=loss, because="The funeral was last week", by=case.council.manager, now=LATER)
    later = write(case, case.mother, "two")
    send_due(now=LATER, limit=10)
    assert [state_of(held), state_of(later)] == [MessageState.HELD, MessageState.SENT]


def test_what_is_held_can_still_be_withdrawn(case):
    message = write(case, case.mother, "one")
    dies(case)
    withdraw_messages(key="one", because="The meeting is cancelled", now=LATER)
    assert state_of(message) == MessageState.WITHDRAWN


def test_a_manager_is_asked_at_once_and_every_day_until_it_is_settled(case, manager):
    message = write(case, case.mother, "one")
    dies(case)
    kinds = {"siblings-safe", "discussion-after-death", "serious-incident-notification", "child-death-review"}
    rows = {row.kind: row for row in Deadline.objects.filter(kind__in={*kinds, "held-message"})}
    assert set(rows) == {*kinds, "held-message"}
    assert {tuple(row.responsible_ids) for row in rows.values()} == {(case.council.manager.pk,)}
    assert rows["siblings-safe"].due_at == NOW + datetime.timedelta(hours=1)
    # Recorded on Tuesday 8 December 2026: five working days end on Tuesday 15 December.
    assert rows["serious-incident-notification"].due_on == datetime.date(2026, 12, 15)
    url = reverse("families:after-a-death", args=[case.family.pk, case.robin.person_id])
    manager.post(url, {"siblings_safe": "yes", "siblings_safe_note": "Seen at their grandmother’s"})
    assert LossAnswer.objects.get().note == "Seen at their grandmother’s"
    settle = reverse("families:settle-held", args=[case.family.pk, message.pk])
    manager.post(settle, {"what": "keep", "because": "Not now"})
    met = set(Deadline.objects.filter(met_at__isnull=False).values_list("kind", flat=True))
    assert met == {"siblings-safe", "held-message"}


def test_an_error_takes_the_questions_back(case):
    loss = dies(case)
    withdraw_loss(loss=loss, because="Another boy", by=case.council.worker, now=LATER)
    assert not Deadline.objects.filter(kind="siblings-safe", not_needed="", met_at__isnull=True).exists()
