"""Conferences' events for the chronology of a case: asked for, booked, held, decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from conferences.access import visible_conferences
from conferences.enums import ParticipantStatus, SittingState
from conferences.models import Conference, ConferenceRequest, Decision, ExclusionRequest, Sitting
from conferences.selectors.case_events import ENDED_AS
from conferences.selectors.requests import of_agencies
from families.chronology import CaseScope, EventKind, Source, Told
from families.selectors.agency_names import name_on_page
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


def _agency_requests(scope: CaseScope) -> QuerySet[ConferenceRequest]:
    return of_agencies(scope.user).filter(family=scope.family)


def _agency_requests_answered(scope: CaseScope) -> QuerySet[ConferenceRequest]:
    return _agency_requests(scope).filter(answered_at__isnull=False)


def _told_request(title: Callable[[ConferenceRequest, str], str], *, with_reason: bool = False) -> Any:
    def told(row: ConferenceRequest, scope: CaseScope) -> Told:
        agency = name_on_page(row.agency, scope.family.pk) if row.agency else ""
        return Told(
            title=title(row, agency),
            detail=row.reason if with_reason else "",
            lists_children=True,
            children=frozenset(child.pk for child in row.children.all()),
            agency=row.agency_id,
            url=reverse("conferences:answer-request", args=[scope.family.pk, row.pk]),
        )

    return told


def _answer_in_words(row: ConferenceRequest, agency: str) -> str:
    return f"Request of {agency} for a conference {'agreed' if row.agreed else 'refused'} ({row.reference})"


def _kept_apart(scope: CaseScope) -> QuerySet[ExclusionRequest]:
    rows = ExclusionRequest.objects.filter(conference__in=_conferences(scope).values("pk"), decided_at__isnull=False)
    return rows.filter(participant__person__sealed_at__isnull=True)


def _told_kept_apart(row: ExclusionRequest, scope: CaseScope) -> Told:  # noqa: ARG001
    person, how = row.participant.person, row.get_how_display().lower()
    # The person reads it once they were told; of others only those to whom the chair released a sentence about it.
    told = {person.pk} if row.told_text.strip() else set()
    told |= {absence.reader.person_id for absence in row.absences_told.all() if absence.ended_at is None}
    return Told(
        title=f"Decided how {person.full_name} takes part ({row.conference.reference}): {how}",
        children=_children(row.conference),
        known_to=frozenset(told),
        persons=frozenset({person.pk}),
        url=reverse("conferences:participant", args=[row.conference_id, row.participant_id]),
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
        "agency-request", EventKind.MEETING, _agency_requests, F("asked_at"),
        _told_request(lambda row, agency: f"{agency} asks for a conference ({row.reference})"),
        lambda children: Q(children__in=children), with_rows=("agency",), with_lists=("children",), staff_only=True,
    ),
    Source(
        "agency-request-answered", EventKind.MEETING, _agency_requests_answered, F("answered_at"),
        _told_request(_answer_in_words, with_reason=True),
        lambda children: Q(children__in=children), with_rows=("agency",), with_lists=("children",), staff_only=True,
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
        "taking-part-decided", EventKind.DECISION, _kept_apart, F("decided_at"), _told_kept_apart,
        _of_conference("conference__"), with_rows=("conference", "participant__person"),
        with_lists=("conference__children", "absences_told__reader"),
    ),
    Source(
        "decision", EventKind.DECISION, _decisions, F("decided_at"), _told_decision,
        lambda children: Q(conference_child__child__in=children), with_rows=("conference_child__child__person",),
    ),
)  # fmt: skip
