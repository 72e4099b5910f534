"""One story, lived under the procedures of two councils side by side: each has its own dates, and sees only its own."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from accounts.enums import Role
from deadlines.access import visible_deadlines
from deadlines.services import reconcile
from families.access import visible_families
from tests.case_events import CaseEvents, at, left_to_count
from tests.factories import AuthorityFactory, policy_in_force, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

DISCUSSED, HELD, REVIEWED = datetime.date(2026, 12, 8), datetime.date(2026, 12, 22), datetime.date(2027, 3, 15)
NOW = at(datetime.date(2027, 4, 1))
SAME = {
    # 15 working days: 9-11 Dec (3), 14-18 (8), 21-24 (12), 29-31 (15).
    "initial-conference": ["2026-12-31"],
    # 24 hours from the end of each meeting.
    "decisions-sent": ["2026-12-23", "2027-03-16"],
    # 10 days, a bank holiday.
    "first-core-group": ["2027-01-01"],
    # 3 months.
    "first-review": ["2027-03-22"],
}
DUE = {
    "city-of-london": {
        **SAME,
        # 15 working days: 23-24 Dec (2), 29-31 (5), 4-8 Jan (10), 11-15 (15). 16-19 Mar (4), 22-25 (8), 30-2 Apr (12),
        # 5-7 (15): Good Friday and Easter Monday are the 26th and the 29th.
        "minutes-sent": ["2027-01-15", "2027-04-07"],
        # 6 months after the last review.
        "next-review": ["2027-09-15"],
    },
    "hartlepool": {
        **SAME,
        # 28 days.
        "minutes-sent": ["2027-01-19", "2027-04-12"],
        # The second review is counted from the first conference: 6 months after 22 December.
        "next-review": ["2027-06-22"],
    },
}


@once_per_module(at=NOW)
def lives():
    """The same child, day for day, in each of two councils."""
    made = {}
    for preset in DUE:
        authority = AuthorityFactory(name=preset)
        policy_in_force(authority, preset=preset)
        life = CaseEvents(authority)
        life.preset, life.wren = preset, life.child(person__given_name="Wren")
        life.discussed(life.wren, DISCUSSED)
        life.held([life.wren], HELD)
        life.reviewed([life.wren], REVIEWED)
        life.head = user_with_role(Role.SERVICE_MANAGER, authority=authority)
        made[preset] = life
    count(made)
    return made


def count(lives):
    """Count each by itself, and check that a count of all together would change nothing."""
    for life in lives.values():
        reconcile(family_ids=[life.family.pk], now=NOW)
    assert left_to_count(NOW) == []


def ledger(life):
    return {kind: sorted(f"{row.due_on:%Y-%m-%d}" for row in life.rows(kind)) for kind in DUE[life.preset]}


def test_each_councils_dates_are_those_of_its_own_procedures(lives):
    assert {preset: ledger(life) for preset, life in lives.items()} == DUE


def test_counting_one_council_again_leaves_the_other_as_it_was(lives):
    before = {preset: ledger(life) for preset, life in lives.items()}
    procedures = lives["hartlepool"].authority
    policy_in_force(procedures, preset="city-of-london", since=datetime.date(2027, 3, 1))
    count(lives)
    after = {preset: ledger(life) for preset, life in lives.items()}
    assert after["city-of-london"] == before["city-of-london"]
    # What ran from December keeps its version; what began with the review is counted under the new one.
    assert after["hartlepool"]["minutes-sent"] == ["2027-01-19", "2027-04-07"]


def test_nobody_of_one_council_sees_anything_of_the_other(lives):
    with time_machine.travel(NOW, tick=False):
        for life in lives.values():
            for user in (life.worker, life.head):
                assert set(visible_families(user).values_list("pk", flat=True)) == {life.family.pk}
                assert set(visible_deadlines(user).values_list("family_id", flat=True)) == {life.family.pk}
