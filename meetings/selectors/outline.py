"""The outline plan: the actions of a meeting that were not withdrawn, and what else it agreed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from conferences.models import Conference, ConferenceChild
from meetings.models import OutlineAction, OutlineEntry


def actions_of(conference: Conference) -> QuerySet[OutlineAction]:
    """Return the drafted plan, in the order in which it was agreed."""
    return (
        actions_drafted(conference)
        .select_related("who__person", "who__agency", "part")
        .prefetch_related("children__child__person", "private_to")
    )


def actions_drafted(conference: Conference) -> QuerySet[OutlineAction]:
    """Return the actions themselves, each with ``named_ids``, the children it names."""
    named = OutlineAction.children.through.objects.filter(outlineaction=OuterRef("pk"))
    return conference.outline.filter(withdrawn_at__isnull=True).annotate(
        named_ids=ArraySubquery(named.values("conferencechild"))
    )


def actions_for(child: ConferenceChild, *, actions: Iterable[OutlineAction] | None = None) -> list[OutlineAction]:
    """Return the actions that concern one child: those that name it and those that name no child."""
    rows: Iterable[Any] = actions_of(child.conference) if actions is None else actions
    return [row for row in rows if not row.named_ids or child.pk in row.named_ids]


def agreed_in(conference: Conference) -> QuerySet[OutlineEntry]:
    """Return outcomes and what is done if something happens, in the order in which they were agreed."""
    return (
        conference.outline_entries.filter(withdrawn_at__isnull=True)
        .select_related("who__person")
        .prefetch_related("children__child__person")
        .order_by("created_at", "pk")
    )


def agreed_for(child: ConferenceChild, entries: Iterable[OutlineEntry]) -> list[OutlineEntry]:
    """Return what was agreed for one child: what names it, and what names no child."""
    return [row for row in entries if child.pk in (named := {one.pk for one in row.children.all()}) or not named]
