"""The conferences to which a professional with an account is invited, with their report, for their first page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from accounts.models import User
from conferences.access import own_invitations
from conferences.enums import SittingState
from conferences.models import Participant, Sitting
from conferences.selectors.arrivals import own_times
from deadlines.models import Deadline
from deadlines.working_days.arithmetic import civil_day
from reports.enums import ReportState
from reports.models import Report
from reports.selectors.own_report import SUBMITTED


@dataclass(frozen=True)
class OwnConference:
    """One invitation: when they arrive, and how far their report is; ``report`` is empty where none is asked for."""

    participant: Participant
    arrives_at: datetime.datetime
    report: str
    colour: str
    due: datetime.date | None


def own_conferences(user: User, *, now: datetime.datetime) -> list[OwnConference]:
    """Return the user's invitations to conferences still to come, the nearest first."""
    rows = list(own_invitations(user).select_related("conference").order_by("pk"))
    booked = _booked([row.conference_id for row in rows])
    ids = [row.pk for row in rows if row.reports]
    states = dict(
        Report.objects.filter(author__in=ids)
        .exclude(state=ReportState.SUPERSEDED)
        .order_by("number")
        .values_list("author", "state")
    )
    due = {row.fact_id: row for row in Deadline.objects.filter(kind=SUBMITTED, fact_id__in=ids)}
    found = []
    for row in rows:
        sitting = booked.get(row.conference_id)
        if sitting is None:
            continue
        words, colour = _report(row, states.get(row.pk), due.get(row.pk), now=now)
        deadline = due.get(row.pk) if words and colour != "green" else None
        found.append(
            OwnConference(
                participant=row,
                arrives_at=own_times(row, sitting)[0],
                report=words,
                colour=colour,
                due=deadline.plan_for_on if deadline else None,
            )
        )
    return sorted(found, key=lambda one: one.arrives_at)


def _booked(conference_ids: list[int]) -> dict[int, Sitting]:
    going_on = [SittingState.BOOKED, SittingState.IN_SESSION]
    sittings = Sitting.objects.filter(conference__in=conference_ids, state__in=going_on)
    return {row.conference_id: row for row in sittings.order_by("number")}


def _report(
    row: Participant, state: str | None, deadline: Deadline | None, *, now: datetime.datetime
) -> tuple[str, str]:
    if not row.reports:
        return "", ""
    if state == ReportState.SUBMITTED:
        return "Handed in", "green"
    if deadline is not None and deadline.late_from <= now:
        return "Late", "red"
    if deadline is not None and civil_day(deadline.warn_at) <= civil_day(now):
        return "Due soon", "yellow"
    return ("Being written", "blue") if state == ReportState.DRAFT else ("To do", "blue")
