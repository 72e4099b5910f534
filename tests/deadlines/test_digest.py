from __future__ import annotations

import datetime

import pytest

from accounts.enums import Role
from accounts.models import RoleAssignment
from deadlines.enums import DaySource
from deadlines.models import Calendar, CalendarDay, Deadline, DeadlineNotice, DigestRun
from deadlines.services import sweep, write_digests
from families.models import Person
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from tests.deadlines.conftest import Case, moment
from tests.deadlines.test_reconcile import run_at_once
from tests.factories import (
    ChildFactory,
    DeadlineFactory,
    FamilyMemberFactory,
    PersonFactory,
    RoleAssignmentFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db

# A Friday; the factory's deadline is warned of at midnight that day.
FRIDAY = moment("2026-12-18 07:30")


def a_deadline(case, *users, **fields):
    return DeadlineFactory(family=case.family, responsible_ids=[user.pk for user in users], **fields)


def bodies(user):
    return list(Message.objects.filter(user=user).order_by("pk").values_list("body", flat=True))


def test_upcoming_deadlines_are_in_one_e_mail_with_references_only(case, initial):
    a_deadline(case, case.worker)
    a_deadline(case, case.worker, plan_for_on=datetime.date(2026, 12, 30), kind="visit")
    sweep(now=moment("2026-12-18 00:05"))
    assert write_digests(now=FRIDAY) == 1
    message = Message.objects.get()
    assert (message.to_email, message.user_id, message.person_id) == (case.worker.email, case.worker.pk, None)
    assert (message.key, message.kind) == (f"digest:{case.worker.pk}:2026-12-18", MessageKind.NOTICE)
    assert message.subject == "What is due: 2026-12-18"
    assert message.body == (
        "Due soon: A time limit, case 26-0417. Last day Thu 31 Dec 2026.\n"
        "Due soon: Hold the initial conference, case 26-0417. Last day Thu 31 Dec 2026.\n\n"
        "All your work: http://localhost:8000/"
    )


def test_what_was_listed_is_not_listed_again(case):
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    write_digests(now=FRIDAY)
    assert write_digests(now=moment("2026-12-21 07:30")) == 0
    assert len(bodies(case.worker)) == 1


def test_a_deadline_that_passed_two_stages_since_the_last_one_is_listed_once(case):
    a_deadline(case, case.worker)
    sweep(now=FRIDAY)
    sweep(now=moment("2026-12-31 06:00"))
    write_digests(now=moment("2026-12-31 07:30"))
    assert bodies(case.worker)[0].count("case 26-0417") == 1
    assert bodies(case.worker)[0].startswith("Due: ")


def test_what_is_overdue_is_counted_each_morning(case):
    a_deadline(case, case.worker)
    a_deadline(case, case.worker)
    for day in ("2027-01-04", "2027-01-05"):
        sweep(now=moment(f"{day} 07:00"))
        write_digests(now=moment(f"{day} 07:30"))
    digests = Message.objects.filter(key__startswith=f"digest:{case.worker.pk}:")
    assert set(digests.values_list("body", flat=True)) == {
        "Nothing new came near its limit.\n\nOverdue: 2.\n\nAll your work: http://localhost:8000/"
    }
    assert digests.count() == 2


def test_a_manager_counts_what_was_passed_on(case):
    a_deadline(case, case.worker)
    a_deadline(case, case.worker, manager_from=moment("2027-02-01 00:00"))
    sweep(now=moment("2027-01-04 07:00"))
    write_digests(now=moment("2027-01-04 07:30"))
    assert "Overdue: 1." in Message.objects.get(key__startswith=f"digest:{case.manager.pk}:").body


def test_what_was_settled_in_the_meantime_is_left_out(case):
    settled = a_deadline(case, case.worker)
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    Deadline.objects.filter(pk=settled.pk).update(met_at=moment("2026-12-18 00:10"))
    write_digests(now=FRIDAY)
    assert bodies(case.worker)[0].count("Due soon: ") == 1


def test_no_empty_digest_is_sent(case):
    a_deadline(case, case.worker)
    assert write_digests(now=moment("2026-12-15 07:30")) == 0
    assert (DigestRun.objects.get(authority=case.authority).people, Message.objects.count()) == (0, 0)


def test_a_leaver_gets_none(case):
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    RoleAssignment.objects.filter(user=case.worker).update(ends_on=datetime.date(2026, 12, 18))
    assert write_digests(now=FRIDAY) == 0


def test_a_user_in_two_councils_gets_one(case):
    other = Case(number="26-0418")
    RoleAssignmentFactory(user=case.worker, authority=other.authority, role=Role.CHAIR)
    a_deadline(case, case.worker)
    a_deadline(other, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    write_digests(now=FRIDAY)
    (body,) = bodies(case.worker)
    assert ("case 26-0417" in body, "case 26-0418" in body) == (True, True)


def test_it_lists_a_hundred_and_counts_the_rest(case):
    DeadlineFactory.create_batch(103, family=case.family, responsible_ids=[case.worker.pk])
    sweep(now=moment("2026-12-18 00:05"))
    write_digests(now=FRIDAY)
    (body,) = bodies(case.worker)
    assert (body.count("Due soon: "), "\nAnd 3 more.\n" in body) == (100, True)


def test_nothing_leaves_before_half_past_seven(case):
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    assert write_digests(now=moment("2026-12-18 07:29")) == 0
    assert write_digests(now=FRIDAY) == 1


def test_after_a_missed_morning_the_next_run_of_the_day_writes_it_once(case):
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    assert write_digests(now=moment("2026-12-18 16:10")) == 1
    assert write_digests(now=moment("2026-12-18 16:15")) == 0


def test_after_a_missed_day_everything_is_in_the_next_one(case):
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    a_deadline(case, case.worker, warn_at=moment("2026-12-21 00:00"))
    sweep(now=moment("2026-12-21 07:00"))
    write_digests(now=moment("2026-12-21 07:30"))
    assert bodies(case.worker)[0].count("Due soon: ") == 2


@pytest.mark.parametrize("day", ["2026-12-19", "2026-12-20", "2026-12-25", "2026-12-28", "2027-01-01"])
def test_nothing_is_sent_on_weekends_and_bank_holidays(case, day):
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 08:00"))
    assert write_digests(now=moment(f"{day} 09:00")) == 0
    assert DigestRun.objects.count() == 0


def test_nothing_is_sent_on_a_councils_own_closure_day(case):
    other = Case(number="26-0418")
    england = Calendar.objects.get(authority=None)
    own = Calendar.objects.create(
        slug="own", name="Own", authority=case.authority, changed_at=moment("2026-12-01 09:00")
    )
    days = england.days.filter(day__gte=datetime.date(2026, 12, 1), day__lte=datetime.date(2027, 1, 31))
    CalendarDay.objects.bulk_create(
        CalendarDay(
            calendar=own,
            day=row.day,
            ordinal=row.ordinal,
            is_working=row.is_working,
            name=row.name,
            last_working_day=row.last_working_day,
        )
        for row in days
    )
    CalendarDay.objects.filter(calendar=own, day=datetime.date(2026, 12, 18)).update(
        is_working=False, name="Closed", source=DaySource.CLOSURE
    )
    a_deadline(case, case.worker)
    a_deadline(other, other.worker)
    sweep(now=moment("2026-12-18 00:05"))
    assert write_digests(now=FRIDAY) == 1
    assert Message.objects.get().user == other.worker
    assert write_digests(now=moment("2026-12-21 07:30")) == 1


@pytest.mark.parametrize(
    ("too_early", "on_time"),
    [
        # The Fridays before and the Mondays after the clocks change: 7:30 in London is 6:30 or 7:30 UTC.
        ("2026-10-23T06:29:59+00:00", "2026-10-23T06:30:00+00:00"),
        ("2026-10-26T07:29:59+00:00", "2026-10-26T07:30:00+00:00"),
        ("2027-03-25T07:29:59+00:00", "2027-03-25T07:30:00+00:00"),
        ("2027-03-30T06:29:59+00:00", "2027-03-30T06:30:00+00:00"),
    ],
)
def test_it_is_half_past_seven_in_london_on_both_sides_of_a_clock_change(case, too_early, on_time):
    late, punctual = datetime.datetime.fromisoformat(too_early), datetime.datetime.fromisoformat(on_time)
    far = moment("2027-06-01 00:00")
    a_deadline(case, case.worker, warn_at=moment("2026-10-01 00:00"), due_from=far, late_from=far, manager_from=far)
    sweep(now=late)
    assert (write_digests(now=late), write_digests(now=punctual), write_digests(now=punctual)) == (0, 1, 0)


def test_a_digest_already_written_is_not_written_again(case):
    a_deadline(case, case.worker)
    sweep(now=moment("2026-12-18 00:05"))
    write_digests(now=FRIDAY)
    DigestRun.objects.all().delete()
    DeadlineNotice.objects.update(digest=None)
    assert write_digests(now=FRIDAY) == 0
    assert len(bodies(case.worker)) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_write_one_each():
    case = Case()
    for _ in range(5):
        a_deadline(case, user_with_role(Role.SOCIAL_WORKER, authority=case.authority, team=case.team))
    sweep(now=moment("2026-12-18 00:05"))
    assert run_at_once([lambda: write_digests(now=FRIDAY)] * 4) == []
    assert Message.objects.filter(state=MessageState.WAITING).count() == 5


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(case, number, django_assert_num_queries):
    for _ in range(number):
        a_deadline(case, user_with_role(Role.SOCIAL_WORKER, authority=case.authority))
    sweep(now=moment("2026-12-18 00:05"))
    with django_assert_num_queries(7):
        write_digests(now=FRIDAY)


@pytest.mark.parametrize("now", ["2026-12-18", "2027-01-04"])
def test_a_sealed_child_is_in_no_digest(case, now):
    child = ChildFactory(authority=case.authority, family=case.family)
    ChildFactory(authority=case.authority, family=case.family)
    a_deadline(case, case.worker, child_id=child.pk)
    sweep(now=moment(f"{now} 00:05"))
    Person.objects.filter(pk=child.person_id).update(sealed_at=FRIDAY, sealed_because="Adopted")
    assert write_digests(now=moment(f"{now} 07:30")) == 0


@pytest.mark.parametrize("now", ["2026-12-18", "2027-01-04"])
def test_a_relative_has_nothing_of_the_family_in_the_digest(case, now):
    a_deadline(case, case.worker)
    sweep(now=moment(f"{now} 00:05"))
    person = PersonFactory(authority=case.authority, user=case.worker)
    FamilyMemberFactory(family=case.family, person=person)
    write_digests(now=moment(f"{now} 07:30"))
    assert bodies(case.worker) == [
        message.body for message in Message.objects.filter(user=case.worker, kind=MessageKind.ALERT)
    ]
