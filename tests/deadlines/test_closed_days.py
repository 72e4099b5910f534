from __future__ import annotations

import datetime
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from accounts.enums import Role
from deadlines.enums import DaySource, WhyMoved
from deadlines.models import Calendar, CalendarDay, ClosedDay, Deadline, DeadlineChange
from deadlines.policies import policy_of
from deadlines.services import add_closed_day, build_calendar, put_policy_in_force, reconcile, withdraw_closed_day
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import calendar_for, england
from tests.deadlines.conftest import Facts, a_clock, moment
from tests.factories import AuthorityFactory, user_with_role

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-09 16:42")
LATER = moment("2026-12-10 09:00")
THANKS = date(2026, 12, 10)
CLOSED = date(2026, 12, 29)


def add(day=CLOSED, *, authority=None, name="Offices closed", by=None, now=NOW) -> ClosedDay:
    return add_closed_day(authority=authority, day=day, name=name, by=by, now=now)


def shown(calendar: Calendar) -> list[tuple[date, int, date | None, bool, str, str]]:
    fields = ("day", "ordinal", "last_working_day", "is_working", "name", "source")
    return list(calendar.days.order_by("day").values_list(*fields))


def test_a_council_s_closure_day_counts_for_that_council_only():
    council = AuthorityFactory()
    add(authority=council)
    assert calendar_for(council).why_not(CLOSED) == "Offices closed"
    assert calendar_for(council).add(date(2026, 12, 24), 1) == date(2026, 12, 30)
    assert calendar_for(council, with_closures=False).add(date(2026, 12, 24), 1) == CLOSED
    assert calendar_for(AuthorityFactory()).add(date(2026, 12, 24), 1) == CLOSED
    assert england().is_working(CLOSED)


def test_a_councils_calendar_covers_every_day_of_englands():
    council = AuthorityFactory()
    add(authority=council)
    own = Calendar.objects.get(authority=council)
    assert own.days.count() == Calendar.objects.get(slug="england").days.count()
    assert own.days.get(day=CLOSED).source == DaySource.CLOSURE
    assert own.days.get(day=date(2026, 12, 25)).name == "Christmas Day"


def test_a_first_closure_day_is_fast_without_statistics():
    """Statistics with every row in one calendar once led to a plan that compared every pair of days."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE deadlines_calendarday")
        cursor.execute("SET LOCAL statement_timeout = '3s'")
    for _ in range(3):
        add(authority=AuthorityFactory())
    assert Calendar.objects.count() == 4


def test_a_holiday_proclaimed_for_england_applies_to_every_council():
    council = AuthorityFactory()
    add(authority=council)
    add(THANKS, name="Day of thanks")
    assert england().why_not(THANKS) == "Day of thanks"
    assert calendar_for(council).why_not(THANKS) == "Day of thanks"
    assert england().add(date(2026, 12, 8), 15) == date(2027, 1, 4)
    assert CalendarDay.objects.get(calendar__slug="england", day=THANKS).source == DaySource.ADDED


def test_a_council_that_closes_later_has_the_proclaimed_holidays_too():
    add(THANKS, name="Day of thanks")
    council = AuthorityFactory()
    add(authority=council)
    assert calendar_for(council).why_not(THANKS) == "Day of thanks"


def test_numbers_follow_one_another_in_every_calendar():
    council = AuthorityFactory()
    add(authority=council)
    add(THANKS, name="Day of thanks")
    for calendar in Calendar.objects.all():
        working = list(calendar.days.filter(is_working=True).order_by("day").values_list("ordinal", "day"))
        assert [number for number, _ in working] == list(range(1, len(working) + 1))
        closed = calendar.days.filter(is_working=False, day__gte=date(2012, 1, 3))
        assert not closed.filter(last_working_day__isnull=True).exists()
        assert all(row.last_working_day < row.day for row in closed)


def test_a_withdrawn_day_leaves_the_calendar_as_it_was():
    calendar = Calendar.objects.get(slug="england")
    before = shown(calendar)
    withdraw_closed_day(closed_day=add(THANKS, name="Day of thanks"), why="Not this year", by=None, now=LATER)
    assert shown(calendar) == before
    assert england().is_working(THANKS)


def test_it_records_who_added_and_who_withdrew_the_day():
    council = AuthorityFactory()
    adding, taking_back = (user_with_role(Role.ADMINISTRATOR, authority=council) for _ in range(2))
    row = add(authority=council, by=adding)
    withdraw_closed_day(closed_day=row, why="  The offices open after all. ", by=taking_back, now=LATER)
    row.refresh_from_db()
    assert (row.added_by, row.added_at, row.withdrawn_by, row.withdrawn_at, row.withdrawn_why) == (
        adding,
        NOW,
        taking_back,
        LATER,
        "The offices open after all.",
    )
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        ClosedDay.objects.filter(pk=row.pk).delete()


def test_a_withdrawn_day_may_be_added_again():
    council = AuthorityFactory()
    first = add(authority=council)
    withdraw_closed_day(closed_day=first, why="By mistake", by=None, now=LATER)
    second = add(authority=council)
    assert second != first
    assert not calendar_for(council).is_working(CLOSED)


def test_adding_or_taking_back_twice_is_done_once():
    council = AuthorityFactory()
    row = add(authority=council)
    assert add(authority=council, name="Again") == row
    withdraw_closed_day(closed_day=row, why="By mistake", by=None, now=LATER)
    withdraw_closed_day(closed_day=row, why="Again", by=None, now=LATER)
    row.refresh_from_db()
    assert (ClosedDay.objects.count(), row.name, row.withdrawn_why) == (1, "Offices closed", "By mistake")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2026, 12, 25), "This is already a non-working day: Christmas Day."),
        (date(2026, 12, 12), "This is already a non-working day: Saturday."),
    ],
)
def test_a_day_without_work_can_not_be_closed(day, sentence):
    with pytest.raises(ValidationError) as refused:
        add(day)
    assert refused.value.message_dict == {"day": [sentence]}


@pytest.mark.parametrize("day", [date(2011, 12, 30), date(2099, 1, 1)])
def test_a_day_outside_the_calendar_can_not_be_closed(day):
    with pytest.raises(ValidationError) as refused:
        add(day, authority=AuthorityFactory())
    assert list(refused.value.message_dict) == ["day"]
    assert not ClosedDay.objects.exists()


def test_a_reason_is_needed_both_ways():
    with pytest.raises(ValidationError) as refused:
        add(name=" ")
    assert refused.value.message_dict == {"name": ["Say why this is not a working day."]}
    with pytest.raises(ValidationError) as refused:
        withdraw_closed_day(closed_day=add(), why="", by=None, now=LATER)
    assert refused.value.message_dict == {"why": ["Say why you are undoing this."]}


def test_the_database_accepts_a_day_only_once():
    add()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosedDay.objects.create(day=CLOSED, name="Again", added_at=NOW)


def test_building_again_and_the_years_to_come_keep_added_days():
    council = AuthorityFactory()
    add(authority=council)
    add(THANKS, name="Day of thanks")
    assert build_calendar(now=NOW) == 0
    build_calendar(now=datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=366))
    assert not calendar_for(council).is_working(CLOSED)
    assert not calendar_for(council).is_working(THANKS)
    assert len(set(CalendarDay.objects.values("calendar").annotate(n=Count("pk")).values_list("n", flat=True))) == 1


def test_a_change_writes_only_the_days_from_it_on():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text FROM deadlines_calendarday WHERE day < %s", [THANKS])
        before = dict(cursor.fetchall())
        add(THANKS, name="Day of thanks")
        cursor.execute("SELECT id, xmin::text FROM deadlines_calendarday WHERE day < %s", [THANKS])
        assert dict(cursor.fetchall()) == before


def test_open_deadlines_are_counted_again_at_once(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = add(THANKS, name="Day of thanks")
    assert Deadline.objects.get().due_on == date(2027, 1, 4)
    withdraw_closed_day(closed_day=row, why="Not this year", by=None, now=LATER)
    assert Deadline.objects.get().due_on == date(2026, 12, 31)
    moves = DeadlineChange.objects.order_by("pk").values_list("why_moved", "due_on_before", "due_on_after")
    assert list(moves) == [
        (WhyMoved.CALENDAR, date(2026, 12, 31), date(2027, 1, 4)),
        (WhyMoved.CALENDAR, date(2027, 1, 4), date(2026, 12, 31)),
    ]


def test_a_council_s_closure_day_never_moves_a_national_limit(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    add(authority=case.authority)
    assert Deadline.objects.get().due_on == date(2026, 12, 31)


def test_a_failed_transaction_leaves_nothing_behind():
    with transaction.atomic():
        add(THANKS, name="Day of thanks")
        assert not england().is_working(THANKS)
        transaction.set_rollback(True)
    assert england().is_working(THANKS)
    assert not ClosedDay.objects.exists()


@pytest.mark.value("closure-days-count")
def test_a_local_limit_is_counted_without_closure_days_and_keeps_both_figures(case):
    says = {"source": "its own handbook", "year": 2026, "scope": "local", "owner": "conference service manager"}
    version = put_policy_in_force(
        authority=case.authority,
        preset="own",
        in_force_from=NOW.date(),
        now=NOW,
        raw={"preset": "own", "title": "Own", "values": {"closure-days-count": {"value": False, **says}}},
    )
    visits, conferences = Facts("visit"), Facts("initial-conference")
    a_clock("visit", visits)
    a_clock("initial-conference", conferences)
    visits.rows = [case.fact(fact_id=1, starts=date(2026, 12, 22), policy_version_id=version.pk)]
    conferences.rows = [case.fact(fact_id=2, starts=date(2026, 12, 22), policy_version_id=version.pk)]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = add(authority=case.authority)
    figures = Deadline.objects.order_by("kind").values_list("kind", "due_on", "due_on_in_england")
    assert list(figures) == [
        ("initial-conference", date(2027, 1, 15), date(2027, 1, 15)),
        ("visit", date(2027, 1, 11), date(2027, 1, 8)),
    ]
    calendar = calendar_for(case.authority)
    assert due(policy_of(version.pk).limit("visit"), date(2026, 12, 22), calendar).on == date(2027, 1, 11)
    withdraw_closed_day(closed_day=row, why="By mistake", by=None, now=LATER)
    assert Deadline.objects.get(kind="visit").due_on == date(2027, 1, 8)
