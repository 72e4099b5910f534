"""Children who moved here with another council's plan, and the last day for their conference."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.request_cache import once_per_request
from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild, Decision
from conferences.selectors.children import why_ended
from deadlines.policies import Limit, policies_of
from deadlines.working_days.arithmetic import due
from deadlines.working_days.calendars import calendar_for
from families.enums import LASTING_TRANSFERS
from families.models import Child, Family, TransferIn

LIMIT = "transfer-in-conference"
NOT_OVER = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


@dataclass(frozen=True)
class TransferRow:
    """One move: what is known of it, the last day for the conference, and what became of it."""

    transfer: TransferIn
    limit: Limit
    last_day: datetime.date
    plan_for: datetime.date
    conference: Conference | None
    decided: bool

    @property
    def is_running(self) -> bool:
        return self.transfer.state in LASTING_TRANSFERS and not self.decided

    @property
    def needs_conference(self) -> bool:
        booked = self.conference is not None and self.conference.status != ConferenceStatus.REQUESTED
        return self.is_running and not booked and not why_ended(self.transfer.child)

    @property
    def words(self) -> str:
        if self.decided:
            return "Decided at a conference"
        if self.is_running and self.conference is not None:
            return f"Conference {self.conference.get_status_display().lower()}"
        return self.transfer.get_state_display()

    @property
    def colour(self) -> str:
        if self.needs_conference:
            return "yellow"
        return "green" if self.decided else "blue" if self.is_running else "grey"


def transfers_of(family: Family) -> list[TransferRow]:
    """Return the family's recorded moves here, newest first, in a fixed number of queries, once per page."""
    return once_per_request(("transfers", family.pk), lambda: _transfers_of(family))


def _transfers_of(family: Family) -> list[TransferRow]:
    rows = list(
        family.transfers_in.select_related("child__person", "child__pregnancy", "recorded_by", "state_by").order_by(
            "-notified_on", "-pk"
        )
    )
    live: dict[int, Conference] = {}
    held = ConferenceChild.objects.filter(transfer__in=rows, withdrawn_at__isnull=True, conference__status__in=NOT_OVER)
    for child in held.select_related("conference").order_by("pk"):
        live[child.transfer_id or 0] = child.conference
    decided = set(
        _decided().filter(conference_child__transfer__in=rows).values_list("conference_child__transfer", flat=True)
    )
    policies = policies_of({row.policy_version_id for row in rows})
    calendar = calendar_for(family.authority_id)
    found = []
    for row in rows:
        limit = policies[row.policy_version_id].limit(LIMIT)
        last_day = due(limit, row.notified_on, calendar).on
        found.append(
            TransferRow(
                transfer=row,
                limit=limit,
                last_day=last_day,
                plan_for=calendar.day_to_plan_for(last_day),
                conference=live.get(row.pk),
                decided=row.pk in decided,
            )
        )
    return found


def waiting_transfers(family: Family) -> list[TransferIn]:
    """Return moves here for good, or not known to be otherwise, that have no conference booked."""
    return [row.transfer for row in transfers_of(family) if row.needs_conference]


def running_transfer(child: Child) -> TransferIn | None:
    """Return the child's move that still awaits the conference's decision."""
    return running_transfers([child]).get(child.pk)


def running_transfers(children: Iterable[Child]) -> dict[int, TransferIn]:
    """Return, by child, the first move that still awaits the conference's decision."""
    lasting = TransferIn.objects.filter(child__in=list(children), state__in=LASTING_TRANSFERS).exclude(
        pk__in=_decided().values("conference_child__transfer")
    )
    return {row.child_id: row for row in lasting.order_by("-notified_on", "-pk")}


def last_day_of_transfers(transfers: Iterable[TransferIn], *, authority_id: int) -> datetime.date | None:
    """Return the last day within the limit for a conference about all of them: the earliest of the siblings'."""
    rows = list(transfers)
    policies = policies_of({row.policy_version_id for row in rows})
    calendar = calendar_for(authority_id)
    days = [due(policies[row.policy_version_id].limit(LIMIT), row.notified_on, calendar).on for row in rows]
    return min(days, default=None)


def _decided() -> QuerySet[Decision]:
    return Decision.objects.filter(conference_child__transfer__isnull=False, superseded_by__isnull=True)
