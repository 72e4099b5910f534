"""Reads about core groups."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from accounts.enums import Role
from accounts.models import User
from conferences.enums import PartKind, Presence
from conferences.models import Attendance, Conference
from core_groups.access import AS_MEMBER, CORE_GROUP_RULE
from core_groups.enums import APART, MeetingState
from core_groups.models import ApartDecision, CoreGroup, CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.apart import is_kept_apart, removed_from, times_for
from core_groups.selectors.held import for_children
from core_groups.selectors.plan_changes import NewestChange, newest_change
from core_groups.selectors.to_tell import how_many_to_tell
from families.models import Child, Post
from govuk.words import listed
from plans.enums import Progress
from plans.models import Plan, PlanAction, carried_out_by
from plans.selectors.document import Document, compose, with_words
from plans.selectors.own_copies import entries_for

_OPEN_OR_NOT = Prefetch("plans", Plan.objects.select_related("child__person").order_by("pk"))


def members_of(group: CoreGroup, *, on: datetime.date) -> QuerySet[CoreGroupMember]:
    """Return the group's members on the civil day ``on``, with person, post and agency."""
    return (  # type: ignore[no-any-return]
        CoreGroupMember.objects.current(on=on)
        .filter(core_group=group)
        .select_related("person", "post__agency")
        .prefetch_related(_OPEN_OR_NOT)
        .order_by("pk")
    )


def past_members_of(group: CoreGroup, *, on: datetime.date) -> QuerySet[CoreGroupMember]:
    """Return who left the group, wholly or for a child, newest first."""
    return (
        CoreGroupMember.objects.filter(core_group=group, ends_on__lte=on)
        .select_related("person")
        .prefetch_related(_OPEN_OR_NOT)
        .order_by("-ends_on", "-pk")
    )


def group_page(group: CoreGroup) -> CoreGroup:
    """Return ``group`` with plans and meetings, in a fixed number of queries."""
    return (
        CoreGroup.objects.select_related("family", "conference")
        .prefetch_related(
            Prefetch("plans", Plan.objects.select_related("child__person").order_by("pk")),
            Prefetch(
                "meetings",
                CoreGroupMeeting.objects.annotate(to_be_told=how_many_to_tell())
                .prefetch_related("present__person", "separate_sittings__person", for_children())
                .order_by("number"),
            ),
        )
        .get(pk=group.pk)
    )


def children_around(group: CoreGroup) -> QuerySet[Child]:
    """Return the children of the group's plans and of the family: where each of them is may be hidden from a member."""
    theirs = Q(person__memberships__family=group.family_id) | Q(plans__core_groups=group.pk)
    rows: QuerySet[Child] = Child.objects.filter(theirs).select_related("person").distinct().order_by("pk")
    return rows


def people_apart_after(conference: Conference) -> set[int]:
    """Return the ids of people who have a sitting of their own in the core groups of the children, as last decided."""
    rows = ApartDecision.objects.filter(core_group__in=groups_after(conference).order_by().values("pk"))
    newest = {(row.core_group_id, row.person_id): row.how for row in rows.order_by("decided_at", "pk")}
    return {person_id for (_, person_id), how in newest.items() if how in APART}


def next_number(group: CoreGroup) -> int:
    """Return the number of the group's next meeting."""
    return int(group.meetings.aggregate(last=Max("number"))["last"] or 0) + 1


def planned_meeting(group: CoreGroup) -> CoreGroupMeeting | None:
    """Return the next meeting that has a time and has not been held."""
    planned = group.meetings.filter(state=MeetingState.PLANNED)
    return planned.prefetch_related("separate_sittings__person").order_by("planned_at", "pk").first()


def open_groups() -> QuerySet[CoreGroup]:
    """Return the core groups that go on: at least one of their plans is open."""
    carried = CoreGroup.plans.through.objects.filter(plan__ends_on__isnull=True)
    return CoreGroup.objects.filter(ended_on__isnull=True, pk__in=carried.values("coregroup"))


def meetings_to_cancel() -> QuerySet[CoreGroupMeeting]:
    """Return the planned meetings of core groups in which no plan is left."""
    theirs = Plan.objects.filter(core_groups=OuterRef("core_group"))
    rows: QuerySet[CoreGroupMeeting] = CoreGroupMeeting.objects.filter(
        Exists(theirs),
        ~Exists(theirs.filter(ends_on__isnull=True)),
        state=MeetingState.PLANNED,
        core_group__goes_on_in__isnull=True,
    )
    return rows


def groups_after(conference: Conference) -> QuerySet[CoreGroup]:
    """Return the core groups, by age, that go on with a plan of a child of this conference."""
    children = conference.children.filter(withdrawn_at__isnull=True).values("child")
    plans = Plan.objects.filter(child__in=children, ends_on__isnull=True)
    carrying = CoreGroup.plans.through.objects.filter(plan__in=plans.values("pk"))
    return open_groups().filter(pk__in=carrying.values("coregroup")).order_by("formed_on", "pk")


def group_of_conference(conference_id: int, groups: QuerySet[CoreGroup]) -> CoreGroup | None:
    """Return, among ``groups``, the one that a conference formed or whose plans it reviewed."""
    reviewed = Plan.objects.filter(child__conferences__conference=conference_id)
    found = groups.filter(Q(conference=conference_id) | Q(plans__in=reviewed), goes_on_in__isnull=True)
    return (
        found.annotate(formed_here=Q(conference=conference_id))
        .order_by("-formed_here", F("ended_on").desc(nulls_first=True), "-formed_on", "-pk")
        .first()
    )


@dataclass(frozen=True)
class PlanForMember:
    """One open plan that a member helps carry out: what is agreed, which actions are theirs, what changed last."""

    plan: Plan
    document: Document
    actions: Sequence[PlanAction]
    own: Sequence[PlanAction]
    newest: NewestChange | None


@dataclass(frozen=True)
class OwnMeeting:
    """A meeting as one member knows it: when and where they themselves meet, and whether its record is theirs."""

    meeting: CoreGroupMeeting
    at: datetime.datetime
    place: str
    is_closed: bool = False


@dataclass(frozen=True)
class MembersPart:
    """What a professional sees of their core group: their plans, their actions, meetings since they joined."""

    plans: Sequence[PlanForMember]
    meetings: Sequence[OwnMeeting]
    # Whether they must not meet others, so that what was said and who was there is not theirs to read here.
    is_apart: bool
    next: OwnMeeting | None


def members_part(group: CoreGroup, user: User, *, on: datetime.date) -> MembersPart:
    """Return the part of the group's work that concerns a member, until they leave or the plans end.

    They see what was agreed in a confidential part, or is someone's private information, only if they attended
    that part or are to carry it out: as in their copy of the minutes. Whoever must not meet others sees only
    their own sittings.
    """
    own = list(CoreGroupMember.objects.current(on=on).filter(core_group=group, person__user=user))
    joined = min((row.starts_on for row in own if row.starts_on), default=group.formed_on)
    open_plans = group.plans.filter(ends_on__isnull=True).select_related("child__person", "authority").order_by("pk")
    named = Plan.objects.filter(
        pk__in=CoreGroupMember.plans.through.objects.filter(coregroupmember__in=own).values("plan")
    )
    plans = list(open_plans.filter(pk__in=named.values("pk")) if named.exists() else open_plans)
    persons = {row.person_id for row in own}
    standing = PlanAction.objects.standing().filter(plan__in=plans).filter(heard_by(persons))
    actions = list(with_words(standing, actions=True))
    entries = entries_for(plans, persons, on=on)
    rows = list(group.meetings.filter(Q(held_at__date__gte=joined) | Q(held_at__isnull=True)).order_by("number"))
    times = times_for(persons, rows, on=on)
    closed = removed_from(times, persons)
    meetings = [OwnMeeting(row, *times[row.pk], is_closed=row.pk in closed) for row in rows if row.pk in times]
    ahead = [row for row in meetings if row.meeting.state == MeetingState.PLANNED]
    return MembersPart(
        is_apart=is_kept_apart(user, group),
        next=min(ahead, key=lambda row: row.at, default=None),
        plans=[
            PlanForMember(
                plan=plan,
                document=compose(
                    [plan],
                    entries=[row for row in entries if row.plan_id == plan.pk],
                    actions=[row for row in actions if row.plan_id == plan.pk],
                ),
                actions=[row for row in actions if row.plan_id == plan.pk],
                own=[row for row in actions if row.plan_id == plan.pk and _theirs(row, persons)],
                newest=newest_change(plan, persons, heard_by(persons), on=on),
            )
            for plan in plans
        ],
        meetings=meetings,
    )


@dataclass(frozen=True)
class OwnGroup:
    """A core group as it stands on a member's first page: for which children, when they next meet, what they do."""

    group: CoreGroup
    children: str
    next: OwnMeeting | None
    actions: list[PlanAction]


def own_groups(user: User, *, on: datetime.date) -> list[OwnGroup]:
    """Return the core groups that a professional with an account is in, in a fixed number of queries."""
    visible = CORE_GROUP_RULE.visible(CoreGroup.objects.select_related("family"), user).order_by("family__case_number")
    groups = [row for row in visible if row.right == AS_MEMBER] if user.holds(Role.PROFESSIONAL) else []  # type: ignore[attr-defined]
    if not groups:
        return []
    own = list(CoreGroupMember.objects.current(on=on).filter(person__user=user, core_group__in=groups))
    links = CoreGroupMember.plans.through.objects.filter(coregroupmember__in=own, plan__ends_on__isnull=True)
    rows = links.order_by("plan").select_related("coregroupmember", "plan__child__person")
    names = [(row.coregroupmember.core_group_id, row.plan.child.person.short_name) for row in rows]
    actions = _own_actions(own, {(row.coregroupmember.core_group_id, row.plan_id) for row in rows})
    planned = list(CoreGroupMeeting.objects.filter(core_group__in=groups, state=MeetingState.PLANNED))
    times = times_for({row.person_id for row in own}, planned, on=on)
    ahead = sorted((OwnMeeting(row, *times[row.pk]) for row in planned if row.pk in times), key=lambda one: one.at)
    return [
        OwnGroup(
            group=group,
            children=listed(list(dict.fromkeys(name for pk, name in names if pk == group.pk))),
            next=next((one for one in ahead if one.meeting.core_group_id == group.pk), None),
            actions=actions[group.pk],
        )
        for group in groups
    ]


def _own_actions(own: list[CoreGroupMember], plans: set[tuple[int, int]]) -> dict[int, list[PlanAction]]:
    """Return by core group what its member carries out in these plans, as the plans stand and not yet done."""
    found: dict[int, list[PlanAction]] = defaultdict(list)
    rows = PlanAction.objects.filter(
        carried_out_by([member.person_id for member in own]),
        until__isnull=True,
        plan__in=[plan_id for _, plan_id in plans],
    ).exclude(progress__in=[Progress.DONE, Progress.GIVEN_UP])
    for action in rows.select_related("plan__child__person").order_by("by_when", "pk"):
        for group_id in sorted(group_id for group_id, plan_id in plans if plan_id == action.plan_id):
            found[group_id].append(action)
    return found


def heard_by(persons: set[int]) -> Q:
    """Match actions that need not be kept from these people."""
    there = Attendance.objects.filter(participant__person__in=persons, presence=Presence.PRESENT).values("part")
    private = PlanAction.private_to.through.objects.all()
    kept = Q(outline__part__kind=PartKind.CONFIDENTIAL) | Q(pk__in=private.values("planaction"))
    return ~kept | Q(outline__part__in=there) | carried_out_by(persons)


def _theirs(action: PlanAction, persons: set[int]) -> bool:
    sharers = [person for row in action.sharers.all() for person in _people_of(row.person_id, row.post)]
    return bool({*_people_of(action.who_person_id, action.who_post), *sharers} & persons)


def _people_of(person_id: int | None, post: Post | None) -> set[int | None]:
    return {person_id, post.person_id if post else None}
