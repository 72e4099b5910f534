"""Two people act on one conference in the same moment: one act counts, and nobody is told twice or wrongly."""

from __future__ import annotations

import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connections

from accounts.enums import Role
from conferences.enums import ConferenceKind, ConferenceStatus, Occasion, ParticipantStatus, SittingState
from conferences.models import Conference, ConferenceChild, Replacement, Telling, ToTell
from conferences.services.children import add_child
from conferences.services.handing_over import hand_on
from conferences.services.invitations import send_invitations
from conferences.services.scheduling import cancel_conference, move_sitting
from conferences.services.telling import record_telling
from conferences.services.withdrawing import Withdrawal, withdraw_child
from notifications.enums import Subject
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.conferences import story
from tests.conferences import test_told_otherwise as hand
from tests.conferences.story import NOW, on_list
from tests.factories import ChildFactory, FamilyMemberFactory, PersonFactory, RelationshipFactory, user_with_role

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + datetime.timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


def at_once(*acts):
    """Do each of these in a thread of its own, all at the same moment; return what was refused, in order."""
    start, refused = threading.Barrier(len(acts)), [None] * len(acts)

    def do(number, act):
        start.wait()
        try:
            act()
        except ValidationError as error:
            refused[number] = " ".join(error.messages)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def knowing():
    told = story.tell()
    conference = story.invited(told)
    send_due(now=NOW, limit=200)
    return told, conference


def sister_of(told):
    person = PersonFactory(authority=told.authority, given_name="Lark", birth_date=datetime.date(2018, 5, 4))
    FamilyMemberFactory(family=told.family, person=person)
    child = ChildFactory(authority=told.authority, person=person)
    RelationshipFactory(child=child, person=told.hazel, kind="mother")
    return child


def test_of_two_who_name_another_chair_one_is_asked_to_look_again():
    told, conference = knowing()
    chairs = [user_with_role(Role.CHAIR, authority=told.authority, name=name) for name in ("Erin Martlet", "Ivo Rook")]

    def name(user):
        return lambda: hand_on(
            conference=conference, chair=user, reason="On leave", by=told.coordinator, now=LATER,
            version=conference.version,
        )  # fmt: skip

    refused = at_once(*map(name, chairs))
    assert [bool(text) for text in refused].count(True) == 1, refused
    kept = Conference.objects.get()
    assert Replacement.objects.get().after == kept.chair == kept.sittings.get().chair
    listed = kept.participants.filter(capacity="chair").values_list("person__user", "status")
    assert dict(listed) == {told.chair.pk: "withdrawn", kept.chair_id: "invited"}
    assert Message.objects.filter(subject__startswith=Subject.WHO_RUNS.label, person_id=told.hazel.pk).count() == 1


def test_of_two_who_tick_the_same_telling_one_counts():
    told = story.tell()
    conference = story.booked(told)
    story.settled(told, conference)
    story.without_mail(told, conference)
    send_invitations(conference=conference, by=told.coordinator, now=NOW)
    row = ToTell.objects.get()

    def tick(by, how):
        return lambda: record_telling(to_tell=row, outcome="told", how=how, at=LATER, by=by, now=LATER)

    refused = at_once(tick(told.social_worker, "in_person"), tick(told.coordinator, "telephone"))
    assert [bool(text) for text in refused].count(True) == 1, refused
    assert Telling.objects.count() == 1
    assert on_list(conference, told.dale).status == ParticipantStatus.INVITED


def test_a_child_added_by_two_is_added_once_and_told_once():
    told, conference = knowing()
    child = sister_of(told)

    def add(by):
        return lambda: add_child(
            conference=conference, child=child, kind=ConferenceKind.INITIAL, because="Lives there too",
            added_reason="Sister", by=by, now=LATER,
        )  # fmt: skip

    assert at_once(add(told.coordinator), add(told.social_worker)) == [None, None]
    assert ConferenceChild.objects.filter(child=child).count() == 1
    assert Message.objects.filter(subject__startswith=Subject.CHILDREN.label, person_id=told.hazel.pk).count() == 1


def test_a_child_withdrawn_while_another_is_added_leaves_both_as_asked():
    told, conference = knowing()
    child = sister_of(told)
    baby = conference.children.get(child=told.baby)

    def add():
        add_child(
            conference=conference, child=child, kind=ConferenceKind.INITIAL, because="Lives there too",
            added_reason="Sister", by=told.coordinator, now=LATER,
        )  # fmt: skip

    def withdraw():
        withdrawal = Withdrawal(
            ground="not_needed", because="No worry", decided_by=told.chair, told_text="You need not come.",
            words_agreed=True,
        )  # fmt: skip
        withdraw_child(conference_child=baby, withdrawal=withdrawal, by=told.coordinator, now=LATER)

    assert at_once(add, withdraw) == [None, None]
    assert set(conference.children.present().values_list("child", flat=True)) == {
        told.robin.pk, told.wren.pk, child.pk,
    }  # fmt: skip
    hazel = on_list(conference, told.hazel)
    assert (hazel.status, hazel.children.filter(child=child).exists()) == (ParticipantStatus.INVITED, True)


def test_a_meeting_moved_while_it_is_cancelled_is_cancelled_for_everyone():
    told, conference = knowing()
    story.without_mail(told, conference, told.martin)
    sitting = conference.sittings.get()

    def move():
        move_sitting(
            sitting=sitting, booking=story.booking(told, starts_at=hand.MOVED_TO), reason="x", by=told.coordinator,
            now=LATER,
        )  # fmt: skip

    def cancel():
        cancel_conference(conference=conference, reason="No longer needed", by=told.social_worker, now=LATER)

    at_once(move, cancel)
    conference.refresh_from_db()
    sitting.refresh_from_db()
    assert (conference.status, sitting.state) == (ConferenceStatus.CANCELLED, SittingState.CANCELLED)
    assert not conference.participants.filter(status=ParticipantStatus.INVITED).exists()
    send_due(now=LATER, limit=200)
    last = Message.objects.filter(person_id=told.dale.pk, key__startswith="invitation:").latest("pk")
    assert "METHOD:CANCEL" in last.calendar_file
    waits = ToTell.objects.filter(told_at=None, ended_at=None)
    assert {row.occasion for row in waits} <= {Occasion.CANCELLED}
