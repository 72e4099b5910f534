"""The calculator's promises match the deadlines that the ledger holds people to."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.db.models import Value
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Authority
from conferences.enums import ConferenceKind
from conferences.models import Conference
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from deadlines.calculator import CLOCKS, Case, dates_of
from deadlines.calculator.cases import INITIAL, PRE_BIRTH, REVIEW, TRANSFER_IN, TYPES
from deadlines.clocks import registry
from deadlines.facts import EVERYBODY
from deadlines.models import ClosedDay, Deadline
from deadlines.policies import LIMITS, policy_of, preset_names
from deadlines.services import add_closed_day, reconcile
from deadlines.working_days.arithmetic import Due
from deadlines.working_days.calendars import calendar_for
from families.models import TransferIn
from plans.enums import PlanKind
from plans.models import CinReview, Plan
from tests.case_events import LATEST, CaseEvents, at
from tests.factories import AuthorityFactory, ParticipantFactory, PlanFactory, policy_in_force, procedures_with
from tests.factories import policy_version_of as version_of

DAY = datetime.timedelta(days=1)
OF_ONE_CONFERENCE = frozenset(
    {
        "invitations-sent", "report-shared-with-family", "report-submitted", "chair-has-reports",
        "decisions-sent", "minutes-sent",
    }
)  # fmt: skip
KINDS = {INITIAL: ConferenceKind.INITIAL, PRE_BIRTH: ConferenceKind.PRE_BIRTH, TRANSFER_IN: ConferenceKind.TRANSFER_IN}
CLOSED = ("12-24", "12-29", "12-30", "12-31", "04-02")
COUNCILS = (*preset_names(), "one with limits in hours", "one with closure days")

BORN_AFTER_CLOSURE_DAYS = Case(type=REVIEW, plan_began=datetime.date(2026, 12, 22), born=datetime.date(2027, 2, 2))


def council_with_closure_days() -> Authority:
    """A council closed after Christmas; counts start the working day before, reviews in working days."""
    authority = AuthorityFactory()
    procedures_with(
        authority,
        since=datetime.date(2012, 1, 1),
        values={"closure-days-count": False, "day-zero-on-closed-day": "the working day before"},
        limits={
            "first-review": {"amount": 40, "unit": "working days"},
            "next-core-group": {"amount": 20, "unit": "working days"},
        },
    )
    england = calendar_for(authority)
    days = [datetime.date.fromisoformat(f"{year}-{text}") for year in range(2014, 2029) for text in CLOSED]
    *most, last = [day for day in days if england.is_working(day)]
    ClosedDay.objects.bulk_create(
        ClosedDay(authority=authority, day=day, name="Closed", added_at=LATEST) for day in most
    )
    # Each added day renumbers the days of all years: only the last addition does it.
    add_closed_day(authority=authority, day=last, name="Closed", by=None, now=LATEST)
    return authority


def in_hours(amount: int, **parts: Any) -> dict[str, Any]:
    def hours(number: int) -> dict[str, Any]:
        return {"amount": number, "unit": "hours"}

    steps = {"manager": hours(4), "service-manager": hours(24)}
    return {**hours(amount), "warn": hours(24), "last-call": hours(6), "escalate": steps, **parts}


HOURLY = {
    "chair-has-reports": in_hours(48),
    "report-submitted": in_hours(72),
    "report-submitted:review": in_hours(96),
    "report-shared-with-family": in_hours(48),
    "report-shared-with-family:review": in_hours(72),
    "exclusion-request": in_hours(48),
    "minutes-sent": in_hours(72),
}


def council_with_limits_in_hours() -> Authority:
    authority = AuthorityFactory()
    values = {"outline-plan-sent": "required"}
    procedures_with(authority, since=datetime.date(2012, 1, 1), limits=HOURLY, values=values)
    return authority


# What has happened


Days = Callable[[int, int], datetime.timedelta]
Perhaps = Callable[[], bool]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Generate a case whose dates can all be true, with events known to both calculator and ledger."""

    def days(least: int, most: int) -> datetime.timedelta:
        return draw(st.integers(least, most)) * DAY

    def perhaps() -> bool:
        return draw(st.booleans())

    kind = draw(st.sampled_from([*TYPES, "cin"]))
    start = draw(st.dates(datetime.date(2014, 1, 1), datetime.date(2026, 12, 31)))
    if kind == "cin":
        return Case(cin_plan_began=start, last_review=start + days(1, 200) if perhaps() else None)
    dates = before_a_plan(kind, start, days, perhaps)
    if "plan_began" in dates:
        dates |= under_a_plan(kind, dates["plan_began"], days, perhaps)
        if kind == PRE_BIRTH and perhaps():
            dates["born"] = start + days(0, 250)
    if (held := dates.get("conference")) is not None:
        opens = draw(st.times(datetime.time(8), datetime.time(22)))
        dates["conference"], dates["booked"] = at(held, f"{opens:%H:%M}"), held - days(0, 30)
        if perhaps():
            minutes = draw(st.integers(1, 300))
            dates["ended"] = dates["conference"] + datetime.timedelta(minutes=minutes)
    return Case(type=kind, **dates)


def before_a_plan(kind: str, start: datetime.date, days: Days, perhaps: Perhaps) -> dict[str, Any]:
    if kind == REVIEW:
        return {"plan_began": weekday(start)}
    found: dict[str, Any] = {"notified" if kind == TRANSFER_IN else "strategy_discussion": start}
    if kind == PRE_BIRTH:
        found["expected"] = start + days(0, 270)
    if perhaps():
        found["conference"] = weekday(start + days(1, 60))
        if perhaps():
            found["plan_began"] = found["conference"]
    return found


def under_a_plan(kind: str, began: datetime.date, days: Days, perhaps: Perhaps) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if reviews := days(0, 3).days:
        found |= {"last_review": began + days(reviews, 300), "reviews_held": reviews}
    if perhaps():
        found["last_seen"] = began + days(0, 100)
    if perhaps():
        found["first_core_group"] = began + days(0, 20)
    if perhaps():
        found["last_core_group"] = found.get("first_core_group", began) + days(0, 100)
    if kind == REVIEW and perhaps():
        found["born"] = began + days(0, 250)
    if kind == REVIEW and perhaps():
        found["conference"] = found.get("last_review", began) + days(1, 200)
    return found


def weekday(day: datetime.date) -> datetime.date:
    """Return that day, or the following Monday: no first conference is held on a weekend."""
    return day + max(0, 8 - day.isoweekday()) * DAY if day.isoweekday() > 5 else day


class Lived(CaseEvents):
    """A family in which a case's dates happened, and the deadlines that the ledger has for it."""

    def __init__(self, case: Case, authority: Authority) -> None:
        super().__init__(authority)
        self.case = case
        self.conference: Conference | None = None
        self.child_of_case = self._make_child()
        if case.cin_plan_began is not None:
            self._live_with_a_cin_plan()
            return
        if case.strategy_discussion is not None:
            self.discussed(self.child_of_case, at(case.strategy_discussion, "00:10"))
        if case.notified is not None:
            self._move_in()
        if case.is_review:
            self._begin_the_plan()
        elif case.conference is not None:
            self._confer()
        if case.plan_began is not None:
            self._live_with_a_plan()
        if case.is_review and case.conference is not None:
            self._confer()
        if case.born is not None:
            self.born(self.child_of_case, case.born)

    def _make_child(self):
        if self.case.expected is not None or self.case.born is not None:
            return self.unborn(self.case.expected or self.case.born)[0]
        return self.child(person__birth_date=datetime.date(2012, 6, 1))

    def _live_with_a_cin_plan(self) -> None:
        plan = PlanFactory(
            child=self.child_of_case,
            authority=self.authority,
            kind=PlanKind.CIN,
            initial_category="",
            starts_on=self.case.cin_plan_began,
        )
        if self.case.last_review is not None:
            CinReview.objects.create(
                plan=plan, held_on=self.case.last_review, note="It helps.", recorded_by=self.worker, recorded_at=LATEST
            )

    def _move_in(self) -> None:
        TransferIn.objects.create(
            family=self.family,
            child=self.child_of_case,
            notified_on=self.case.notified,
            policy_version_id=version_of(self.authority),
            from_authority="Westmere",
            told_by="Their duty team",
            recorded_by=self.worker,
            recorded_at=LATEST,
        )

    def _begin_the_plan(self) -> None:
        kind = ConferenceKind.INITIAL if self.case.born is None else ConferenceKind.PRE_BIRTH
        self.held([self.child_of_case], self.case.plan_began, kind=kind)

    def _confer(self) -> None:
        kind = KINDS.get(self.case.type, ConferenceKind.REVIEW)
        if kind == ConferenceKind.PRE_BIRTH and self.case.born and self.case.born < self.case.conference_day:
            kind = ConferenceKind.INITIAL
        self.conference = self.booked(
            [self.child_of_case], self.case.conference, kind=kind, asked_at=at(self.case.booked, "17:00")
        )
        ParticipantFactory(conference=self.conference, children=self.conference.children.all())
        if self.case.plan_began is not None and not self.case.is_review:
            self.decides(self.conference, self.child_of_case)
        if self.case.ended is not None:
            self.closes(self.conference, ended_at=self.case.ended)

    def _live_with_a_plan(self) -> None:
        case = self.case
        Plan.objects.filter(child=self.child_of_case).update(visit_every_working_days=None)
        group = CoreGroup.objects.get(family=self.family)
        for before in reversed(range(case.reviews_held or 0)):
            self.reviewed([self.child_of_case], case.last_review - before * DAY)
        if case.last_seen is not None:
            self.visited(self.child_of_case, case.last_seen)
        if case.first_core_group is not None:
            CoreGroupMeeting.objects.create(core_group=group, number=1, planned_at=at(case.first_core_group, "00:30"))
        if case.last_core_group is not None:
            moment = at(case.last_core_group, "23:30")
            CoreGroupMeeting.objects.create(
                core_group=group, number=2, state=MeetingState.HELD, planned_at=moment, held_at=moment
            )

    def due(self) -> dict[str, Due]:
        """Return by clock the deadline that began last; for one conference those of the case."""
        reconcile(family_ids=[self.family.pk], now=LATEST)
        found: dict[str, Due] = {}
        for row in Deadline.objects.filter(family_id=self.family.pk, kind__in=CLOCKS).order_by("fact_id"):
            other = row.kind in OF_ONE_CONFERENCE and (
                self.conference is None or row.conference_id != self.conference.pk
            )
            if not other and not self._is_settled(row):
                found[row.kind] = Due(on=row.due_on, at=row.due_at)
        return found

    def _is_settled(self, row: Deadline) -> bool:
        """Return whether the calculator has nothing more to say: the ledger keeps met and stopped rows."""
        if row.kind == "after-birth":
            return row.met_at is not None
        return row.kind == "pre-birth-conference" and row.not_needed.startswith("Born before")


class TheLedgerHoldsWhatTheCalculatorSays(TestCase):
    authorities: ClassVar[dict[str, Authority]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.authorities = {}
        for preset in preset_names():
            cls.authorities[preset] = AuthorityFactory()
            policy_in_force(cls.authorities[preset], preset=preset)
        cls.authorities[COUNCILS[-2]] = council_with_limits_in_hours()
        cls.authorities[COUNCILS[-1]] = council_with_closure_days()

    # Closure days never loosen a national limit, even as the sooner of two.
    @example(council=COUNCILS[-1], case=BORN_AFTER_CLOSURE_DAYS)
    # Two nights and the clock change between the limit and the conference.
    @example(
        council=COUNCILS[-2],
        case=Case(
            strategy_discussion=datetime.date(2026, 3, 10),
            booked=datetime.date(2026, 3, 12),
            conference=at(datetime.date(2026, 3, 30), "10:00"),
        ),
    )
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(council=st.sampled_from(COUNCILS), case=cases())
    def test_clock_by_clock(self, council, case):
        authority = Authority.objects.get(pk=self.authorities[council].pk)
        policy = policy_of(version_of(authority))
        said = {
            date.clock: Due(on=date.due.on, at=date.due.at) for date in dates_of(case, policy, calendar_for(authority))
        }
        event(f"{len(said)} clocks of a case of type {case.type}")
        assert Lived(case, authority).due() == said
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_both_figures_are_kept_if_the_day_before_is_day_0():
    """Five working days before a Saturday count from Friday, with and without closure days."""
    life = CaseEvents(council_with_closure_days())
    for day in (datetime.date(2027, 1, 2), datetime.date(2027, 3, 13)):
        conference = life.booked([life.child()], day, kind=ConferenceKind.REVIEW)
        ParticipantFactory(conference=conference, children=conference.children.all())
    life.count()
    assert [(row.due_on, row.due_on_in_england) for row in life.rows("report-submitted")] == [
        (datetime.date(2026, 12, 16), datetime.date(2026, 12, 22)),
        (datetime.date(2027, 3, 5), datetime.date(2027, 3, 5)),
    ]


@pytest.mark.django_db
def test_reports_are_due_at_the_sooner_of_two_figures_in_hours():
    life = CaseEvents(council_with_limits_in_hours())
    first, second = life.child(), life.child()
    conference = life.booked([first, second], at(datetime.date(2026, 12, 18), "10:00"))
    conference.children.filter(child=second).update(kind=ConferenceKind.REVIEW)
    ParticipantFactory(conference=conference, children=conference.children.all())
    life.count()
    found = {
        row.kind: (row.limit_key, row.starts_at, row.due_at, row.late_from, row.due_from, row.manager_from)
        for row in Deadline.objects.filter(conference_id=conference.pk, kind__in=HOURLY)
    }
    start = at(datetime.date(2026, 12, 18), "10:00")

    def ends(key: str, hours: int) -> tuple[Any, ...]:
        due = start - datetime.timedelta(hours=hours)
        later = (due - datetime.timedelta(hours=6), due + datetime.timedelta(hours=4))
        return key, start, due, due, *later

    assert found == {
        "report-submitted": ends("report-submitted:review", 96),
        "report-shared-with-family": ends("report-shared-with-family:review", 72),
        "chair-has-reports": ends("chair-has-reports", 48),
    }


@pytest.mark.django_db
def test_the_sooner_of_a_figure_in_days_and_one_in_hours_counts():
    authority = AuthorityFactory()
    review = {f"{key}:review": in_hours(24) for key in ("report-submitted", "report-shared-with-family")}
    procedures_with(authority, since=datetime.date(2012, 1, 1), limits=review)
    life = CaseEvents(authority)
    first, second = life.child(), life.child()
    conference = life.booked([first, second], at(datetime.date(2026, 12, 18), "10:00"))
    conference.children.filter(child=second).update(kind=ConferenceKind.REVIEW)
    ParticipantFactory(conference=conference, children=conference.children.all())
    life.count()
    row = Deadline.objects.get(kind="report-submitted")
    assert (row.limit_key, row.due_on, row.due_at) == ("report-submitted", datetime.date(2026, 12, 16), None)
    assert (row.other_limit_key, row.other_due_on) == ("report-submitted:review", datetime.date(2026, 12, 17))


def test_each_clock_countable_in_hours_gives_its_moment():
    for key in (key for key in LIMITS if LIMITS[key].by_the_hour):
        (rows,) = registry[key.partition(":")[0]].facts(EVERYBODY)
        assert not isinstance(rows.query.annotations["clock_starts_at"], Value), key
