"""Whether the time agreed for the core group is free: for whoever carries the plan, and in the council's room."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from conferences.enums import SittingState
from conferences.models import Conference, Decision, Sitting
from deadlines.own_meetings import meetings_of

# Ours: only the beginning of a core group is agreed.
LASTS = datetime.timedelta(hours=1)
GONE = (SittingState.CANCELLED,)


def why_not_free(conference: Conference, decisions: Iterable[Decision], *, now: datetime.datetime) -> list[str]:
    """Return what stands against the core group's time, one sentence each; it never stops it from being agreed.

    Nothing is said of what somebody is doing then. Three queries for each key worker, at most one for the room.
    """
    at = conference.first_core_group_at
    if at is None:
        return []
    ends = at + LASTS
    workers = {row.key_worker_id: row.key_worker for row in decisions if row.leaves_a_plan and row.key_worker}
    found = [
        f"{worker.name}, the key worker, is in another meeting then."
        for worker in workers.values()
        if any(
            # The family's own core group, planned before, is the one that this time replaces.
            one.starts_at < ends and one.ends_at > at and one.family_id != conference.family_id
            for one in meetings_of(worker, now=now)
        )
    ]
    place = conference.first_core_group_place.strip()
    taken = Sitting.objects.filter(
        room__authority=conference.authority_id, room__name__iexact=place, booked_from__lt=ends, booked_until__gt=at
    ).exclude(state__in=GONE)
    if place and taken.exists():
        found.append(f"{place} is taken then.")
    return found
