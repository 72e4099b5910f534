"""Changes to core groups: decisions form them, closing a conference plans the first meeting, meetings continue."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Outcome
from conferences.models import Conference, Decision, Participant
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMeeting, CoreGroupMember
from deadlines.services import reconcile
from plans.enums import PlanKind
from plans.models import Plan

# The key worker or a stand-in, and one other member.
SMALLEST_MEETING = 2


def form_core_group(decision: Decision, _now: datetime.datetime) -> None:
    """Form the siblings' one core group, with its members, after a child protection decision.

    Runs inside the decision's transaction, after the plan was made. Idempotent.
    """
    if decision.outcome != Outcome.CP_PLAN:
        return
    conference = decision.conference_child.conference
    day = decision.sitting.day
    own = Q(child=decision.conference_child.child_id, kind=PlanKind.CP, held_elsewhere="")
    formed = CoreGroup.objects.filter(conference=conference)
    members = Participant.objects.filter(core_group_of=decision.pk).order_by("pk")
    plan = Plan.objects.annotate(
        group_id=Subquery(formed.values("pk")),
        chosen=ArraySubquery(members.values_list(JSONObject(person="person", post="post"))),
    ).get(own, ends_on__isnull=True)
    group = CoreGroup(
        pk=plan.group_id,
        conference=conference,
        authority_id=conference.authority_id,
        family_id=conference.family_id,
        formed_on=day,
    )
    present: dict[tuple[int, int | None], CoreGroupMember] = {}
    if group.pk is None:
        group.save(force_insert=True)
    else:
        active = CoreGroupMember.objects.filter(core_group=group, ends_on__isnull=True)
        present = {(row.person_id, row.post_id): row for row in active}
    group.plans.add(plan)
    # A person may be listed twice.
    chosen = dict.fromkeys((row["person"], row["post"]) for row in plan.chosen)
    added = CoreGroupMember.objects.bulk_create(
        CoreGroupMember(core_group=group, person_id=person, post_id=post, starts_on=day)
        for person, post in chosen
        if (person, post) not in present
    )
    links = CoreGroupMember.plans.through
    links.objects.bulk_create(
        (
            links(coregroupmember=member, plan=plan)
            for member in (*added, *(present[key] for key in chosen if key in present))
        ),
        ignore_conflicts=True,
    )


def plan_first_meeting(conference: Conference, _now: datetime.datetime) -> None:
    """Plan a core group's first meeting at the agreed time, when its conference closes."""
    group = CoreGroup.objects.filter(conference=conference).first()
    if group is None or conference.first_core_group_at is None:
        return
    CoreGroupMeeting.objects.get_or_create(
        core_group=group,
        number=1,
        defaults={"planned_at": conference.first_core_group_at, "place": conference.first_core_group_place},
    )


@transaction.atomic
def record_meeting(
    *,
    core_group: CoreGroup,
    meeting: CoreGroupMeeting | None,
    held_at: datetime.datetime,
    present: Sequence[CoreGroupMember],
    note: str,
    next_at: datetime.datetime | None,
    next_place: str,
    by: User,
    now: datetime.datetime,
) -> CoreGroupMeeting:
    """Record that the core group met, and plan the next meeting where its time is known.

    ``meeting`` is the planned one, None for an unplanned one. It counts as held when the key worker or a
    stand-in and one other member attended. Recording the same meeting twice returns the first. Raises
    ValidationError when the group has ended, the time is in the future or before the group was formed, or no
    one else attended.
    """
    group = CoreGroup.objects.select_for_update().get(pk=core_group.pk)
    if group.ended_on is not None:
        raise ValidationError("This core group has ended.")
    if held_at > now:
        raise ValidationError({"held_on": "This time is in the future. Record the meeting once it has been held."})
    if timezone.localdate(held_at) < group.formed_on:
        raise ValidationError({"held_on": "The core group had not been formed on that day."})
    if len({member.person_id for member in present}) < SMALLEST_MEETING:
        raise ValidationError({"present": "A core group needs the key worker and at least one other member."})
    same = group.meetings.filter(state=MeetingState.HELD, held_at=held_at).first()
    if same:
        return same
    if meeting is None or meeting.state != MeetingState.PLANNED:
        meeting = CoreGroupMeeting(core_group=group, number=group.meetings.count() + 1, planned_at=held_at)
    meeting.state = MeetingState.HELD
    meeting.held_at = held_at
    meeting.note = note
    meeting.recorded_by = by
    with refused_by_database():
        meeting.save()
    meeting.present.set(present)
    if next_at is not None:
        CoreGroupMeeting.objects.create(
            core_group=group, number=group.meetings.count() + 1, planned_at=next_at, place=next_place
        )
    reconcile(family_ids=[group.family_id], now=now)
    return meeting
