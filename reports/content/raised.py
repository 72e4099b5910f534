"""What was raised after a meeting and answered since, added to its minutes as a copy of them is given out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from entitlement import NOTHING_CONCEALED, Concealed
from reports.content.shared import Json
from reports.enums import CommentOutcome, DissentChoice, DocumentKind
from reports.models import Document, LodgedDissent, MinutesComment


def raised_about(document: Document, concealed: Concealed = NOTHING_CONCEALED) -> list[Json]:
    """Return the comments kept beside the minutes, and the dissents, each with its answer, oldest first.

    None for another paper than a conference's minutes. What would say something ``concealed`` from whoever gets the
    copy stays out whole. Two queries, and two for the children.
    """
    if document.kind != DocumentKind.MINUTES or not document.is_of_a_conference:
        return []
    rows = [*_comments(document), *_dissents(document)]
    found = [row for row in rows if not concealed.is_in(row["quoted"], row["text"], row["answer"])]
    return sorted(found, key=lambda row: (row["on"], row["kind"], row["id"]))


def _comments(document: Document) -> Iterable[Json]:
    kept: QuerySet[MinutesComment] = MinutesComment.objects.filter(
        document__conference=document.conference_id, outcome=CommentOutcome.KEPT_BESIDE
    )
    for row in kept.select_related("settled_by").prefetch_related("children"):
        yield {
            **_said("comment", row.pk, row, row.received_on, row.settled_because, row.settled_by),
            "quoted": row.quoted,
        }


def _dissents(document: Document) -> Iterable[Json]:
    answered: QuerySet[LodgedDissent] = LodgedDissent.objects.filter(
        conference=document.conference_id, choice=DissentChoice.LODGED, answered_at__isnull=False
    )
    for row in answered.select_related("answered_by").prefetch_related("children"):
        on = timezone.localdate(row.lodged_at)
        yield {**_said("lodged", row.pk, row, on, row.answer, row.answered_by), "quoted": ""}


def _said(
    kind: str, pk: int, row: MinutesComment | LodgedDissent, on: datetime.date, answer: str, by: User | None
) -> Json:
    return {
        "kind": kind,
        "id": pk,
        "by": row.participant_id,
        "on": on.isoformat(),
        "text": row.text,
        "answer": answer,
        "answered_by": by.name if by else "",
        "printed_for": row.printed_for,
        "children": sorted(one.pk for one in row.children.all()),
        # Released by the answer, which stands in place of both.
        "private_to": [],
        "part": None,
    }
