"""Conferences' events for the chronology of a case: asked for, booked, held, decided."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from conferences.access import visible_conferences
from conferences.enums import ParticipantStatus, SittingState
from conferences.models import Conference, Decision, Sitting
from conferences.selectors.case_events import ENDED_AS
from families.chronology import CaseScope, EventKind, Source, Told
from govuk.words import listed

# Whoever was not invited, or is kept out, is not told of a conference by its date.
WAS_TOLD = (ParticipantStatus.INVITED, ParticipantStatus.AFTERWARDS)


def _conferences(scope: CaseScope) -> QuerySet[Conference]:
    return visible_conferences(scope.user).filter(family=scope.family)


def _with(column: str) -> Any:
    return lambda scope: _conferences(scope).filter(**{f"{column}__isnull": False})


def _of_conference(path: str) -> Any:
    return lambda children: Q(**{f"{path}children__child__in": children})


def _told(said: str) -> Any:
    def told(row: Conference, scope: CaseScope) -> Told:  # noqa: ARG001
        return Told(
            title=f"{said} ({row.reference})",
            lists_children=True,
            children=_children(row),
            url=reverse("conferences:overview", args=[row.pk]),
        )

    return told


def _children(row: Conference) -> frozenset[int]:
    return frozenset(child.child_id for child in row.children.all() if child.withdrawn_at is None)


def _sittings(scope: CaseScope) -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(conference__in=_conferences(scope).values("pk"))
    return rows.exclude(state=SittingState.CANCELLED)


def _told_sitting(row: Sitting, scope: CaseScope) -> Told:  # noqa: ARG001
    conference = row.conference
    children = _children(conference)
    return Told(
        title=f"{ENDED_AS[SittingState(row.state)]} ({conference.reference})",
        lists_children=True,
        detail=row.state_reason,
        children=children,
        known_to=frozenset(
            participant.person_id for participant in conference.participants.all() if participant.status in WAS_TOLD
        ),
        url=reverse("conferences:overview", args=[conference.pk]),
    )


def _decisions(scope: CaseScope) -> QuerySet[Decision]:
    rows = Decision.objects.filter(conference_child__conference__in=_conferences(scope).values("pk"))
    return rows.filter(conference_child__child__person__sealed_at__isnull=True)


def _told_decision(row: Decision, scope: CaseScope) -> Told:
    child = row.conference_child.child
    return Told(
        title=f"Decided for {listed(scope.called([child.pk])) or child.person.short_name}: {row.get_outcome_display()}",
        detail=f"Corrected since. {row.rationale}" if row.superseded_by_id else row.rationale,
        children=frozenset({child.pk}),
        known_to=frozenset() if row.superseded_by_id else None,
        url=reverse("conferences:overview", args=[row.conference_child.conference_id]),
    )


SOURCES: tuple[Source, ...] = (
    Source(
        "conference-asked", EventKind.MEETING, _with("requested_at"), F("requested_at"), _told("Conference asked for"),
        _of_conference(""), with_lists=("children",), not_for_family=True,
    ),
    Source(
        "conference-booked", EventKind.MEETING, _with("scheduled_at"), F("scheduled_at"),
        _told("Date of the conference fixed"), _of_conference(""), with_lists=("children",), staff_only=True,
    ),
    Source(
        "conference-invited", EventKind.MEETING, _with("invited_at"), F("invited_at"), _told("Invitations sent"),
        _of_conference(""), with_lists=("children",), staff_only=True,
    ),
    Source(
        "sitting", EventKind.MEETING, _sittings, Coalesce(F("opened_at"), F("starts_at")), _told_sitting,
        _of_conference("conference__"), with_rows=("conference",),
        with_lists=("conference__children", "conference__participants"),
    ),
    Source(
        "decision", EventKind.DECISION, _decisions, F("decided_at"), _told_decision,
        lambda children: Q(conference_child__child__in=children), with_rows=("conference_child__child__person",),
    ),
)  # fmt: skip
