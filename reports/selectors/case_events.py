"""Events of papers for a family's timeline."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from conferences.access import visible_conferences
from deadlines.timeline import CaseEvent
from families.models import Family
from reports.models import Document


def paper_events(user: User, family: Family) -> Iterator[CaseEvent]:
    """Return when letters and minutes of conferences open to the user were released by the chair."""
    conferences = visible_conferences(user).filter(family=family).values("pk")
    documents = Document.objects.filter(
        conference__in=conferences, core_group_meeting__isnull=True, plan__isnull=True, released_at__isnull=False
    )
    for document in documents.only("conference_id", "kind", "released_at").order_by("released_at", "pk"):
        if document.released_at is not None:
            yield CaseEvent(
                document.released_at,
                f"{document.get_kind_display()} released",
                reverse("reports:minutes", args=[document.conference_id]),
            )
