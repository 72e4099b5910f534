"""Conferences and places in them with what is read beside them, as gatekeepers open them."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from accounts.rows_to_open import RowsToOpen
from conferences.models import Conference, ConferenceChild, Participant


def _with_their_children() -> QuerySet[Conference]:
    children = ConferenceChild.objects.filter(conference=OuterRef("pk")).order_by()
    return Conference.objects.select_related("family__team", "authority", "chair", "coordinator").annotate(
        person_ids=ArraySubquery(children.values("child__person"))
    )


CONFERENCES = RowsToOpen(_with_their_children)
INVITATIONS = RowsToOpen(
    lambda: Participant.objects.select_related("conference__authority", "person", "post", "agency")
)
