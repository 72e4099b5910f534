"""What waits around a meeting: corrections, going on without a quorum, and the next sitting of one adjourned."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.readers import Reader
from conferences.access import RULES
from conferences.agreed_by import named_rule
from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Conference
from conferences.selectors.broken_off import waits_for_next_sitting
from deadlines.to_decide import DecisionKind, matters
from families.selectors.names import full_name_in_sql
from meetings.enums import LateState
from meetings.models import DecisionCorrection, EntryMove, LateEntry, WithoutQuorum
from meetings.selectors.without_quorum import KEY as AGREED_BY


def _corrections(reader: Reader) -> QuerySet[Any, Any]:
    """Return corrections that wait for the user's side; no one can agree on both sides."""
    chaired, managed = (RULES[to].visible(Conference.objects.all(), reader).values("pk") for to in ("chair", "manage"))
    conference = "decision__conference_child__conference"
    sides = Q(**{f"{conference}__in": chaired}, chair_agreed_by__isnull=True) & ~Q(manager_agreed_by=reader.pk)
    sides |= Q(**{f"{conference}__in": managed}, manager_agreed_by__isnull=True) & ~Q(chair_agreed_by=reader.pk)
    rows = DecisionCorrection.objects.filter(sides, made_at__isnull=True, refused_at__isnull=True)
    return matters(
        rows,
        since="asked_at",
        args=[conference, "pk"],
        family=f"{conference}__family_id",
        about=full_name_in_sql("decision__conference_child__child__person"),
    )


def _without_quorum(reader: Reader) -> QuerySet[Any, Any]:
    """Return meetings in session that go on without a quorum once the user, whom the procedures name, has agreed."""
    conferences = Conference.objects.all()
    named = named_rule(AGREED_BY).visible(conferences, reader).values("pk")
    chaired = RULES["chair"].visible(conferences, reader).values("pk")
    rows = WithoutQuorum.objects.filter(
        agreed_at__isnull=True, sitting__state=SittingState.IN_SESSION, sitting__conference__in=named
    )
    return matters(
        rows.exclude(party="").exclude(asked_by=reader.pk).exclude(sitting__conference__in=chaired),
        since="asked_at",
        args=["sitting__conference_id"],
        family="sitting__conference__family_id",
        about=Cast(F("sitting__conference__reference"), CharField()),
    )


def _moves(reader: Reader) -> QuerySet[Any, Any]:
    """Return entries of a conference to be moved to another child, which someone else asked for."""
    rows = EntryMove.objects.filter(needs_agreement=True, moved_at__isnull=True, refused_at__isnull=True)
    agreed_by = RULES["agree"].visible(Conference.objects.all(), reader).values("pk")
    return matters(
        rows.filter(conference__in=agreed_by).exclude(asked_by=reader.pk),
        since="asked_at",
        args=["conference_id", "pk"],
        family="family_id",
        about=full_name_in_sql("from_child__person"),
    )


def _late(reader: Reader) -> QuerySet[Any, Any]:
    """Return attendance that arrived late while its meeting goes on, for the chair."""
    chaired = RULES["chair"].visible(Conference.objects.filter(status=ConferenceStatus.OPEN), reader).values("pk")
    return matters(
        LateEntry.objects.filter(state=LateState.WAITS, conference__in=chaired),
        since="arrived_at",
        args=["conference_id"],
        family="conference__family_id",
        about=full_name_in_sql("participant__person"),
    )


def _next_sittings(reader: Reader) -> QuerySet[Any, Any]:
    """Return conferences that were broken off and wait for their next sitting, for whoever may book it."""
    rows = RULES["arrange"].visible(waits_for_next_sitting(Conference.objects.all()), reader)
    return matters(
        rows, since="broken_off_at", args=["pk"], family="family_id", about=Concat(Value("Conference "), "reference")
    )


KINDS = (
    DecisionKind(
        "next-sitting",
        "Book the next sitting of a conference that was adjourned",
        "meetings:book-next-sitting",
        _next_sittings,
        order=19,
    ),
    DecisionKind(
        "late-attendance",
        "Let attendance that arrived late stand, or set it aside",
        "meetings:attendance",
        _late,
        order=21,
    ),
    DecisionKind("move", "Agree to move an entry to another child, or refuse", "meetings:see-move", _moves, order=45),
    DecisionKind(
        "without-quorum",
        "Agree to going on without a quorum",
        "meetings:agree-without-quorum",
        _without_quorum,
        order=20,
    ),
    DecisionKind(
        "correction", "Agree to correct a decision, or refuse", "meetings:see-correction", _corrections, order=40
    ),
)
