from __future__ import annotations

import datetime

import pytest

from conferences.enums import Capacity, ConferenceKind, ConferenceStatus
from conferences.models import Conference, Sitting
from core_groups.models import CoreGroup, CoreGroupMeeting
from core_groups.services.core_groups import form_core_group
from deadlines.models import Deadline
from deadlines.policies import resolve
from deadlines.services import reconcile
from deadlines.services.policies import put_policy_in_force
from plans.services.plans import follow_decision
from tests.factories import (
    ConferenceChildFactory,
    ConferenceFactory,
    DecisionFactory,
    ParticipantFactory,
    SittingFactory,
    family_participant,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2027, 1, 20, 12, tzinfo=datetime.UTC)
REVIEW_AT = datetime.datetime(2027, 3, 16, 10, tzinfo=datetime.UTC)


@once_per_module()
def group():
    """The core group of one child, whose review is booked for Tuesday 16 March 2027."""
    conference_child = ConferenceChildFactory()
    conference = conference_child.conference
    decision = DecisionFactory(conference_child=conference_child)
    decision.core_group.set(
        [family_participant(conference, Capacity.PARENT), ParticipantFactory(conference=conference)]
    )
    follow_decision(decision, NOW)
    form_core_group(decision, NOW)
    return CoreGroup.objects.get()


def book_review(group, *, required=True):
    data = resolve("baseline")
    value = data["values"]["last-core-group-before-review"]
    raw = {
        "preset": "baseline", "title": "Ours", "note": "As agreed",
        "limits": data["limits"],
        "values": {
            **data["values"],
            "last-core-group-before-review": {**value, "value": "required" if required else "not required"},
        },
    }  # fmt: skip
    version = put_policy_in_force(authority=group.authority, preset="ours", raw=raw, in_force_from=NOW.date(), now=NOW)
    review = ConferenceFactory(
        family=group.family, authority=group.authority, policy_version_id=version.pk, requested_at=NOW, scheduled_at=NOW
    )
    child = group.plans.get().child
    row = ConferenceChildFactory(conference=review, child=child, kind=ConferenceKind.REVIEW, enquiry=None)
    SittingFactory(conference=review, starts_at=REVIEW_AT)
    count(group)
    return row


def count(group):
    reconcile(family_ids=[group.family_id], now=NOW)


def clock():
    return Deadline.objects.get(kind="last-core-group")


def hold(group, day, number=1):
    at = datetime.datetime.combine(day, datetime.time(14), tzinfo=datetime.UTC)
    CoreGroupMeeting.objects.create(core_group=group, number=number, state="held", planned_at=at, held_at=at)
    count(group)
    return at


def test_a_booked_review_counts_back_to_the_last_core_group(group):
    row = book_review(group)
    found = clock()
    assert (found.due_on, found.fact_id, found.child_id, found.conference_id, found.is_open) == (
        datetime.date(2027, 3, 2), row.pk, row.child_id, group.conference_id, True,
    )  # fmt: skip


@pytest.mark.value("last-core-group-before-review")
def test_it_runs_only_if_the_council_requires_it(group):
    book_review(group, required=False)
    assert not Deadline.objects.filter(kind="last-core-group").exists()


def test_a_core_group_soon_after_the_conference_is_not_the_last(group):
    book_review(group)
    hold(group, datetime.date(2026, 12, 31))
    assert clock().is_open


def test_a_core_group_weeks_before_the_review_is_the_last(group):
    book_review(group)
    hold(group, datetime.date(2026, 12, 31))
    at = hold(group, datetime.date(2027, 2, 9), number=2)
    assert clock().met_at == at


def test_a_second_one_just_before_the_review_does_not_make_it_late(group):
    book_review(group)
    at = hold(group, datetime.date(2027, 2, 9))
    hold(group, datetime.date(2027, 3, 12), number=2)
    assert clock().met_at == at


def test_the_review_moves_and_the_clock_with_it(group):
    row = book_review(group)
    Sitting.objects.filter(conference=row.conference).update(
        starts_at=REVIEW_AT + datetime.timedelta(days=7), booked_until=REVIEW_AT + datetime.timedelta(days=7, hours=3)
    )
    count(group)
    assert clock().due_on == datetime.date(2027, 3, 9)


@pytest.mark.parametrize(
    ("status", "because"),
    [
        (ConferenceStatus.CANCELLED, "The review was cancelled."),
        (ConferenceStatus.CLOSED, "The review was held without it."),
    ],
)
def test_it_stops_with_the_review(group, status, because):
    row = book_review(group)
    Conference.objects.filter(pk=row.conference_id).update(
        status=status, cancelled_because="Moved", opened_at=REVIEW_AT, ended_at=REVIEW_AT
    )
    count(group)
    assert clock().not_needed == because


def test_counting_all_families_gives_the_same_rows(group):
    book_review(group)
    before = list(Deadline.objects.order_by("pk").values())
    assert reconcile(now=NOW).written == 0
    assert list(Deadline.objects.order_by("pk").values()) == before
