from __future__ import annotations

import datetime
import threading
from copy import copy
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from deadlines import clocks
from deadlines.enums import ChangeKind, State, WhyMoved
from deadlines.models import Deadline, DeadlineChange
from deadlines.policies import PolicyMissing, policy_for
from deadlines.selectors import deadlines_of, next_deadline
from deadlines.services import add_closed_day, counting_once, reconcile
from deadlines.working_days.calendars import CalendarEnds
from tests.deadlines.conftest import Case, Facts, a_clock, moment
from tests.factories import AuthorityFactory, UserFactory, policy_in_force

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-09 16:42")


def the_deadline() -> Deadline:
    return Deadline.objects.get()


def test_a_fact_becomes_a_deadline(case, initial):
    initial.rows = [case.fact(child_id=7)]
    result = reconcile(family_ids=[case.family.pk], now=NOW)
    row = the_deadline()
    assert (result.created, result.changed, result.stopped) == (1, 0, 0)
    assert (row.kind, row.fact_id, row.child_id, row.family_id) == ("initial-conference", 1, 7, case.family.pk)
    assert (row.starts_on, row.due_on, row.plan_for_on) == (date(2026, 12, 8), date(2026, 12, 31), date(2026, 12, 31))
    assert row.warn_at == moment("2026-12-18 00:00")
    assert row.due_from == moment("2026-12-31 00:00")
    assert row.late_from == moment("2027-01-01 00:00")
    assert row.responsible_ids == [case.worker.pk]
    assert row.policy_version_id == policy_for(case.authority, on=date(2026, 12, 8)).version_id


def test_a_due_date_on_a_closed_day_stays_and_is_planned_for_the_previous_working_day(case):
    facts = Facts("first-core-group")
    a_clock("first-core-group", facts)
    facts.rows = [case.fact(starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = the_deadline()
    assert (row.due_on, row.plan_for_on) == (date(2027, 1, 1), date(2026, 12, 31))
    assert row.due_from == moment("2026-12-31 00:00")
    assert row.late_from == moment("2027-01-02 00:00")


def test_an_hour_clock_keeps_its_moment(case, decisions):
    decisions.rows = [case.fact(starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = the_deadline()
    assert (row.due_at, row.due_on) == (moment("2026-12-23 12:31"), date(2026, 12, 23))
    assert row.warn_at == moment("2026-12-23 04:31")
    assert row.due_from == moment("2026-12-23 09:31")
    assert row.late_from == moment("2026-12-23 12:31")


def test_an_hour_clock_that_ends_in_a_weekend_warns_before_it(case, decisions):
    decisions.rows = [case.fact(starts=moment("2026-12-18 16:00"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = the_deadline()
    assert row.due_at == moment("2026-12-19 16:00")
    assert row.warn_at == moment("2026-12-18 16:00")
    assert row.plan_for_on == date(2026, 12, 18)


def test_reconciling_again_writes_nothing(case, initial, decisions):
    initial.rows = [case.fact(fact_id=child, child_id=child) for child in (1, 2, 3)]
    decisions.rows = [case.fact(starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    before = list(Deadline.objects.order_by("pk").values())
    versions = _row_versions()
    for families in ([case.family.pk], None):
        assert reconcile(family_ids=families, now=NOW + datetime.timedelta(days=1)).written == 0
    assert list(Deadline.objects.order_by("pk").values()) == before
    assert _row_versions() == versions


def _row_versions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text, ctid::text FROM deadlines_deadline ORDER BY id")
        return cursor.fetchall()


def test_many_changes_may_be_counted_once_at_the_end(case, initial):
    with counting_once(now=NOW):
        initial.rows = [case.fact(child_id=7)]
        assert reconcile(family_ids=[case.family.pk], now=NOW).written == 0
        assert not Deadline.objects.exists()
    assert the_deadline().due_on == date(2026, 12, 31)


def test_a_moved_event_moves_the_date_and_says_so(case, initial):
    initial.rows = [case.fact(starts=date(2026, 12, 9))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    initial.rows = [case.fact(starts=date(2026, 12, 8))]
    assert reconcile(family_ids=[case.family.pk], now=NOW).changed == 1
    change = DeadlineChange.objects.get()
    assert the_deadline().due_on == date(2026, 12, 31)
    assert (change.kind, change.due_on_before, change.due_on_after) == (
        ChangeKind.MOVED,
        date(2027, 1, 4),
        date(2026, 12, 31),
    )
    assert (change.why_moved, change.starts_on_before, change.starts_on_after) == (
        WhyMoved.EVENT,
        date(2026, 12, 9),
        date(2026, 12, 8),
    )


def test_meeting_a_deadline_is_derived_from_its_fact(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    initial.rows = [case.fact(met_at=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = the_deadline()
    assert row.state(moment("2027-02-01 09:00")) == State.MET
    assert row.next_stage_at is None
    assert DeadlineChange.objects.get().kind == ChangeKind.MET


def test_met_after_the_last_day_is_met_late(case, initial):
    initial.rows = [case.fact(met_at=moment("2027-01-01 00:00"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert the_deadline().state(NOW) == State.MET_LATE


def test_a_stopped_deadline_says_why_and_may_begin_again(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    initial.rows = [case.fact(not_needed="The enquiry ended without a conference.")]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert the_deadline().state(NOW) == State.NOT_NEEDED
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert the_deadline().state(NOW) == State.OPEN
    kinds = list(DeadlineChange.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [ChangeKind.NOT_NEEDED, ChangeKind.REOPENED]


def test_a_removed_fact_stops_its_deadline_and_keeps_the_row(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    initial.rows = []
    assert reconcile(family_ids=[case.family.pk], now=NOW).stopped == 1
    assert the_deadline().not_needed == "The event it runs from was changed or withdrawn"
    assert reconcile(now=NOW).written == 0


def test_the_rows_of_an_undeclared_clock_are_left_alone(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    del clocks.registry["initial-conference"]
    assert reconcile(now=NOW).written == 0
    assert the_deadline().is_open


def test_siblings_have_a_deadline_each(case, initial):
    initial.rows = [case.fact(fact_id=1, child_id=1), case.fact(fact_id=2, child_id=2, starts=date(2026, 12, 10))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert list(Deadline.objects.order_by("child_id").values_list("child_id", "due_on")) == [
        (1, date(2026, 12, 31)),
        (2, date(2027, 1, 5)),
    ]


def test_a_fact_that_changes_family_keeps_its_deadline(case, initial):
    other = case.another_family("26-0418")
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    initial.rows = [case.fact(family_id=other.pk)]
    reconcile(family_ids=[other.pk], now=NOW)
    assert the_deadline().family_id == other.pk
    assert the_deadline().is_open


def test_only_the_named_families_are_touched(case, initial):
    other = case.another_family("26-0418")
    initial.rows = [case.fact(), case.fact(fact_id=2, family_id=other.pk)]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert the_deadline().family_id == case.family.pk


def test_no_families_is_not_all_families(case, initial):
    initial.rows = [case.fact()]
    assert reconcile(family_ids=[], now=NOW).written == 0
    assert Deadline.objects.count() == 0


def test_a_plans_own_figure_overrides_the_policys(case):
    facts = Facts("visit")
    a_clock("visit", facts)
    facts.rows = [case.fact(own_amount=5, own_unit="working days")]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert the_deadline().due_on == date(2026, 12, 15)


def test_another_limit_of_the_policy_may_count(case):
    facts = Facts("report-submitted")
    a_clock("report-submitted", facts)
    facts.rows = [
        case.fact(fact_id=1, starts=date(2026, 12, 22), what="School"),
        case.fact(fact_id=2, starts=date(2026, 12, 22), limit_key="report-submitted:review"),
    ]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert list(Deadline.objects.order_by("fact_id").values_list("due_on", "what")) == [
        (date(2026, 12, 18), "School"),
        (date(2026, 12, 15), ""),
    ]


def test_a_new_version_touches_only_clocks_that_start_after_it(case, initial):
    facts = Facts("minutes-sent")
    a_clock("minutes-sent", facts)
    policy_in_force(case.authority, preset="buckinghamshire", since=date(2026, 12, 9))
    facts.rows = [case.fact(fact_id=1), case.fact(fact_id=2, starts=date(2026, 12, 9))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    numbers = [policy_for(case.authority, on=day).version_id for day in (date(2026, 12, 8), date(2026, 12, 9))]
    assert list(Deadline.objects.order_by("fact_id").values_list("policy_version_id", flat=True)) == numbers


def test_the_version_that_the_fact_names_counts(case, initial):
    named = policy_for(case.authority, on=date(2026, 1, 1)).version_id
    policy_in_force(case.authority, preset="buckinghamshire", since=date(2026, 12, 1))
    initial.rows = [case.fact(policy_version_id=named)]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert the_deadline().policy_version_id == named


def test_a_council_without_a_policy_is_refused_for_a_family_and_passed_over_for_all(case, initial):
    bare = AuthorityFactory()
    initial.rows = [case.fact(), case.fact(fact_id=2, authority_id=bare.pk, family_id=-1)]
    with pytest.raises(PolicyMissing), transaction.atomic():
        reconcile(family_ids=[-1], now=NOW)
    result = reconcile(now=NOW)
    assert (result.created, len(result.problems)) == (1, 1)
    assert result.problems[0].startswith(
        "initial-conference: This council has no procedures in force on 8 December 2026"
    )


def test_a_fact_before_the_calendar_is_refused_for_a_family_and_leaves_its_row_alone_for_all(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    initial.rows = [case.fact(starts=date(2011, 12, 31), policy_version_id=the_deadline().policy_version_id)]
    with pytest.raises(CalendarEnds), transaction.atomic():
        reconcile(family_ids=[case.family.pk], now=NOW)
    assert len(reconcile(now=NOW).problems) == 1
    assert the_deadline().due_on == date(2026, 12, 31)
    assert the_deadline().is_open


def test_a_proclaimed_holiday_moves_open_deadlines_by_itself(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    add_closed_day(authority=None, day=date(2026, 12, 10), name="Day of thanks", by=None, now=NOW)
    assert the_deadline().due_on == date(2027, 1, 4)
    assert DeadlineChange.objects.get().why_moved == WhyMoved.CALENDAR


def test_a_clock_is_registered_once():
    a_clock("initial-conference", Facts("initial-conference"))
    with pytest.raises(ImproperlyConfigured):
        a_clock("initial-conference", Facts("initial-conference"))
    assert clocks.clock_of("initial-conference").event == "strategy discussion"
    assert clocks.clock_of("unknown") is None


def test_deadlines_are_read_first_due_first(case, initial, decisions):
    initial.rows = [case.fact(conference_id=3)]
    decisions.rows = [case.fact(conference_id=3, starts=moment("2026-12-22 12:31"))]
    reconcile(family_ids=[case.family.pk], now=NOW)
    assert [row.kind for row in deadlines_of(conference_id=3)] == ["decisions-sent", "initial-conference"]
    assert [row.kind for row in deadlines_of(family_id=case.family.pk)] == ["decisions-sent", "initial-conference"]
    assert next_deadline(3).kind == "decisions-sent"
    assert next_deadline(4) is None
    with pytest.raises(ValueError, match="Name the family"):
        deadlines_of()


@pytest.mark.parametrize("families", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_facts(
    case, initial, decisions, families, django_assert_num_queries
):
    ids = [case.family.pk, *(case.another_family(f"26-{n:04d}").pk for n in range(1000, 1000 + families - 1))]
    initial.rows = [case.fact(family_id=pk, fact_id=n) for n, pk in enumerate(ids)]
    decisions.rows = [case.fact(family_id=pk, fact_id=n, starts=moment("2026-12-22 12:31")) for n, pk in enumerate(ids)]
    reconcile(family_ids=ids, now=NOW)
    with django_assert_num_queries(UNCHANGED_QUERIES):
        reconcile(family_ids=ids, now=NOW)


# The lock and the count.
UNCHANGED_QUERIES = 2


def test_the_planner_is_left_as_it_was(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('enable_hashjoin'), current_setting('enable_mergejoin')")
        assert cursor.fetchone() == ("on", "on")


histories = st.lists(
    st.tuples(
        st.integers(0, 2),  # which family
        st.integers(1, 4),  # which fact
        st.sampled_from(["start", "move", "meet", "stop", "withdraw", "hand over"]),
        st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    ),
    max_size=25,
)


def changed(fact, **fields):
    fact = copy(fact)
    for name, value in fields.items():
        setattr(fact, name, value)
    return fact


class FamilyByFamilyAndAllAtOnceGiveTheSame(TestCase):
    def setUp(self):
        self.saved = dict(clocks.registry)
        clocks.registry.clear()
        self.facts = Facts("initial-conference")
        a_clock("initial-conference", self.facts)
        self.case = Case()
        self.families = [self.case.family, self.case.another_family("26-1"), self.case.another_family("26-2")]
        self.other = UserFactory()

    def tearDown(self):
        clocks.registry.clear()
        clocks.registry.update(self.saved)

    @settings(max_examples=15, deadline=None)
    @given(history=histories)
    def test_over_any_history(self, history):
        with transaction.atomic():
            one_by_one = self.play(history, lambda pk: reconcile(family_ids=[pk], now=NOW))
            transaction.set_rollback(True)
        with transaction.atomic():
            all_at_once = self.play(history, lambda _pk: reconcile(now=NOW))
            transaction.set_rollback(True)
        assert one_by_one == all_at_once

    def play(self, history, count):
        known = {}
        self.facts.rows = []
        for family, fact_id, act, day in history:
            pk = self.families[family].pk
            key = (pk, fact_id)
            row = known.get(key) or self.case.fact(family_id=pk, fact_id=pk * 10 + fact_id, starts=day)
            known[key] = {
                "start": lambda row=row: row,
                "move": lambda row=row, day=day: changed(row, starts_on=day),
                "meet": lambda row=row, day=day: changed(row, met_at=moment(f"{day} 12:00")),
                "stop": lambda row=row: changed(row, not_needed="The enquiry ended."),
                "withdraw": lambda: None,
                "hand over": lambda row=row: changed(row, responsible_ids=[self.other.pk]),
            }[act]()
            self.facts.rows = [row for row in known.values() if row]
            count(pk)
        return list(
            Deadline.objects.order_by("fact_id").values(
                *(field.name for field in Deadline._meta.fields if field.name != "id")
            )
        )


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_family_at_once_leave_one_row():
    case = Case()
    facts = Facts("initial-conference")
    a_clock("initial-conference", facts)
    facts.rows = [case.fact()]
    failures = run_at_once(
        [
            lambda: reconcile(family_ids=[case.family.pk], now=NOW),
            lambda: reconcile(family_ids=[case.family.pk], now=NOW),
            lambda: reconcile(now=NOW),
        ]
    )
    assert failures == []
    assert Deadline.objects.count() == 1


def run_at_once(calls):
    """Run each call in its own thread, all starting together; return what they raised."""
    barrier = threading.Barrier(len(calls))
    failures = []

    def run(call):
        barrier.wait()
        try:
            call()
        except Exception as error:  # noqa: BLE001 - handed to the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_the_ledger_refuses_a_second_row_for_a_fact(case, initial):
    initial.rows = [case.fact()]
    reconcile(family_ids=[case.family.pk], now=NOW)
    row = the_deadline()
    row.pk = None
    with pytest.raises(ValidationError):
        row.validate_constraints()
