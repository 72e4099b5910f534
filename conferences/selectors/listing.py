"""The list of conferences: date, children, chair and status of each."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet

from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Conference, ConferenceChild, Sitting
from conferences.selectors.children import heading_of, kinds_of
from deadlines.clocks import clock_of
from deadlines.models import Deadline
from deadlines.working_days.calendars import calendars_for

STATUS_COLOURS = {
    ConferenceStatus.REQUESTED: "grey",
    ConferenceStatus.SCHEDULED: "blue",
    ConferenceStatus.OPEN: "purple",
    ConferenceStatus.CLOSED: "green",
    ConferenceStatus.CANCELLED: "grey",
}


@dataclass(frozen=True)
class ListRow:
    conference: Conference
    heading: str
    kinds: str
    sitting: Sitting | None
    next_title: str
    next_on: datetime.date | None
    days: int | None

    @property
    def colour(self) -> str:
        return STATUS_COLOURS[ConferenceStatus(self.conference.status)]


def conference_list(conferences: Sequence[Conference], *, today: datetime.date) -> list[ListRow]:
    """Return the rows of one page, in a constant number of queries."""
    deadlines: dict[int, Deadline] = {}
    ids = [row.pk for row in conferences]
    for deadline in Deadline.objects.open().filter(conference_id__in=ids).order_by("plan_for_on", "pk"):
        if deadline.conference_id is not None:
            deadlines.setdefault(deadline.conference_id, deadline)
    calendars = calendars_for({row.authority_id for row in conferences}) if conferences else {}
    found = []
    for conference in conferences:
        children = list(conference.children.all())
        next_deadline = deadlines.get(conference.pk)
        clock = clock_of(next_deadline.kind) if next_deadline else None
        found.append(
            ListRow(
                conference=conference,
                heading=heading_of(children),
                kinds=kinds_of(children),
                sitting=next(iter(conference.sittings.all()), None),
                next_title=clock.title if clock else "",
                next_on=next_deadline.plan_for_on if next_deadline else None,
                days=calendars[conference.authority_id].distance(today, next_deadline.plan_for_on)
                if next_deadline
                else None,
            )
        )
    return found


def for_list(conferences: QuerySet[Conference]) -> QuerySet[Conference]:
    """Prefetch what a row shows; the newest sitting that was not cancelled comes first."""
    children = (
        ConferenceChild.objects.filter(withdrawn_at__isnull=True)
        .select_related("child__person", "child__pregnancy")
        .order_by(F("child__person__birth_date").asc(nulls_last=True), "pk")
    )
    sittings = Sitting.objects.exclude(state=SittingState.CANCELLED).select_related("room").order_by("-number")
    return conferences.select_related("family", "chair").prefetch_related(
        Prefetch("children", children), Prefetch("sittings", sittings)
    )
