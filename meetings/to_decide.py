"""Corrections of decisions, to which the chair and a manager have to agree."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.readers import Reader
from conferences.access import RULES
from conferences.models import Conference
from deadlines.to_decide import DecisionKind, matters
from families.selectors.names import full_name_in_sql
from meetings.models import DecisionCorrection


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


CORRECTION = DecisionKind(
    "correction", "Agree to correct a decision, or refuse", "meetings:see-correction", _corrections, order=40
)
