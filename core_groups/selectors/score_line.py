"""Scores given at core group meetings, for the line of a child's scores, and which of it a member is entitled to."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator

from django.utils import timezone

from accounts.models import User
from conferences.enums import Given, Presence
from conferences.models import Attendance
from conferences.score_line import GivenScore
from core_groups.enums import MeetingState
from core_groups.models import CoreGroup, CoreGroupMember, MeetingScore
from core_groups.selectors.apart import is_kept_apart


def scores_at_core_groups(children: Collection[int]) -> Iterator[GivenScore]:
    """Yield the scores of these children that were shown at core group meetings, in one query."""
    rows = MeetingScore.objects.filter(
        child__in=children,
        superseded_at__isnull=True,
        shown_at__isnull=False,
        given=Given.GIVEN,
        meeting__state=MeetingState.HELD,
    ).order_by("meeting__held_at", "value", "pk")
    for child, held_at, scale, value, group, sitting in rows.values_list(
        "child", "meeting__held_at", "scale", "value", "meeting__core_group", "sitting"
    ):
        yield GivenScore(
            child, timezone.localdate(held_at), scale, value or 0, core_group=group, is_apart=sitting is not None
        )


def theirs_to_see(group: CoreGroup, user: User, *, on: datetime.date) -> Callable[[GivenScore], bool]:
    """Return what tells which scores a professional member reads: where they took part, and in their group since then.

    Whoever must not meet others reads none of it here, and no one in it what was given in a sitting of someone's own.
    """
    own = list(CoreGroupMember.objects.current(on=on).filter(core_group=group, person__user=user))
    joined = min((row.starts_on for row in own if row.starts_on), default=group.formed_on)
    apart = is_kept_apart(user, group)
    there = Attendance.objects.filter(participant__person__user=user, presence=Presence.PRESENT)
    parts = set(there.values_list("part", flat=True))

    def may_show(score: GivenScore) -> bool:
        if apart:
            return False
        if score.core_group is not None:
            return score.core_group == group.pk and score.on >= joined and not score.is_apart
        return score.part in parts

    return may_show
