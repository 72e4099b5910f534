"""Clocks for what goes out after the conference: the decisions letter and the minutes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, When
from django.urls import reverse

from conferences.clocks.managing import naming
from conferences.enums import ConferenceStatus
from conferences.models import Conference
from deadlines.clocks import Clock, register
from deadlines.facts import Families, People, facts
from deadlines.models import Deadline
from reports.access import RELEASED_UNDER
from reports.enums import DocumentKind, DocumentState
from reports.models import Document


def _circulated(families: Families, kind: DocumentKind) -> QuerySet[Any, Any]:
    versions = Document.objects.filter(conference=OuterRef("pk"), kind=kind)
    complete = versions.filter(completed_at__isnull=False).order_by("completed_at")
    released = Exists(versions.filter(state=DocumentState.RELEASED))
    ended = Conference.objects.filter(status=ConferenceStatus.CLOSED, ended_at__isnull=False)
    return facts(
        families.of(ended, "family_id"),
        authority_id="authority_id",
        family_id="family_id",
        fact_id="pk",
        starts_at="ended_at",
        conference_id="pk",
        responsible_ids=People(
            F("coordinator_id"), Case(When(~released, then=naming(families, RELEASED_UNDER[kind], "")))
        ),
        met_at=Subquery(complete.values("completed_at")[:1]),
    )


def decisions_sent(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each conference, from its end until the last person due a letter has one."""
    yield _circulated(families, DocumentKind.DECISIONS_LETTER)


def minutes_sent(families: Families) -> Iterator[QuerySet[Any, Any]]:
    """Yield one fact for each conference, from its end until the last person due the minutes has them."""
    yield _circulated(families, DocumentKind.MINUTES)


def _to_minutes(deadline: Deadline) -> str:
    return reverse("reports:minutes", args=[deadline.conference_id])


def register_clocks() -> None:
    """Register the clocks. Called from ``ReportsConfig.ready``."""
    for clock in CLOCKS:
        register(clock)


CLOCKS = (
    Clock(
        kind="decisions-sent",
        title="Send the decisions letter",
        rule="Everyone due a copy gets the decisions and the plan soon after the meeting ends.",
        facts=decisions_sent,
        url=_to_minutes,
        button="Prepare and send the decisions letter",
        event="end of the meeting",
        met_when="the last person due a copy has it",
    ),
    Clock(
        kind="minutes-sent",
        title="Send the minutes",
        rule="Everyone due a copy gets the minutes after the meeting ends.",
        facts=minutes_sent,
        url=_to_minutes,
        button="Prepare and send the minutes",
        event="end of the meeting",
        met_when="the last person due a copy has it",
    ),
)
