"""What someone records of a core group meeting: of which children, by whom, and what is recorded so far."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from conferences.enums import Presence
from core_groups.access import AS_MEMBER
from core_groups.enums import MeetingState
from core_groups.models import (
    CoreGroup,
    CoreGroupMeeting,
    CoreGroupMember,
    MeetingAttendance,
    MeetingNote,
    OwnWords,
    ProgressAtMeeting,
    SeparateSitting,
)
from core_groups.selectors.apart import is_kept_apart, removed_from, standings
from core_groups.selectors.core_groups import heard_by
from deadlines.policies import Policy, policy_for
from families.models import Child, Person
from plans.models import Plan, PlanAction


@dataclass(frozen=True)
class TheRecord:
    """A held meeting as one user records it: of all children, or only of those whose plans they are in it for."""

    meeting: CoreGroupMeeting
    plans: Sequence[Plan]
    members: Sequence[CoreGroupMember]
    sittings: Sequence[SeparateSitting]
    # The ids of the persons of a professional with an account; empty for the family's workers, who see all of it.
    own: frozenset[int]
    # Persons with a sitting of their own in which that professional was not: their words are not theirs to read.
    not_heard: frozenset[int] = frozenset()

    @property
    def group(self) -> CoreGroup:
        return self.meeting.core_group

    @property
    def day(self) -> datetime.date:
        return day_of(self.meeting)

    @cached_property
    def policy(self) -> Policy:
        return policy_for(self.group.authority_id, on=self.day)

    @property
    def children(self) -> list[Child]:
        return [plan.child for plan in self.plans]

    def plan(self, pk: int) -> Plan | None:
        return next((plan for plan in self.plans if plan.pk == pk), None)

    def member(self, pk: int) -> CoreGroupMember | None:
        return next((member for member in self.members if member.pk == pk), None)

    def is_for(self, member: CoreGroupMember, plan: Plan) -> bool:
        """Return whether a member is in it for this child; one who is named for none is in it for all."""
        return is_in_it_for(member, plan)


def is_in_it_for(member: CoreGroupMember, plan: Plan) -> bool:
    """Return whether a member is in it for this child; one who is named for none is in it for all."""
    named = {one.pk for one in member.plans.all()}
    return not named or plan.pk in named


def day_of(meeting: CoreGroupMeeting) -> datetime.date:
    """Return the civil day on which the meeting was held, or is planned."""
    return timezone.localdate(meeting.held_at or meeting.planned_at)


def plans_on(group: CoreGroup, day: datetime.date) -> QuerySet[Plan]:
    """Return the group's plans that were in force on a day, with the child."""
    ended_before = Q(ends_on__lt=day)
    rows: QuerySet[Plan] = group.plans.filter(starts_on__lte=day).exclude(ended_before)
    return rows.filter(child__person__sealed_at__isnull=True).select_related("child__person").order_by("pk")


def membership_on(group: CoreGroup, day: datetime.date) -> QuerySet[CoreGroupMember]:
    """Return the rows of who was in the group on a day.

    Who left for one child since has a row for it beside the one that goes on.
    """
    return (
        CoreGroupMember.objects.filter(core_group=group)
        .filter(Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        .select_related("person", "post__agency")
        .prefetch_related(Prefetch("plans", Plan.objects.select_related("child__person").order_by("pk")))
        .order_by("pk")
    )


def members_on(group: CoreGroup, day: datetime.date) -> list[CoreGroupMember]:
    """Return who was in the group on a day, once each, with person, post, agency and plans."""
    found: dict[tuple[int, int | None], CoreGroupMember] = {}
    for row in membership_on(group, day):
        known = found.get((row.person_id, row.post_id))
        if known is None or known.ends_on is not None:
            found[row.person_id, row.post_id] = row
    return list(found.values())


def the_record(meeting: CoreGroupMeeting, user: User, *, right: str) -> TheRecord | None:
    """Return a held meeting as ``user`` records it; None where it is not theirs to record.

    A professional of another agency records the meetings since they joined, and none while they must not meet others,
    nor one from which they were removed. Of someone's own sitting in which they were not they learn neither when it
    was nor who came, nor what was said.
    """
    group = meeting.core_group
    if meeting.state != MeetingState.HELD:
        return None
    day = day_of(meeting)
    plans, members = list(plans_on(group, day)), members_on(group, day)
    own: set[int] = set()
    if right == AS_MEMBER:
        own = set(Person.objects.filter(user=user).values_list("pk", flat=True))
        theirs = [row for row in members if row.person_id in own]
        if not theirs or is_kept_apart(user, group) or meeting.pk in removed_from([meeting.pk], own):
            return None
        named = {plan.pk for row in theirs for plan in row.plans.all()}
        plans = [plan for plan in plans if plan.is_open and (plan.pk in named or not named)]
    sittings, not_heard = list(meeting.separate_sittings.select_related("person")), set()
    if right == AS_MEMBER:
        there = set(_sittings_of(meeting, own))
        heard = {row.person_id for row in sittings if row.pk in there}
        apart = {pk for pk, row in standings(group, on=day).items() if row.is_apart}
        together = set(meeting.present.values_list("person", flat=True))
        not_heard = (apart | {row.person_id for row in sittings}) - heard - together - own
        sittings = [row for row in sittings if row.pk in there]
    held = [row for row in sittings if row.held_at is not None]
    return TheRecord(meeting, plans, members, held, frozenset(own), frozenset(not_heard))


def _sittings_of(meeting: CoreGroupMeeting, persons: set[int]) -> QuerySet[MeetingAttendance, int]:
    """Return the ids of the separate sittings in which one of these persons was."""
    rows = MeetingAttendance.objects.filter(
        meeting=meeting,
        member__person__in=persons,
        presence=Presence.PRESENT,
        superseded_at__isnull=True,
        sitting__isnull=False,
    )
    return rows.values_list("sitting", flat=True)


def attendance_of(meeting: CoreGroupMeeting) -> QuerySet[MeetingAttendance]:
    """Return who came, to which sitting."""
    rows = MeetingAttendance.objects.filter(meeting=meeting, superseded_at__isnull=True)
    return rows.select_related("member__person", "member__post__agency", "sitting__person").order_by("pk")


def came_to(attendance: Iterable[MeetingAttendance], sitting_id: int | None) -> list[MeetingAttendance]:
    """Return those who were in one sitting; None for the meeting of the others."""
    return [row for row in attendance if row.presence == Presence.PRESENT and row.sitting_id == sitting_id]


def actions_of(record: TheRecord) -> dict[int, list[PlanAction]]:
    """Return each plan's actions as the user may read them, with ``entry`` of this meeting and ``own_entries``.

    They are those that stand, and those of which this meeting spoke.
    """
    spoken_of = ProgressAtMeeting.objects.filter(meeting=record.meeting, superseded_at__isnull=True)
    rows = PlanAction.objects.filter(
        Q(until__isnull=True) | Q(pk__in=spoken_of.values("action")), plan__in=[plan.pk for plan in record.plans]
    )
    if record.own:
        rows = rows.filter(heard_by(set(record.own)))
    entries: dict[int, list[ProgressAtMeeting]] = {}
    heard = spoken_of.filter(_heard_in(record)).exclude(member__person__in=record.not_heard)
    for entry in heard.select_related("member__person", "recorded"):
        entries.setdefault(entry.action_id, []).append(entry)
    found: dict[int, list[PlanAction]] = {plan.pk: [] for plan in record.plans}
    for action in rows.select_related("who_person").prefetch_related("sharers__person").order_by("created_at", "pk"):
        of_action = entries.get(action.pk, [])
        action.entry = next((one for one in of_action if one.member_id is None), None)  # type: ignore[attr-defined]
        action.own_entries = [one for one in of_action if one.member_id is not None]  # type: ignore[attr-defined]
        found[action.plan_id].append(action)
    return found


def _heard_in(record: TheRecord, path: str = "sitting") -> Q:
    """Match what was said where the user may read it: a professional's own sittings, and the others' meeting."""
    if not record.own:
        return Q()
    return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": [row.pk for row in record.sittings]})


def notes_of(record: TheRecord) -> list[MeetingNote]:
    """Return the notes that the user may read, with ``heading_label``: about their children, or all of the group's."""
    rows = (
        MeetingNote.objects.filter(_heard_in(record), meeting=record.meeting, withdrawn_at__isnull=True)
        .select_related("speaker__person", "speaker__post__agency", "sitting__person", "recorded_by", "late")
        .prefetch_related(Prefetch("children", Child.objects.select_related("person").order_by("pk")), "private_to")
        .order_by("recorded_at", "pk")
    )
    theirs = {plan.child_id for plan in record.plans}
    labels = {row.key: row.label for row in record.policy.framework.headings}
    found = []
    for note in rows:
        about = {child.pk for child in note.children.all()}
        if not about or about & theirs:
            note.heading_label = labels.get(note.heading, note.heading)  # type: ignore[attr-defined]
            found.append(note)
    return found


def own_words_of(record: TheRecord) -> list[OwnWords]:
    """Return what members said themselves about the user's children, as far as the user was there to hear it."""
    rows = OwnWords.objects.filter(
        meeting=record.meeting, superseded_at__isnull=True, child__in=[plan.child_id for plan in record.plans]
    ).exclude(member__person__in=record.not_heard)
    return list(rows.select_related("member__person", "child__person").order_by("member", "child"))
