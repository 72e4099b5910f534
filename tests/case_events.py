"""Events in a family's life, as bare facts on days a test names, and the deadlines that follow from them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import F

from accounts.enums import Role
from accounts.models import Authority
from conferences.enums import ConferenceKind, ConferenceStatus, Outcome, SittingState
from conferences.models import Conference, ConferenceChild, Decision, Participant, Sitting
from deadlines.clocks import Clock, preparations, registry
from deadlines.facts import EVERYBODY
from deadlines.models import Deadline
from deadlines.services import comparing, reconcile
from deadlines.working_days.arithmetic import LONDON, civil_day
from families.enums import PregnancyOutcome
from families.models import Child, Enquiry, Pregnancy
from meetings.events import tell_decided
from plans.models import Plan, Visit
from tests.factories import (
    ENDING,
    AllocationFactory,
    AuthorityFactory,
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    DecisionFactory,
    EnquiryFactory,
    FamilyFactory,
    PersonFactory,
    PregnancyFactory,
    SittingFactory,
    TeamFactory,
    policy_version_of,
    user_with_role,
)

LATEST = datetime.datetime(2028, 6, 1, 9, tzinfo=LONDON)
TWO_HOURS = datetime.timedelta(hours=2)
WEEK = datetime.timedelta(weeks=1)


def at(day: datetime.date, clock: str = "10:00") -> datetime.datetime:
    """Return the moment at which clocks in London show this time on a day."""
    return datetime.datetime.combine(day, datetime.time.fromisoformat(clock), tzinfo=LONDON)


_prepared: WeakKeyDictionary[Any, tuple[Clock, ...]] = WeakKeyDictionary()


def left_to_count(now: datetime.datetime) -> list[tuple[str, int, str]]:
    """Return what a full recount would write or refuse, as kind, fact and problem.

    Each connection plans this once; planning a full recount takes longer than counting does for one family.
    """
    for prepare in preparations:
        prepare(family_ids=None, now=now)
    session, clocks = connection.connection, tuple(registry.values())
    with connection.cursor() as cursor:
        if _prepared.get(session) != clocks:
            if session in _prepared:
                cursor.execute("DEALLOCATE left_to_count")
            everybody = comparing.compared(replace(EVERYBODY, now="$1"))
            columns = "coalesce(kind, 'gone'), coalesce(fact_id, deadline_id), coalesce(problem, '')"
            wanted = f"SELECT {columns} FROM ({everybody}) AS differing"  # noqa: S608 - texts of our own
            cursor.execute(f"PREPARE left_to_count (timestamptz) AS {wanted}")
            _prepared[session] = clocks
        cursor.execute("EXECUTE left_to_count (%s)", [now])
        return list(cursor.fetchall())


class CaseEvents:
    """A council under its procedures, one family with its social worker, and the events a test creates.

    Nothing is counted before ``count``, which compares one family's recount with a full one.
    """

    def __init__(self, authority: Authority | None = None) -> None:
        self.authority = authority or AuthorityFactory()
        policy_version_of(self.authority)
        team = TeamFactory(authority=self.authority)
        self.family = FamilyFactory(team=team)
        self.worker = user_with_role(Role.SOCIAL_WORKER, team=team)
        AllocationFactory(family=self.family, user=self.worker)

    # Children

    def child(self, **fields: Any) -> Child:
        return ChildFactory(authority=self.authority, family=self.family, **fields)

    def unborn(self, expected_on: datetime.date, *, number: int = 1) -> list[Child]:
        """Return the children of one pregnancy."""
        pregnancy: Pregnancy = PregnancyFactory(
            authority=self.authority,
            mother=PersonFactory(authority=self.authority),
            expected_on=expected_on,
            number_expected=number,
        )
        return [
            self.child(pregnancy=pregnancy, person__birth_date=None, born_order=place) for place in range(1, number + 1)
        ]

    def born(self, child: Child, on: datetime.date) -> None:
        """Record the birth of this child only, if twins; the pregnancy ends with the last."""
        child.person.birth_date = on
        child.person.save()
        pregnancy = child.pregnancy
        if pregnancy and not pregnancy.children.filter(person__birth_date__isnull=True).exists():
            pregnancy.outcome, pregnancy.ended_on = PregnancyOutcome.LIVE_BIRTH, on
            pregnancy.save()

    # Conferences

    def discussed(self, child: Child, when: datetime.datetime | datetime.date) -> Enquiry:
        moment = when if isinstance(when, datetime.datetime) else at(when)
        return EnquiryFactory(
            child=child, discussion__family=self.family, discussion__held_at=moment, started_on=civil_day(moment)
        )

    def booked(
        self,
        children: Sequence[Child],
        on: datetime.date | datetime.datetime,
        *,
        kind: str = ConferenceKind.INITIAL,
        asked_at: datetime.datetime | None = None,
        **fields: Any,
    ) -> Conference:
        """Book a conference with one sitting, by default requested and booked a week before."""
        starts_at = on if isinstance(on, datetime.datetime) else at(on)
        asked_at = asked_at or starts_at - WEEK
        conference = ConferenceFactory(
            family=self.family, **{"requested_at": asked_at, "scheduled_at": asked_at, **fields}
        )
        for child in children:
            self.joins(conference, child, kind)
        self.sits(conference, starts_at)
        return conference

    def joins(self, conference: Conference, child: Child, kind: str) -> ConferenceChild:
        first = kind in (ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH)
        enquiry = child.enquiries.order_by("pk").last() if first else None
        return ConferenceChildFactory(
            conference=conference,
            child=child,
            kind=kind,
            enquiry=enquiry,
            added_reason="" if enquiry or not first else "What was found about the other child.",
        )

    def sits(self, conference: Conference, starts_at: datetime.datetime) -> Sitting:
        """Book the next sitting of a conference."""
        return SittingFactory(
            conference=conference,
            number=conference.sittings.count() + 1,
            starts_at=starts_at,
            booked_at=starts_at - WEEK,
        )

    def breaks_off(self, conference: Conference, state: str = SittingState.ADJOURNED) -> Sitting:
        """End the last sitting without a decision for every child."""
        sitting = conference.sittings.last()
        if state != SittingState.CANCELLED:
            sitting.opened_at, sitting.ended_at = sitting.starts_at, sitting.starts_at + TWO_HOURS
        sitting.state, sitting.state_reason = state, "As it happened."
        sitting.save()
        return sitting

    def decides(
        self,
        conference: Conference,
        *children: Child,
        outcome: str = Outcome.CP_PLAN,
        core_group: Sequence[Participant] = (),
    ) -> None:
        """Decide for these children in the last sitting; what follows is created as in real work."""
        sitting = conference.sittings.last()
        sitting.opened_at = sitting.opened_at or sitting.starts_at
        sitting.save()
        for child in children:
            decision: Decision = DecisionFactory(
                conference_child=conference.children.get(child=child),
                sitting=sitting,
                outcome=outcome,
                key_worker=self.worker,
                **({} if outcome == Outcome.CP_PLAN else {"main_category": "", "categories": []}),
                **(ENDING if outcome == Outcome.PLAN_ENDS else {}),
            )
            decision.core_group.set(core_group)
            tell_decided(decision, now=decision.decided_at)

    def closes(self, conference: Conference, ended_at: datetime.datetime | None = None) -> Conference:
        sitting = conference.sittings.last()
        sitting.ended_at = ended_at or sitting.starts_at + TWO_HOURS
        sitting.state = SittingState.ENDED
        sitting.save()
        first = conference.sittings.exclude(state=SittingState.CANCELLED).first()
        conference.status = ConferenceStatus.CLOSED
        conference.opened_at = first.opened_at or first.starts_at
        conference.ended_at = conference.closed_at = sitting.ended_at
        conference.save()
        return conference

    def held(
        self,
        children: Sequence[Child],
        on: datetime.date | datetime.datetime,
        *,
        kind: str = ConferenceKind.INITIAL,
        outcome: str = Outcome.CP_PLAN,
        **fields: Any,
    ) -> Conference:
        """Hold a conference of one sitting that makes the same decision for all its children."""
        conference = self.booked(children, on, kind=kind, **fields)
        self.decides(conference, *children, outcome=outcome)
        return self.closes(conference)

    def reviewed(
        self, children: Sequence[Child], on: datetime.date | datetime.datetime, *, outcome: str = Outcome.CP_PLAN
    ) -> Conference:
        return self.held(children, on, kind=ConferenceKind.REVIEW, outcome=outcome)

    # Plans

    def visited(self, child: Child, on: datetime.date, *, seen: bool = True) -> Visit:
        return Visit.objects.create(
            plan=Plan.objects.get(child=child, ends_on__isnull=True),
            made_at=at(on, "15:00"),
            made_by=self.worker,
            child_seen=seen,
            recorded_by=self.worker,
            recorded_at=at(on, "16:00"),
        )

    # Deadlines

    def count(self, now: datetime.datetime = LATEST) -> None:
        """Recount this family, and check that a full recount adds nothing."""
        reconcile(family_ids=[self.family.pk], now=now)
        assert left_to_count(now) == []

    def rows(self, kind: str, child: Child | None = None) -> list[Deadline]:
        """Return the deadlines of a kind by start; on the same day, those met first."""
        rows = Deadline.objects.filter(kind=kind, family_id=self.family.pk).order_by(
            "starts_on", F("met_at").asc(nulls_last=True), "due_on", "pk"
        )
        return list(rows.filter(child_id=child.pk) if child else rows)

    def dates(self, kind: str, child: Child | None = None) -> list[tuple[datetime.date, datetime.date | None]]:
        """Return last day and day met of each deadline of a kind that was not stopped."""
        return [
            (row.due_on, civil_day(row.met_at) if row.met_at else None)
            for row in self.rows(kind, child)
            if not row.not_needed
        ]
