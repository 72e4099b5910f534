"""What one member of a core group is asked at a meeting, to enter themselves: a score for each child."""

from __future__ import annotations

import datetime

from accounts.models import User
from conferences.selectors.children import short_name_of
from core_groups.enums import MeetingState
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from core_groups.selectors.rounds import Rounds, rounds_of
from meetings.selectors.own_answers import AskedOf, OwnAnswers

# Ours: a meeting has no end that is recorded; people are asked at it until the evening, also where it began at noon.
ASKED_FOR = datetime.timedelta(hours=8)


def is_under_way(meeting: CoreGroupMeeting, now: datetime.datetime) -> bool:
    """Return whether members may still answer themselves; whoever records the meeting may enter scores later too."""
    return (
        meeting.state == MeetingState.HELD
        and meeting.held_at is not None
        and meeting.held_at <= now < meeting.held_at + ASKED_FOR
        and meeting.core_group.ended_on is None
    )


def meeting_under_way(member: CoreGroupMember, now: datetime.datetime) -> CoreGroupMeeting | None:
    """Return the meeting of the member's group that goes on now and to which they came, whichever sitting of it."""
    rows = CoreGroupMeeting.objects.filter(
        core_group=member.core_group_id, state=MeetingState.HELD, held_at__lte=now, held_at__gt=now - ASKED_FOR
    )
    for meeting in rows.order_by("-held_at"):
        meeting.core_group = member.core_group
        if is_under_way(meeting, now) and rounds_of(meeting).came(member.pk):
            return meeting
    return None


def own_scores_asked(
    meeting: CoreGroupMeeting, member: CoreGroupMember, *, now: datetime.datetime, rounds: Rounds | None = None
) -> OwnAnswers:
    """Return what a member is asked where they sit; nothing in it says who else is there."""
    rounds = rounds or rounds_of(meeting)
    own = next((row for row in rounds.members if row.pk == member.pk), None)
    sitting_id, is_open = rounds.sat_in(member.pk), is_under_way(meeting, now)
    found: list[AskedOf] = []
    names: dict[int, str] = {}
    for plan in rounds.plans if rounds.is_here(member.pk) else ():
        if own is None or not rounds.may_be_asked(own, plan):
            continue
        is_self = plan.child.person_id == member.person_id
        names[plan.child_id] = "you" if is_self else short_name_of(plan.child)
        sheet = rounds.sheet(plan, sitting_id)
        row = next((row for row in sheet.rows if row.participant.pk == member.pk), None)
        if is_open and plan.is_open and not sheet.is_over:
            found.append(
                AskedOf(
                    child=plan.child,
                    participant=own,
                    name=names[plan.child_id],
                    score=True,
                    has_score=bool(row and row.is_in),
                    is_self=is_self,
                )
            )
    return OwnAnswers(
        rounds.policy,
        found,
        is_open=is_open,
        is_here=rounds.is_here(member.pk),
        is_family=member.is_family,
        part=sitting_id,
        names=names,
    )


def own_member(user: User, meeting: CoreGroupMeeting) -> CoreGroupMember | None:
    """Return the member who the user is themselves and who came to the meeting, in whichever sitting."""
    rounds = rounds_of(meeting)
    own = [row for row in rounds.members if row.person.user_id == user.pk]
    return next((row for row in own if rounds.came(row.pk)), None)
