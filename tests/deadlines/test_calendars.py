from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given, settings
from hypothesis import strategies as st

from cpconf.celery import app
from deadlines.models import Calendar, CalendarDay
from deadlines.services import add_closed_day, build_calendar
from deadlines.tasks import extend_calendar
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import CalendarEnds, WorkingCalendar, calendar_for, england_in_memory
from tests.factories import AuthorityFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 9, 16, 42, tzinfo=datetime.UTC)


@pytest.fixture
def england() -> WorkingCalendar:
    return calendar_for(AuthorityFactory())


def test_a_new_database_has_the_days_from_2012_to_five_years_ahead(england):
    assert england.first == date(2012, 1, 1)
    assert england.last == date(datetime.datetime.now(tz=datetime.UTC).year + 5, 12, 31)


def test_fifteen_working_days_after_8_december_2026_end_on_31_december(england):
    assert england.add(date(2026, 12, 8), 15) == date(2026, 12, 31)
    assert england.add(date(2026, 12, 8), 10) == date(2026, 12, 22)


def test_christmas_2026_is_skipped_with_its_reasons(england):
    reasons = {day.day: day.reason for day in england.days(date(2026, 12, 8), date(2026, 12, 31)) if day.reason}
    assert reasons == {
        date(2026, 12, 12): "Saturday",
        date(2026, 12, 13): "Sunday",
        date(2026, 12, 19): "Saturday",
        date(2026, 12, 20): "Sunday",
        date(2026, 12, 25): "Christmas Day",
        date(2026, 12, 26): "Boxing Day",
        date(2026, 12, 27): "Sunday",
        date(2026, 12, 28): "Bank holiday for Boxing Day",
    }


def test_the_days_of_a_count_are_numbered_up_to_the_last(england):
    days = england.days(date(2026, 12, 8), date(2026, 12, 31))
    assert [day.number for day in days if day.counted] == list(range(1, 16))
    assert (days[0].day, days[0].counted, days[0].number) == (date(2026, 12, 8), False, 0)


def test_the_days_of_a_count_backwards_are_numbered_from_the_event(england):
    days = england.days(date(2026, 12, 22), date(2026, 12, 18))
    assert [(day.day.day, day.number) for day in days] == [(18, 2), (19, None), (20, None), (21, 1), (22, 0)]


def test_day_0_may_be_a_holiday_and_day_1_is_the_next_working_day(england):
    assert england.add(date(2026, 12, 25), 1) == date(2026, 12, 29)
    assert england.add(date(2026, 12, 26), 0) == date(2026, 12, 26)


def test_counting_back_from_a_holiday_starts_at_the_working_day_before(england):
    assert england.subtract(date(2026, 12, 28), 1) == date(2026, 12, 24)
    assert england.subtract(date(2026, 12, 22), 2) == date(2026, 12, 18)


def test_a_closed_day_is_planned_for_on_the_previous_working_day(england):
    assert england.day_to_plan_for(date(2027, 1, 1)) == date(2026, 12, 31)
    assert england.day_to_plan_for(date(2026, 12, 31)) == date(2026, 12, 31)


@pytest.mark.parametrize("day", [date(2011, 12, 31), date(2099, 1, 1)])
def test_a_day_outside_the_calendar_is_an_error(england, day):
    with pytest.raises(CalendarEnds):
        england.is_working(day)
    with pytest.raises(CalendarEnds):
        england.add(day, 1)


def test_a_count_beyond_the_calendar_is_an_error(england):
    with pytest.raises(CalendarEnds):
        england.add(england.last, 1)
    with pytest.raises(CalendarEnds):
        england.subtract(england.first, 1)
    with pytest.raises(CalendarEnds):
        england.day_to_plan_for(date(2012, 1, 2))


def test_without_a_calendar_nothing_is_counted():
    CalendarDay.objects.all().delete()
    Calendar.objects.all().delete()
    with pytest.raises(CalendarEnds, match="build_calendar"):
        calendar_for(AuthorityFactory())


def test_exactly_the_official_bank_holidays_are_closed(england):
    listed = {
        holiday["date"]
        for holiday in BankHolidays(use_cached_holidays=True).get_holidays(BankHolidays.ENGLAND_AND_WALES)
    }
    years = range(max(min(listed).year, england.first.year), max(listed).year + 1)
    days = [england.first + datetime.timedelta(days=i) for i in range((england.last - england.first).days + 1)]
    closed = {day for day in days if day.year in years and day.weekday() < 5 and not england.is_working(day)}
    assert closed == {day for day in listed if day.year in years and day.weekday() < 5}
    assert len(years) >= 5


def test_the_calendar_without_a_database_is_the_same(england):
    in_memory = england_in_memory(datetime.datetime.now(tz=datetime.UTC).date())
    days = [in_memory.first + datetime.timedelta(days=i) for i in range((in_memory.last - in_memory.first).days)]
    assert (in_memory.first, in_memory.last) == (england.first, england.last)
    assert [in_memory.why_not(day) for day in days] == [england.why_not(day) for day in days]


def test_easter_monday_and_the_summer_bank_holiday_are_closed(england):
    assert england.why_not(date(2026, 4, 6)) == "Easter Monday"
    assert england.why_not(date(2026, 8, 31)) == "Late Summer Bank Holiday"


def test_building_again_writes_nothing():
    assert build_calendar(now=datetime.datetime.now(tz=datetime.UTC)) == 0


def test_the_command_can_be_repeated(capsys):
    call_command("build_calendar")
    assert capsys.readouterr().out == "0 days written.\n"


def test_a_year_later_the_calendar_grows_and_every_process_reloads_it(england):
    later = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=366)
    build_calendar(now=later)
    assert calendar_for(AuthorityFactory()).last == date(later.year + 5, 12, 31)


def test_a_council_with_its_own_calendar_counts_by_that():
    authority = AuthorityFactory()
    now = datetime.datetime.now(tz=datetime.UTC)
    own = Calendar.objects.create(slug="own", name="Own", authority=authority, changed_at=now)
    CalendarDay.objects.create(calendar=own, day=date(2026, 1, 1), ordinal=1, is_working=True)
    assert calendar_for(authority).slug == "own"
    assert calendar_for(AuthorityFactory()).slug == "england"


def test_a_calendar_is_loaded_once_and_then_only_checked_for_changes(django_assert_num_queries):
    authority = AuthorityFactory()
    calendar_for(authority)
    with django_assert_num_queries(1):
        calendar_for(authority)


IN_SQL = """
SELECT asked.place, target.day, (asked.day + make_interval(months => asked.months))::date
FROM unnest(%s::date[], %s::int[], %s::int[]) WITH ORDINALITY AS asked(day, amount, months, place)
JOIN deadlines_calendarday AS start ON start.calendar_id = %s AND start.day = asked.day
LEFT JOIN deadlines_calendarday AS target
    ON target.calendar_id = start.calendar_id AND target.is_working
    AND target.ordinal = start.ordinal + asked.amount
        + CASE WHEN asked.amount < 0 AND NOT start.is_working THEN 1 ELSE 0 END
ORDER BY asked.place
"""
days = st.dates(min_value=date(2012, 6, 1), max_value=date(2030, 6, 1))
amounts = st.integers(min_value=1, max_value=60)


@dataclass(frozen=True)
class Figure:
    amount: int
    unit: str
    direction: str
    day_zero_before: bool = False
    closures_count: bool = True


def counted(unit: str, day: date, n: int, calendar: WorkingCalendar) -> date:
    """Return the same count as the ledger's statement, by ``arithmetic.due``; negative ``n`` counts backwards."""
    return due(Figure(abs(n), unit, "before" if n < 0 else "after"), day, calendar).on


def ends_of_months() -> list[date]:
    """Return the last three days of every month from 2012 to 2030, leap years included, and the first."""
    firsts = [date(year, month, 1) for year in range(2013, 2031) for month in range(1, 13)]
    return [first - datetime.timedelta(days=back) for first in firsts for back in (0, 1, 2, 3)]


@pytest.mark.parametrize("closures", [False, True])
def test_python_and_sql_agree_on_ten_thousand_cases(closures):
    authority = AuthorityFactory()
    if closures:
        for day in (date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)):
            add_closed_day(authority=authority, day=day, name="Offices closed", by=None, now=NOW)
    calendar = calendar_for(authority)
    chance = random.Random(20260712)
    starts = ends_of_months()
    starts += [date(2012, 6, 1) + datetime.timedelta(days=chance.randrange(6575)) for _ in range(10_000)]
    numbers = [chance.choice((-1, 1)) * chance.randint(1, 60) for _ in starts]
    months = [chance.randint(-24, 24) or 1 for _ in starts]
    with connection.cursor() as cursor:
        cursor.execute(IN_SQL, [starts, numbers, months, Calendar.objects.get(slug=calendar.slug).pk])
        in_sql = [row[1:] for row in cursor.fetchall()]
    in_python = [
        (counted("working days", day, n, calendar), counted("months", day, m, calendar))
        for day, n, m in zip(starts, numbers, months, strict=True)
    ]
    assert in_sql == in_python


@settings(max_examples=300, deadline=None)
@given(day=days, n=amounts)
def test_subtracting_what_was_added_gives_the_working_day_back(england_days, day, n):
    there = england_days.add(day, n)
    assert england_days.count(day, there) == n
    if england_days.is_working(day):
        assert england_days.subtract(there, n) == day


@settings(max_examples=300, deadline=None)
@given(day=days, n=amounts)
def test_adding_gives_a_working_day_with_exactly_so_many_before_it(england_days, day, n):
    there = england_days.add(day, n)
    between = [day + datetime.timedelta(days=i) for i in range(1, (there - day).days + 1)]
    assert sum(england_days.is_working(each) for each in between) == n
    assert england_days.is_working(there)


@pytest.fixture(scope="module")
def england_days(django_db_setup, django_db_blocker) -> WorkingCalendar:
    with django_db_blocker.unblock():
        rows = list(CalendarDay.objects.filter(calendar__slug="england").order_by("day"))
    return WorkingCalendar(slug="england", first=rows[0].day, names=[row.name for row in rows])


def test_sweep_reconcile_and_calendar_are_in_the_schedule():
    assert {"deadlines.sweep", "deadlines.reconcile_all", "deadlines.extend_calendar"} <= set(app.conf.beat_schedule)


@time_machine.travel("2030-01-02 03:00 +0000")
def test_the_weekly_task_extends_the_calendar():
    extend_calendar()
    assert calendar_for(AuthorityFactory()).last == date(2035, 12, 31)


def test_a_friday_is_late_on_the_saturday_after_it(england):
    friday, saturday, monday = (date(2026, 11, day) for day in (20, 21, 23))
    assert [england.distance(friday, friday), england.distance(saturday, friday)] == [0, -1]
    assert [england.distance(monday, friday), england.distance(saturday, monday)] == [-1, 1]
