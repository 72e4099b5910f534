"""A family's deadlines do not depend on when they are counted: after each step, all at once, or from scratch."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.enums import Role
from conferences.enums import ConferenceKind, ConferenceStatus, Outcome, SittingState
from conferences.models import Conference, ConferenceChild, Decision
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting
from deadlines.models import Deadline
from deadlines.services import add_closed_day, reconcile
from deadlines.working_days.arithmetic import LONDON
from families.enums import PregnancyOutcome
from families.models import Enquiry, FamilyMember, TransferIn
from plans.enums import EndReason
from plans.models import KeyWorker, Plan, Visit
from tests.factories import (
    AllocationFactory,
    AuthorityFactory,
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    DecisionFactory,
    EnquiryFactory,
    FamilyFactory,
    PersonFactory,
    PlanFactory,
    PregnancyFactory,
    SittingFactory,
    TeamFactory,
    policy_version_of,
    user_with_role,
)

FIRST = datetime.date(2026, 9, 1)
LATEST = datetime.datetime(2028, 6, 1, 9, tzinfo=LONDON)
DERIVED = {"id", "created_at", "next_stage_at", "responsible_ids"}


class History:
    """A council and a family with a child and an unborn one, changed by a list of acts."""

    def __init__(self) -> None:
        self.authority = AuthorityFactory()
        self.version = policy_version_of(self.authority)
        team = TeamFactory(authority=self.authority)
        self.family = FamilyFactory(team=team)
        self.elsewhere = FamilyFactory(team=team)
        self.worker = user_with_role(Role.SOCIAL_WORKER, team=team)
        AllocationFactory(family=self.family, user=self.worker)
        mother = PersonFactory(authority=self.authority)
        self.pregnancy = PregnancyFactory(
            authority=self.authority, mother=mother, expected_on=datetime.date(2027, 3, 1)
        )
        self.children = [
            ChildFactory(authority=self.authority, family=self.family),
            ChildFactory(
                authority=self.authority, family=self.family, pregnancy=self.pregnancy, person__birth_date=None
            ),
        ]
        self.day = FIRST

    @property
    def now(self) -> datetime.datetime:
        return datetime.datetime.combine(self.day, datetime.time(10), tzinfo=LONDON)

    @property
    def conference(self) -> Conference | None:
        return (
            Conference.objects.filter(family=self.family)
            .exclude(status=ConferenceStatus.CANCELLED)
            .order_by("pk")
            .last()
        )

    def discuss(self) -> None:
        for child in self.children:
            if not child.enquiries.exists():
                EnquiryFactory(
                    child=child,
                    discussion__family=self.family,
                    discussion__held_at=self.now.replace(hour=23, minute=50),
                    started_on=self.day,
                    policy_version_id=self.version,
                )

    def book(self, kind: str = ConferenceKind.INITIAL) -> None:
        conference = ConferenceFactory(
            family=self.family, requested_at=self.now, scheduled_at=self.now, policy_version_id=self.version
        )
        for child in self.children:
            # A child on a plan has a review.
            on_plan = Plan.objects.filter(child=child, ends_on__isnull=True).exists()
            own = ConferenceKind.REVIEW if on_plan else kind
            ConferenceChildFactory(
                conference=conference,
                child=child,
                kind=own,
                enquiry=child.enquiries.last() if own == ConferenceKind.INITIAL else None,
                added_reason="The other child's enquiries showed why." if own == ConferenceKind.INITIAL else "",
            )
        self._sit(conference)

    def book_review(self) -> None:
        self.book(kind=ConferenceKind.REVIEW)

    def _sit(self, conference: Conference, days: int = 9) -> None:
        SittingFactory(
            conference=conference,
            number=conference.sittings.count() + 1,
            starts_at=self.now + datetime.timedelta(days=days),
            booked_at=self.now,
        )

    def _end_sitting(self, state: str) -> None:
        if self.conference and (sitting := self.conference.sittings.last()):
            sitting.state, sitting.state_reason = state, "As it happened."
            sitting.save()
            self._sit(self.conference)

    def move(self) -> None:
        self._end_sitting(SittingState.CANCELLED)

    def adjourn(self) -> None:
        self._end_sitting(SittingState.ADJOURNED)

    def turn_out_inquorate(self) -> None:
        self._end_sitting(SittingState.INQUORATE)

    def cancel(self) -> None:
        if self.conference and self.conference.status == ConferenceStatus.SCHEDULED:
            Conference.objects.filter(pk=self.conference.pk).update(
                status=ConferenceStatus.CANCELLED, cancelled_because="Not needed."
            )

    def hold(self, *, afterwards: bool = False) -> None:
        conference = self.conference
        if conference is None or conference.status != ConferenceStatus.SCHEDULED:
            return
        sitting = conference.sittings.last()
        began = self.now
        sitting.starts_at = sitting.booked_from = sitting.family_arrives_at = sitting.professionals_arrive_at = began
        sitting.booked_until, sitting.opened_at = began + datetime.timedelta(hours=2), began
        sitting.ended_at, sitting.state = began + datetime.timedelta(hours=2), SittingState.ENDED
        sitting.recorded_afterwards_reason = "The system was down." if afterwards else ""
        sitting.save()
        for row in conference.children.all():
            self._decide(row, sitting)
        Conference.objects.filter(pk=conference.pk).update(
            status=ConferenceStatus.CLOSED, opened_at=began, ended_at=sitting.ended_at, closed_at=sitting.ended_at
        )
        plans = Plan.objects.filter(decision__conference_child__conference=conference)
        if plans and not hasattr(conference, "core_group"):
            group = CoreGroup.objects.create(
                authority=self.authority, family=self.family, conference=conference, formed_on=self.day
            )
            group.plans.set(plans)

    def _decide(self, row: ConferenceChild, sitting: object) -> None:
        open_plan = Plan.objects.filter(child=row.child, ends_on__isnull=True).exists()
        decision = DecisionFactory(conference_child=row, sitting=sitting, outcome=Outcome.CP_PLAN)
        if row.kind != ConferenceKind.REVIEW and not open_plan:
            plan = PlanFactory(
                child=row.child,
                authority=self.authority,
                decision=decision,
                starts_on=self.day,
                policy_version_id=self.version,
            )
            KeyWorker.objects.create(plan=plan, user=self.worker, starts_on=self.day)

    def record_afterwards(self) -> None:
        self.hold(afterwards=True)

    def see_the_children(self) -> None:
        for plan in Plan.objects.filter(child__in=self.children, ends_on__isnull=True):
            seen = self.day.day % 3 > 0
            Visit.objects.create(
                plan=plan,
                made_at=self.now,
                made_by=self.worker,
                child_seen=seen,
                next_try_on=None if seen else self.day + datetime.timedelta(days=self.day.day % 2),
                recorded_by=self.worker,
                recorded_at=self.now,
            )

    def meet_as_core_group(self) -> None:
        group = CoreGroup.objects.filter(family=self.family).last()
        if group:
            CoreGroupMeeting.objects.create(
                core_group=group,
                number=group.meetings.count() + 1,
                state=MeetingState.HELD,
                planned_at=self.now,
                held_at=self.now,
            )

    def be_born(self) -> None:
        person = self.children[1].person
        person.birth_date = person.birth_date or self.day
        person.save()
        self.pregnancy.outcome, self.pregnancy.ended_on = PregnancyOutcome.LIVE_BIRTH, person.birth_date
        self.pregnancy.save()

    def expect_later(self) -> None:
        self.pregnancy.expected_on += datetime.timedelta(days=11)
        self.pregnancy.save()

    def add_a_sibling(self) -> None:
        if len(self.children) < 4:
            self.children.append(ChildFactory(authority=self.authority, family=self.family))

    def close_for_a_day(self) -> None:
        holiday = self.day + datetime.timedelta(days=5)
        if holiday.isoweekday() < 6:
            add_closed_day(authority=None, day=holiday, name="A day of thanks", by=None, now=self.now)

    def move_in_with_a_plan(self) -> None:
        TransferIn.objects.get_or_create(
            family=self.family,
            child=self.children[0],
            defaults={
                "notified_on": self.day,
                "policy_version_id": self.version,
                "from_authority": "Westmere",
                "told_by": "Their duty team",
                "recorded_by": self.worker,
                "recorded_at": self.now,
            },
        )

    def bring_in_an_old_plan(self) -> None:
        child = self.children[0]
        if not child.plans.exists():
            PlanFactory(child=child, authority=self.authority, starts_on=self.day - datetime.timedelta(days=200))

    def change_family(self) -> None:
        member = FamilyMember.objects.filter(person=self.children[0].person, ends_on__isnull=True).get()
        member.ends_on = self.day
        member.save()
        other = self.elsewhere if member.family == self.family else self.family
        FamilyMember.objects.create(family=other, person=member.person, starts_on=self.day)

    def end_the_plans(self) -> None:
        Plan.objects.filter(child__in=self.children, ends_on__isnull=True, starts_on__lt=self.day).update(
            ends_on=self.day, end_reason=EndReason.NO_LONGER_AT_RISK
        )

    def find_a_decision_wrong(self) -> None:
        decision = Decision.objects.filter(conference_child__conference=self.conference).last()
        if decision and decision.superseded_by is None:
            row = decision.conference_child
            Decision.objects.filter(pk=decision.pk)
            ConferenceChild.objects.filter(pk=row.pk).update(
                withdrawn_at=self.now, withdrawn_because="Named by mistake."
            )

    def end_the_enquiries(self) -> None:
        Enquiry.objects.filter(child__in=self.children).update(
            outcome="not_required", outcome_reason="No harm was found.", ended_on=self.day
        )


ACTS: list[Callable[[History], None]] = [
    act for name, act in vars(History).items() if callable(act) and not name.startswith("_")
]
histories = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 40)), min_size=4, max_size=22)
USUAL = [(History.discuss, 1), (History.book, 2), (History.hold, 9)]


def rows() -> list[dict[str, object]]:
    """Return the ledger, without values that only depend on the order of counting."""
    names = [field.name for field in Deadline._meta.fields if field.name not in DERIVED]
    return list(Deadline.objects.order_by("kind", "fact_id").values(*names))


class TheLedgerFollowsFromTheFacts(TestCase):
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(begins_as_usual=st.booleans(), acts=histories, counted_at=st.sets(st.integers(0, 25)))
    def test_over_any_history(self, begins_as_usual, acts, counted_at):
        history = History()
        families = [history.family.pk, history.elsewhere.pk]
        for number, (act, days) in enumerate([*(USUAL if begins_as_usual else []), *acts]):
            history.day += datetime.timedelta(days=days)
            try:
                with transaction.atomic():
                    act(history)
            except (IntegrityError, ValidationError):
                continue  # Impossible acts are refused; the history goes on without them.
            if number in counted_at:
                reconcile(family_ids=families, now=history.now)
        reconcile(family_ids=families, now=LATEST)
        step_by_step = rows()
        everything = reconcile(now=LATEST)
        assert (everything.written, everything.problems) == (0, [])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE deadlines_deadline CASCADE")
        reconcile(now=LATEST)
        from_nothing = rows()
        known = {(row["kind"], row["fact_id"]) for row in from_nothing}
        assert [row for row in step_by_step if (row["kind"], row["fact_id"]) in known] == from_nothing
        assert all(row["not_needed"] for row in step_by_step if (row["kind"], row["fact_id"]) not in known)


@pytest.mark.django_db
def test_every_act_can_happen():
    """Ensures that a history does not consist of acts the database refuses."""
    history = History()
    for act in (*[act for act, _ in USUAL], History.see_the_children, History.meet_as_core_group, History.be_born):
        history.day += datetime.timedelta(days=7)
        act(history)
    history.book_review()
    history.day += datetime.timedelta(days=7)
    history.hold()
    reconcile(family_ids=[history.family.pk], now=LATEST)
    met = Deadline.objects.filter(met_at__isnull=False).values_list("kind", flat=True)
    assert {"initial-conference", "first-review", "after-birth", "first-core-group"} <= set(met)
