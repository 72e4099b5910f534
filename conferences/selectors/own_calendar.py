"""A user's own conferences, for the calendar read at their secret address."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse

from accounts.models import User
from conferences.access import own_invitations, visible_conferences
from conferences.enums import Capacity, ConferenceStatus, ParticipantStatus, Reply, SittingState
from conferences.guest_access import COUNCILS_OWN
from conferences.models import Conference, Participant, Sitting, StandIn
from conferences.selectors.arrivals import own_times
from deadlines.own_meetings import SHOWN_AFTERWARDS, OwnMeeting
from deadlines.working_days.arithmetic import civil_day

STAYS_AWAY = (Reply.NOT_COMING, Reply.REPORT_ONLY, Reply.DEPUTY)
AS_WHAT = {Capacity.CHAIR: "Conference, you chair", Capacity.COORDINATOR: "Conference, you coordinate"}


def conferences_for_calendar(user: User, now: datetime.datetime) -> Iterator[OwnMeeting]:
    """Yield each sitting, not cancelled, that the user chairs, coordinates, stands in for or is invited to.

    Whoever is invited sees their own times; whoever has said no, or was taken off the list, sees nothing. What the
    user may not open is left out. A fixed number of queries.
    """
    since = now - SHOWN_AFTERWARDS
    yield from _run_or_attended(user, since=since)
    yield from _invited_from_elsewhere(user, since=since)


def _sittings(since: datetime.datetime, *, path: str = "sittings") -> Any:
    rows = Sitting.objects.exclude(state=SittingState.CANCELLED).filter(booked_until__gte=since)
    return Prefetch(path, rows.order_by("number"), to_attr="to_show")


def _run_or_attended(user: User, *, since: datetime.datetime) -> Iterator[OwnMeeting]:
    sittings = Sitting.objects.exclude(state=SittingState.CANCELLED).filter(booked_until__gte=since)
    invited = Participant.objects.filter(
        person__user=user, status=ParticipantStatus.INVITED, capacity__in=COUNCILS_OWN
    ).exclude(reply__in=STAYS_AWAY)
    stand_ins = StandIn.objects.filter(user=user, ended_at__isnull=True)
    rows = (
        visible_conferences(user)
        .filter(pk__in=sittings.values("conference"))
        .exclude(status=ConferenceStatus.CANCELLED)
        .filter(
            Q(coordinator=user)
            | Q(pk__in=sittings.filter(chair=user).values("conference"))
            | Q(pk__in=invited.values("conference"))
            | Q(pk__in=stand_ins.values("conference"))
        )
        .prefetch_related(
            _sittings(since),
            Prefetch("participants", invited.order_by("pk"), to_attr="own_rows"),
            Prefetch("stand_ins", stand_ins, to_attr="own_stand_ins"),
        )
        .order_by("pk")
    )
    for conference in rows:
        for sitting in conference.to_show:  # type: ignore[attr-defined]
            as_what = _as_what(user, conference, sitting)
            if as_what:
                row = _row_for(sitting, conference.to_show, conference.own_rows)  # type: ignore[attr-defined]
                path = reverse("conferences:overview", args=[conference.pk])
                yield _meeting(conference, sitting, row, as_what=as_what, path=path)


def _as_what(user: User, conference: Conference, sitting: Sitting) -> str:
    if sitting.chair_id == user.pk:
        return AS_WHAT[Capacity.CHAIR]
    day = civil_day(sitting.starts_at)
    if any(row.starts_on <= day < row.ends_on for row in conference.own_stand_ins):  # type: ignore[attr-defined]
        return "Conference, you stand in for the chair"
    if conference.coordinator_id == user.pk:
        return AS_WHAT[Capacity.COORDINATOR]
    # Whoever ran it until someone else took over may still be on its list in that capacity.
    own = [row for row in conference.own_rows if row.capacity not in AS_WHAT]  # type: ignore[attr-defined]
    return "Conference" if own else ""


def _invited_from_elsewhere(user: User, *, since: datetime.datetime) -> Iterator[OwnMeeting]:
    rows = (
        own_invitations(user)
        .exclude(reply__in=STAYS_AWAY)
        .select_related("conference")
        .prefetch_related(_sittings(since, path="conference__sittings"))
        .order_by("pk")
    )
    for row in rows:
        sittings = row.conference.to_show  # type: ignore[attr-defined]
        for sitting in sittings:
            path = reverse("conferences:my-invitation", args=[row.pk])
            own = _row_for(sitting, sittings, [row])
            yield _meeting(row.conference, sitting, own, as_what="Conference", path=path)


def _row_for(sitting: Sitting, sittings: Sequence[Sitting], rows: Sequence[Participant]) -> Participant | None:
    """Return the user's row for the newest sitting: its arrival time is not that of an earlier one."""
    return rows[0] if rows and sitting == sittings[-1] else None


def _meeting(
    conference: Conference, sitting: Sitting, row: Participant | None, *, as_what: str, path: str
) -> OwnMeeting:
    starts_at, ends_at = (
        own_times(row, sitting) if row is not None else (sitting.professionals_arrive_at, sitting.booked_until)
    )
    return OwnMeeting(
        key=f"sitting-{sitting.pk}",
        summary=f"{conference.reference}: {as_what}",
        starts_at=starts_at,
        ends_at=ends_at,
        path=path,
        family_id=conference.family_id,
    )
