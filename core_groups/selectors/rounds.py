"""The scores of a core group meeting by child and sitting, hidden until all who sit there have answered.

A separate sitting is a round of its own: nothing about it, not even how many are in, stands with the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from conferences.enums import Presence
from core_groups.models import (
    AskedMember,
    CoreGroupMeeting,
    CoreGroupMember,
    MeetingAttendance,
    MeetingRound,
    MeetingScore,
    SeparateSitting,
)
from core_groups.selectors.recording import TheRecord, day_of, members_on, plans_on
from deadlines.policies import Policy, policy_for
from deadlines.policies.amounts import NOT_USED
from meetings.selectors.scores import ScoreRow, ScoreSheet, may_be_shown
from plans.models import Plan

# The id of a sitting of someone's own; None is the meeting of the others.
SittingId = int | None


@dataclass(frozen=True)
class SittingScores:
    """The scores for one child in one sitting."""

    plan: Plan
    sitting: SeparateSitting | None
    sheet: ScoreSheet


@dataclass
class Rounds:
    """Everything that the rounds of one meeting are made of, read once."""

    meeting: CoreGroupMeeting
    plans: Sequence[Plan]
    members: Sequence[CoreGroupMember]
    sittings: Sequence[SeparateSitting]
    policy: Policy
    asked_children: Collection[int] = field(default_factory=set)

    @cached_property
    def seats(self) -> dict[SittingId, dict[int, str]]:
        """Return, by sitting, each member with a seat there and whether they came."""
        found: dict[SittingId, dict[int, str]] = {}
        rows = MeetingAttendance.objects.filter(meeting=self.meeting, superseded_at__isnull=True)
        for member, sitting, presence in rows.values_list("member", "sitting", "presence"):
            found.setdefault(sitting, {})[member] = presence
        if not found:
            # Recorded before each seat was.
            there = self.meeting.present.values_list("pk", flat=True)
            found[None] = dict.fromkeys(there, str(Presence.PRESENT))
        return found

    @cached_property
    def gone(self) -> set[tuple[SittingId, int]]:
        """Return who left a sitting before its end: nobody waits for them there."""
        rows = MeetingAttendance.objects.filter(meeting=self.meeting, superseded_at__isnull=True, left_at__isnull=False)
        return set(rows.values_list("sitting", "member"))

    @cached_property
    def scores(self) -> list[MeetingScore]:
        rows = MeetingScore.objects.filter(meeting=self.meeting, superseded_at__isnull=True)
        return list(rows.select_related("member__person", "member__post__agency", "recorded_by").order_by("pk"))

    @cached_property
    def ended(self) -> dict[tuple[int, SittingId], MeetingRound]:
        rows = MeetingRound.objects.filter(meeting=self.meeting)
        return {(row.child_id, row.sitting_id): row for row in rows}

    @property
    def gives_scores(self) -> bool:
        return bool(self.policy.value("scaling-at-core-groups") != NOT_USED)

    def sat_in(self, member_pk: int) -> SittingId:
        """Return the sitting in which a member's answers stand: where they came; of several the meeting of the others.

        Someone who came to none has theirs in the meeting of the others.
        """
        came = [pk for pk, seats in self.seats.items() if seats.get(member_pk) == Presence.PRESENT]
        return None if not came or None in came else min(pk for pk in came if pk is not None)

    def came(self, member_pk: int) -> bool:
        return any(seats.get(member_pk) == Presence.PRESENT for seats in self.seats.values())

    def is_here(self, member_pk: int) -> bool:
        """Return whether a member sits somewhere now: they came, and have neither left nor been removed."""
        return any(
            seats.get(member_pk) == Presence.PRESENT and (sitting, member_pk) not in self.gone
            for sitting, seats in self.seats.items()
        )

    def may_be_asked(self, member: CoreGroupMember, plan: Plan) -> bool:
        """Return whether a member is asked about a child: who is in it for them, of the children only by decision."""
        named = {one.pk for one in member.plans.all()}
        if named and plan.pk not in named:
            return False
        children = {one.child.person_id for one in self.plans}
        return self.gives_scores and (member.person_id not in children or member.pk in self.asked_children)

    def children_to_ask(self) -> list[CoreGroupMember]:
        """Return the children who came and of whom nobody has decided that they are asked."""
        children = {plan.child.person_id for plan in self.plans}
        return [
            row
            for row in self.members
            if row.person_id in children
            and row.pk not in self.asked_children
            and self.gives_scores
            and self.is_here(row.pk)
        ]

    def sheet(self, plan: Plan, sitting_id: SittingId) -> ScoreSheet:
        """Return who sits there and is asked about one child, who has answered and, once shown, the scores."""
        seats, ended = self.seats.get(sitting_id, {}), self.ended.get((plan.child_id, sitting_id))
        own = {row.member_id: row for row in self.scores if row.child_id == plan.child_id}
        scores = {pk: row for pk, row in own.items() if row.sitting_id == sitting_id}
        people = {pk: row.member for pk, row in scores.items()}
        for member in self.members:
            # Whoever sat in two sittings answers in one of them.
            if member.pk in seats and self.sat_in(member.pk) == sitting_id and self.may_be_asked(member, plan):
                people.setdefault(member.pk, member)

        def row_of(member: CoreGroupMember) -> ScoreRow:
            score = scores.get(member.pk)
            is_here = seats.get(member.pk) == Presence.PRESENT and (sitting_id, member.pk) not in self.gone
            if score is None:
                return ScoreRow(member, version=0, score=None, is_here=is_here, is_over=ended is not None)
            return ScoreRow(
                member,
                version=score.version,
                score=score if score.shown_at else None,
                is_here=is_here,
                may_be_shown=may_be_shown(score),
                is_shown=score.shown_at is not None,
                is_over=ended is not None,
            )

        return ScoreSheet(
            child=plan.child,
            scale=self.policy.scale,
            rows=[row_of(people[pk]) for pk in sorted(people)],
            explore_from=self.policy.spread_to_explore,
            shown_at=ended.ended_at if ended else None,
            shown_because=ended.ended_because if ended else "",
            explored=ended.explored if ended else "",
            is_over=ended is not None,
            values_shown=tuple(row.value for row in scores.values() if row.shown_at and row.value is not None),
        )

    def of_plan(self, plan: Plan, sittings: Iterable[SeparateSitting | None]) -> list[SittingScores]:
        """Return the scores for one child in each of these sittings in which anyone has a seat or a score."""
        found = []
        for sitting in sittings:
            sheet = self.sheet(plan, sitting.pk if sitting else None)
            if sheet.rows:
                found.append(SittingScores(plan, sitting, sheet))
        return found


def rounds_of(
    meeting: CoreGroupMeeting, *, plans: Sequence[Plan] | None = None, members: Sequence[CoreGroupMember] | None = None
) -> Rounds:
    """Return the rounds of a meeting about these plans, by default all that were in force on its day."""
    group, day = meeting.core_group, day_of(meeting)
    asked = AskedMember.objects.filter(member__core_group=group, ended_at__isnull=True)
    sittings = meeting.separate_sittings.filter(held_at__isnull=False).select_related("person").order_by("pk")
    return Rounds(
        meeting,
        list(plans_on(group, day)) if plans is None else plans,
        members_on(group, day) if members is None else members,
        list(sittings),
        policy_for(group.authority_id, on=day),
        set(asked.values_list("member", flat=True)),
    )


def rounds_read(record: TheRecord) -> tuple[Rounds, list[SeparateSitting | None]]:
    """Return the rounds as the user of a record reads them, and in which sittings.

    A professional with an account: the meeting of the others, and the sittings in which they were.
    """
    rounds = rounds_of(record.meeting, plans=record.plans, members=record.members)
    own = {row.pk for row in record.members if row.person_id in record.own}
    sittings: list[SeparateSitting | None] = [None]
    for sitting in rounds.sittings:
        seats = rounds.seats.get(sitting.pk, {})
        if not record.own or any(seats.get(pk) == Presence.PRESENT for pk in own):
            sittings.append(sitting)
    return rounds, sittings


def meeting_scores_shown() -> QuerySet[Any, Any]:
    """Return the ids of the scores that may be read at all; all others are hidden from everybody."""
    return MeetingScore.objects.filter(shown_at__isnull=False).values("pk")
