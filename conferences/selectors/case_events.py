"""Conferences' events for a family's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from conferences.access import visible_conferences
from conferences.enums import SittingState
from conferences.models import Conference, Sitting
from deadlines.timeline import CaseEvent
from families.models import Family

ENDED_AS = {
    SittingState.BOOKED: "Conference booked",
    SittingState.IN_SESSION: "Conference in session",
    SittingState.ENDED: "Conference held",
    SittingState.ADJOURNED: "Conference adjourned",
    SittingState.INQUORATE: "Conference without a quorum",
}


def conference_events(user: User, family: Family) -> Iterator[CaseEvent]:
    """Yield each of the family's conferences the user may open: requested, booked, invited, held."""
    rows = list(visible_conferences(user).filter(family=family).order_by("pk"))
    for row in rows:
        page = reverse("conferences:overview", args=[row.pk])
        for moment, said in (
            (row.requested_at, "Conference asked for"),
            (row.scheduled_at, "Date of the conference fixed"),
            (row.invited_at, "Invitations sent"),
        ):
            if moment is not None:
                yield CaseEvent(moment, said, page)
    yield from _sittings(rows)


def _sittings(rows: list[Conference]) -> Iterator[CaseEvent]:
    sittings = Sitting.objects.filter(conference__in=[row.pk for row in rows]).order_by("starts_at")
    for sitting in sittings.exclude(state=SittingState.CANCELLED):
        yield CaseEvent(
            sitting.opened_at or sitting.starts_at,
            ENDED_AS[SittingState(sitting.state)],
            reverse("conferences:overview", args=[sitting.conference_id]),
            is_meeting=True,
        )
