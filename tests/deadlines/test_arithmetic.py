from __future__ import annotations

import datetime
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines.services import add_closed_day
from deadlines.working_days.arithmetic import Alternative, Due, Result, civil_day, due, earliest, start_of
from deadlines.working_days.calendars import WorkingCalendar, calendar_for
from tests.deadlines.conftest import moment
from tests.factories import AuthorityFactory


@dataclass(frozen=True)
class Figure:
    amount: int
    unit: str
    direction: str = "after"
    day_zero_before: bool = False
    closures_count: bool = False


@pytest.fixture
def england(db) -> WorkingCalendar:
    return calendar_for(AuthorityFactory())


NO_CALENDAR = WorkingCalendar(slug="", first=date(2026, 1, 1), names=[""])


def test_the_initial_conference_of_the_story_is_due_on_new_years_eve(england):
    assert due(Figure(15, "working days"), date(2026, 12, 8), england) == Due(on=date(2026, 12, 31))


def test_reports_are_due_two_working_days_before_the_conference(england):
    assert due(Figure(2, "working days", "before"), moment("2026-12-22 10:00"), england) == Due(on=date(2026, 12, 18))


def test_decisions_are_due_24_elapsed_hours_after_the_end(england):
    found = due(Figure(24, "hours"), moment("2026-12-22 12:31"), england)
    assert found == Due(on=date(2026, 12, 23), at=moment("2026-12-23 12:31").astimezone(datetime.UTC))


def test_the_record_is_due_28_days_after(england):
    assert due(Figure(28, "days"), moment("2026-12-22 12:31"), england) == Due(on=date(2027, 1, 19))


def test_the_first_core_group_is_due_on_new_years_day_and_planned_for_the_day_before(england):
    found = due(Figure(10, "days"), date(2026, 12, 22), england)
    assert found == Due(on=date(2027, 1, 1))
    assert england.day_to_plan_for(found.on) == date(2026, 12, 31)


def test_the_outer_limit_of_the_first_core_group_is_10_working_days(england):
    assert due(Figure(10, "working days"), date(2026, 12, 22), england) == Due(on=date(2027, 1, 8))


def test_the_first_review_is_due_on_the_same_day_three_months_later():
    assert due(Figure(3, "months"), date(2026, 12, 22), NO_CALENDAR) == Due(on=date(2027, 3, 22))


@pytest.mark.parametrize(
    ("start", "months", "direction", "end"),
    [
        (date(2026, 11, 30), 3, "after", date(2027, 2, 28)),
        (date(2027, 11, 30), 3, "after", date(2028, 2, 29)),
        (date(2026, 8, 31), 6, "after", date(2027, 2, 28)),
        (date(2027, 12, 31), 6, "after", date(2028, 6, 30)),
        (date(2028, 2, 29), 12, "after", date(2029, 2, 28)),
        (date(2027, 5, 31), 3, "before", date(2027, 2, 28)),
        (date(2028, 5, 30), 3, "before", date(2028, 2, 29)),
        (date(2026, 12, 22), 1, "before", date(2026, 11, 22)),
    ],
)
def test_a_month_keeps_the_day_of_the_month_else_takes_its_last(start, months, direction, end):
    assert due(Figure(months, "months", direction), start, NO_CALENDAR) == Due(on=end)


def test_day_0_is_the_previous_working_day_if_the_council_says_so(england):
    saturday, monday = date(2026, 12, 19), date(2026, 12, 21)
    assert due(Figure(10, "days", day_zero_before=True), saturday, england) == Due(on=date(2026, 12, 28))
    assert due(Figure(10, "days", day_zero_before=True), monday, england) == Due(on=date(2026, 12, 31))
    assert due(Figure(2, "working days", "before", True), saturday, england) == Due(on=date(2026, 12, 16))
    assert due(Figure(2, "working days", "before"), saturday, england) == Due(on=date(2026, 12, 17))
    assert due(Figure(1, "working days", "after", True), saturday, england) == Due(on=monday)


def test_closure_days_extend_only_limits_that_say_so(db):
    council = AuthorityFactory()
    closed = date(2026, 12, 29)
    add_closed_day(authority=council, day=closed, name="Offices closed", by=None, now=moment("2026-12-09 10:00"))
    calendar = calendar_for(council)
    assert due(Figure(1, "working days"), date(2026, 12, 24), calendar) == Due(on=closed)
    assert due(Figure(1, "working days", closures_count=True), date(2026, 12, 24), calendar) == Due(
        on=date(2026, 12, 30)
    )


def test_the_earlier_of_two_limits_counts_and_one_too_early_is_dropped(england):
    ten, month = Figure(10, "working days"), Figure(1, "months")
    first, second = Alternative(ten, date(2026, 12, 8)), Alternative(month, date(2026, 11, 15))
    assert earliest([first, second], england) == Result(
        second, Due(date(2026, 12, 15)), ((first, Due(date(2026, 12, 22))),)
    )
    late = Alternative(month, date(2026, 11, 15), not_before=date(2026, 12, 16))
    assert earliest([first, late], england) == Result(first, Due(date(2026, 12, 22)))
    assert earliest([late], england) is None
    assert earliest([], england) is None


def test_of_two_limits_that_end_together_the_first_counts(england):
    ten, same = Figure(10, "working days"), Figure(14, "days")
    found = earliest([Alternative(ten, date(2026, 12, 8)), Alternative(same, date(2026, 12, 8))], england)
    assert (found.alternative.limit, found.due.on) == (ten, date(2026, 12, 22))


def test_a_week_is_seven_calendar_days():
    assert due(Figure(6, "weeks"), date(2026, 12, 22), NO_CALENDAR) == Due(on=date(2027, 2, 2))
    assert due(Figure(6, "weeks", "before"), date(2027, 2, 2), NO_CALENDAR) == Due(on=date(2026, 12, 22))


def test_24_hours_over_the_end_of_summer_time_end_an_hour_earlier_on_the_clock():
    found = due(Figure(24, "hours"), moment("2026-10-24 12:00"), NO_CALENDAR)
    assert found.at == moment("2026-10-25 11:00")
    assert found.on == date(2026, 10, 25)


def test_24_hours_over_the_start_of_summer_time_end_an_hour_later_on_the_clock():
    found = due(Figure(24, "hours"), moment("2026-03-28 12:00"), NO_CALENDAR)
    assert found.at == moment("2026-03-29 13:00")


def test_72_hours_before_are_elapsed_hours_too():
    assert due(Figure(72, "hours", "before"), moment("2026-03-30 12:00"), NO_CALENDAR).at == moment("2026-03-27 11:00")


def test_hours_can_not_be_counted_from_a_day_without_time():
    with pytest.raises(ValueError, match="runs from a moment"):
        due(Figure(24, "hours"), date(2026, 12, 22), NO_CALENDAR)


def test_a_discussion_at_23_50_in_summer_belongs_to_that_day_in_london(england):
    late = datetime.datetime(2026, 7, 1, 22, 50, tzinfo=datetime.UTC)
    assert civil_day(late) == date(2026, 7, 1)
    assert due(Figure(1, "working days"), late, england) == Due(on=date(2026, 7, 2))


def test_after_midnight_in_london_it_is_the_next_day_though_utc_is_behind():
    assert civil_day(datetime.datetime(2026, 7, 1, 23, 10, tzinfo=datetime.UTC)) == date(2026, 7, 2)


def test_a_day_of_summer_begins_an_hour_before_utc():
    assert start_of(date(2026, 7, 1)) == datetime.datetime(2026, 6, 30, 23, tzinfo=datetime.UTC)
    assert start_of(date(2026, 12, 1)) == datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)


def test_a_discussion_on_christmas_day_starts_counting_on_the_29th(england):
    assert due(Figure(1, "working days"), date(2026, 12, 25), england) == Due(on=date(2026, 12, 29))


@settings(max_examples=300, deadline=None)
@given(start=st.dates(date(2012, 1, 31), date(2090, 1, 1)), months=st.integers(1, 24))
def test_a_month_count_never_leaves_its_month_nor_passes_the_day(start, months):
    end = due(Figure(months, "months"), start, NO_CALENDAR).on
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert end.day == start.day or (end + datetime.timedelta(days=1)).day == 1


@settings(max_examples=300, deadline=None)
@given(
    start=st.datetimes(datetime.datetime(2012, 1, 1), datetime.datetime(2090, 1, 1), timezones=st.just(datetime.UTC)),
    hours=st.integers(1, 200),
)
def test_hours_are_always_elapsed_hours(start, hours):
    assert due(Figure(hours, "hours"), start, NO_CALENDAR).at - start == datetime.timedelta(hours=hours)
