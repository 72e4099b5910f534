"""Who may have what is held about a child, and why each record is given: checked in the service, each time."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from deadlines.models import Deadline
from families.models import ParentalResponsibility
from records.disclosure.asking import Judged, officers_of
from records.disclosure.pieces import pieces_of
from records.disclosure.services import (
    decide_pieces,
    hand_over,
    start_disclosure,
    submit_disclosure,
    withdraw_disclosure,
)
from records.enums import DisclosureKind, DisclosureState
from records.models import Disclosure
from tests.factories import user_with_role
from tests.reports.story import NOW

pytestmark = pytest.mark.django_db
PARENT = {
    "asker": "parent", "responsibility_seen": "Birth certificate", "child_understands": "no", "in_interest": "yes",
    "interest_because": "To arrange school",
}  # fmt: skip


@pytest.fixture
def asked(told_world):
    story = told_world
    story.first = user_with_role(Role.SERVICE_MANAGER, authority=story.authority, name="Petra Osprey")
    story.second = user_with_role(Role.SERVICE_MANAGER, authority=story.authority, name="Ian Merlin")
    ParentalResponsibility.objects.filter(child=story.robin).update(ends_on=None)
    ParentalResponsibility.objects.get_or_create(
        child=story.robin, person=story.hazel, defaults={"status": "held", "basis": "birth"}
    )
    return story


def officer_of(asked):
    return officers_of(SimpleNamespace(authority=asked.authority), on=NOW.date())[0]


def started(asked, **changes):
    facts = {**PARENT, "asking_parent": asked.hazel, **changes}
    return start_disclosure(
        family=asked.family, person=changes.pop("person", None) or asked.robin.person,
        kind=DisclosureKind.SUBJECT_ACCESS, recipient="Hazel Brambley", asked_on=datetime.date(2026, 12, 1),
        covers="Everything", identity="Passport", by=asked.first, now=NOW, **facts,
    )  # fmt: skip


def faults(asked, **changes):
    with pytest.raises(ValidationError) as refused:
        started(asked, **changes)
    return set(refused.value.message_dict)


def test_a_parent_gets_it_where_everything_was_checked(asked):
    assert started(asked).asking_parent == asked.hazel
    assert started(asked, child_understands="yes", child_agrees="yes").child_agrees == "yes"


def test_a_request_is_answered_within_its_limit_and_a_courts_order_has_its_own_day(asked):
    row = started(asked)
    clock = Deadline.objects.get(kind="subject-request", fact_id=row.pk)
    assert (clock.starts_on, clock.due_on, clock.responsible_ids) == (
        datetime.date(2026, 12, 1), datetime.date(2026, 12, 29), [asked.first.pk],
    )  # fmt: skip
    withdraw_disclosure(disclosure=row, because="Sent to another council", by=asked.first, now=NOW)
    clock.refresh_from_db()
    assert clock.not_needed == "The bundle was withdrawn."
    assert not Deadline.objects.filter(kind="subject-request").exclude(pk=clock.pk).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"responsibility_seen": " "}, "responsibility_seen"),
        ({"child_understands": ""}, "child_understands"),
        ({"child_understands": "yes"}, "child_agrees"),
        ({"child_understands": "yes", "child_agrees": "no"}, "child_agrees"),
        ({"in_interest": ""}, "in_interest"),
        ({"in_interest": "no"}, "in_interest"),
        ({"interest_because": ""}, "interest_because"),
        ({"asking_parent": None}, "asking_parent"),
        ({"asker": "acting"}, "asker"),
        ({"asker": "themselves", "child_understands": "no"}, "child_understands"),
    ],
)
def test_a_missing_check_refuses_the_request(asked, changes, field):
    before = Disclosure.objects.count()
    assert (faults(asked, **changes), Disclosure.objects.count()) == ({field}, before)


def test_without_recorded_parental_responsibility_nothing_is_given(asked):
    assert faults(asked, asking_parent=asked.martin) == {"asking_parent"}
    ParentalResponsibility.objects.filter(child=asked.robin, person=asked.hazel).update(status="disputed")
    assert faults(asked) == {"asking_parent"}


def test_a_check_that_ends_later_stops_the_bundle_at_each_step(asked):
    row = started(asked)
    pieces = {piece.key: piece for piece in pieces_of(row)}
    marked = {key: False for key, piece in pieces.items() if piece.is_marked}
    decide_pieces(
        disclosure=row, given=marked, pieces=pieces, by=asked.first, now=NOW,
        judged=Judged(ground="third_party", because="They did not agree", officer=officer_of(asked)),
    )  # fmt: skip
    ParentalResponsibility.objects.filter(child=asked.robin, person=asked.hazel).update(status="not_held")
    with pytest.raises(ValidationError, match="not recorded that they have parental responsibility"):
        submit_disclosure(disclosure=row, now=NOW)
    ParentalResponsibility.objects.filter(child=asked.robin, person=asked.hazel).update(status="held")
    assert submit_disclosure(disclosure=row, now=NOW).state == DisclosureState.WAITING


def test_a_request_from_before_that_says_nothing_of_who_asks_does_not_go_on(asked):
    row = started(asked, asker="", asking_parent=None)
    with pytest.raises(ValidationError, match="not recorded who asks"):
        submit_disclosure(disclosure=row, now=NOW)


def test_whoever_protects_data_decides_where_the_council_has_one(asked):
    row = started(asked)
    officer = officer_of(asked)
    pieces = {piece.key: piece for piece in pieces_of(row)}
    key = next(key for key, piece in pieces.items() if piece.is_marked)
    why = {"ground": "serious_harm", "because": "She is in hiding", "consulted": "The health visitor agrees"}
    decide = {"disclosure": row, "given": {key: False}, "pieces": pieces, "by": asked.first, "now": NOW}
    with pytest.raises(ValidationError) as refused:
        decide_pieces(**decide, judged=Judged(**why))
    assert set(refused.value.message_dict) == {"officer"}
    with pytest.raises(ValidationError) as refused:
        decide_pieces(**decide, judged=Judged(**{**why, "consulted": ""}, officer=officer))
    assert set(refused.value.message_dict) == {"consulted"}
    assert decide_pieces(**decide, judged=Judged(**why, officer=officer)) == 1
    kept = row.decisions.get()
    assert (kept.officer, kept.ground, kept.consulted) == (officer, "serious_harm", "The health visitor agrees")


def test_nothing_is_handed_over_before_someone_looked_through_the_file(asked):
    row = started(asked)
    Disclosure.objects.filter(pk=row.pk).update(
        state=DisclosureState.MADE, checked_by=asked.second, checked_at=NOW, made_at=NOW,
        stored_as="5b7f8f7e-1111-4222-8333-123456789012",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Nobody has opened the finished file"):
        hand_over(
            disclosure=row, handed_to="Hazel", handed_how="Collected", handed_on=NOW.date(), by=asked.first, now=NOW
        )
