"""What a member without an account sees of their core group: their own part, and what they wrote for the meeting."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from conferences.models import Participant
from core_groups.enums import MeetingState
from core_groups.guest_access import open_to_members
from core_groups.models import AskedMember, CoreGroupMeeting, CoreGroupMember, MeetingScore, OwnWords, ProgressAtMeeting
from core_groups.selectors.apart import times_for
from core_groups.selectors.core_groups import children_around
from deadlines.policies import Policy
from deadlines.policies.amounts import NOT_USED
from deadlines.working_days.arithmetic import civil_day
from entitlement import NOTHING_CONCEALED, Concealed, concealed_from
from families.models import Child
from families.models.persons import ADULT_FROM
from plans.models import PlanAction, carried_out_by


@dataclass(frozen=True)
class OwnPart:
    """Their next time and place, children, own actions with ``own_entry``, and their words and scores by child."""

    meeting: CoreGroupMeeting | None
    at: datetime.datetime | None
    place: str
    children: Sequence[Child]
    actions: Sequence[PlanAction]
    written: dict[int, OwnWords]
    scores: dict[int, MeetingScore]

    @property
    def has_written(self) -> bool:
        return bool(self.written or self.scores) or any(getattr(action, "own_entry", None) for action in self.actions)


def children_of(member: CoreGroupMember, *, on: datetime.date) -> list[Child]:
    """Return the children whose open plans a member is in it for; one who is named for none is in it for all.

    From the 18th birthday on the family has no part in it any more: the young adult decides on contact.
    """
    open_plans = member.core_group.plans.filter(ends_on__isnull=True, child__person__sealed_at__isnull=True)
    named = open_plans.filter(pk__in=member.plans.values("pk"))
    plans = named if member.plans.exists() else open_plans
    children = [plan.child for plan in plans.select_related("child__person", "child__pregnancy").order_by("pk")]
    return [
        child
        for child in children
        if member.post_id is not None or child.person_id == member.person_id or not child.person.turned(ADULT_FROM, on)
    ]


def own_actions(member: CoreGroupMember, *, on: datetime.date) -> QuerySet[PlanAction]:
    """Return the actions of these plans, as they stand, that the member carries out."""
    rows: QuerySet[PlanAction] = PlanAction.objects.filter(
        carried_out_by([member.person_id]),
        until__isnull=True,
        plan__ends_on__isnull=True,
        plan__core_groups=member.core_group_id,
    )
    return rows.filter(plan__child__in=[child.pk for child in children_of(member, on=on)])


def own_part(member: CoreGroupMember, *, on: datetime.date) -> OwnPart:
    """Return a member's own part, in a fixed number of queries. Nothing in it says who or where the others are."""
    group = member.core_group
    planned = list(group.meetings.filter(state=MeetingState.PLANNED).order_by("planned_at", "pk"))
    times = times_for([member.person_id], planned, on=on)
    ahead = [meeting for meeting in planned if meeting.pk in times]
    meeting = min(ahead, key=lambda row: times[row.pk][0], default=None)
    children = children_of(member, on=on)
    actions = list(own_actions(member, on=on).select_related("plan__child__person").order_by("created_at", "pk"))
    at, place = times[meeting.pk] if meeting else (None, "")
    concealed = _concealed(member, on=on)
    written: dict[int, OwnWords] = {}
    scores: dict[int, MeetingScore] = {}
    if meeting is not None:
        mine = {"meeting": meeting, "member": member, "superseded_at__isnull": True}
        written = {row.child_id: row for row in OwnWords.objects.filter(**mine)}
        scores = own_scores(meeting, member)
        entries = {row.action_id: row for row in ProgressAtMeeting.objects.filter(**mine).select_related("recorded")}
        for action in actions:
            action.own_entry = entries.get(action.pk)  # type: ignore[attr-defined]
    shown = [action for action in actions if not concealed.is_in(action.what, action.by_when_words)]
    return OwnPart(meeting, at, "" if concealed.is_in(place) else place, children, shown, written, scores)


def own_scores(meeting: CoreGroupMeeting, member: CoreGroupMember) -> dict[int, MeetingScore]:
    """Return a member's own current scores for a meeting, by child."""
    rows = MeetingScore.objects.filter(meeting=meeting, member=member, superseded_at__isnull=True)
    return {row.child_id: row for row in rows}


def may_be_asked(member: CoreGroupMember, policy: Policy) -> bool:
    """Return whether a member is asked for scores: of the children of the group only by decision."""
    if policy.value("scaling-at-core-groups") == NOT_USED:
        return False
    is_child = member.core_group.plans.filter(child__person=member.person_id).exists()
    return not is_child or AskedMember.objects.filter(member=member, ended_at__isnull=True).exists()


def _concealed(member: CoreGroupMember, *, on: datetime.date) -> Concealed:
    rows = list(children_around(member.core_group))
    council = member.core_group.authority.name
    return concealed_from([member.person], rows, council=council, on=on) if rows else NOTHING_CONCEALED


def core_group_dates(participant: Participant, now: datetime.datetime) -> list[tuple[datetime.datetime, str]]:
    """Return the own times of a conference's guest in the core groups whose page is open to them."""
    members = open_to_members(now).filter(
        person=participant.person_id, core_group__family=participant.conference.family_id
    )
    parts = [own_part(member, on=civil_day(now)) for member in members]
    return [
        (part.at, f"Core group{f', {part.place}' if part.place else ''}")
        for part in parts
        if part.at is not None and part.at > now
    ]
