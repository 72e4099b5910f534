"""Mail about time limits that waited for the morning says only what its reader may still be told then."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleAssignment
from deadlines.models import Deadline
from deadlines.services import reconcile, sweep
from families.models import Allocation, Family
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.deadlines.conftest import Facts, a_clock, moment
from tests.factories import (
    ConflictOfInterestFactory,
    DeadlineFactory,
    NamedForFamilyFactory,
    TeamFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

EVENING = moment("2027-01-05 19:00")
MORNING = moment("2027-01-06 08:00")


@once_per_module()
def two_late(case):
    """A worker with one mail that waits for the morning, about a time limit of each of two families."""
    case.other = case.another_family("26-0999")
    return case


@pytest.fixture
def late(two_late):
    facts = Facts("initial-conference")
    a_clock("initial-conference", facts)
    facts.rows = [two_late.fact(), two_late.fact(fact_id=2, family_id=two_late.other.pk)]
    reconcile(family_ids=[two_late.family.pk, two_late.other.pk], now=moment("2026-12-08 10:00"))
    with time_machine.travel(EVENING, tick=False):
        sweep(now=EVENING)
    with time_machine.travel(MORNING, tick=False):
        yield two_late, two_late.other


def waiting(case):
    return Message.objects.get(user=case.worker, key__startswith="deadlines:")


def sent_to(user):
    return [message.body for message in mail.outbox if message.to == [user.email]]


def cases_in(body):
    return re.findall(r"case (\S+)\.", body)


def test_what_is_still_theirs_leaves_in_the_morning(late):
    case, _ = late
    send_due(now=MORNING, limit=10)
    assert [cases_in(body) for body in sent_to(case.worker)] == [["26-0417", "26-0999"]]


def test_a_family_closed_to_its_reader_overnight_is_left_out_and_the_rest_leaves(late):
    case, other = late
    ConflictOfInterestFactory(user=case.worker, family=other)
    send_due(now=MORNING, limit=10)
    assert [cases_in(body) for body in sent_to(case.worker)] == [["26-0417"]]
    assert "26-0999" not in mail.outbox[-1].subject


def test_a_case_restricted_overnight_is_told_to_those_only_who_know_of_it(late):
    case, other = late
    Family.objects.filter(pk=other.pk).update(restricted=True)
    Allocation.objects.filter(family=other).update(ends_on=timezone.localdate())
    send_due(now=MORNING, limit=10)
    assert [cases_in(body) for body in sent_to(case.worker)] == [["26-0417"]]


def test_who_is_named_for_a_case_restricted_overnight_is_told(late):
    case, other = late
    Family.objects.filter(pk=other.pk).update(restricted=True)
    NamedForFamilyFactory(family=other, user=case.worker)
    send_due(now=MORNING, limit=10)
    assert [cases_in(body) for body in sent_to(case.worker)] == [["26-0417", "26-0999"]]


def test_whoever_has_lost_account_or_role_overnight_is_told_nothing(late):
    case, _ = late
    RoleAssignment.objects.filter(user=case.worker).update(ends_on=timezone.localdate())
    send_due(now=MORNING, limit=10)
    assert sent_to(case.worker) == []
    assert waiting(case).state == MessageState.WITHDRAWN


def test_what_was_settled_overnight_is_left_out(late):
    case, _ = late
    Deadline.objects.filter(family_id=case.family.pk).update(met_at=EVENING)
    send_due(now=MORNING, limit=10)
    assert [cases_in(body) for body in sent_to(case.worker)] == [["26-0999"]]


def test_a_manager_who_may_not_open_a_case_any_more_is_told_nothing_of_it(late):
    case, other = late
    assert sorted(cases_in(Message.objects.get(user=case.manager).body)) == ["26-0417", "26-0999"]
    Family.objects.filter(pk=other.pk).update(team=TeamFactory(authority=case.authority))
    send_due(now=MORNING, limit=10)
    assert [cases_in(body) for body in sent_to(case.manager)] == [["26-0417"]]


def test_a_case_told_of_without_a_name_is_still_told_of_in_the_morning(two_late):
    service = user_with_role(Role.SERVICE_MANAGER, authority=two_late.authority)
    Family.objects.filter(pk=two_late.other.pk).update(restricted=True)
    Allocation.objects.filter(family=two_late.other).update(ends_on=datetime.date(2026, 12, 20))
    DeadlineFactory(family=two_late.other, responsible_ids=[two_late.worker.pk])
    with time_machine.travel(EVENING, tick=False):
        sweep(now=EVENING)
    with time_machine.travel(MORNING, tick=False):
        send_due(now=MORNING, limit=10)
    assert ["a restricted case" in body for body in sent_to(service)] == [True]
