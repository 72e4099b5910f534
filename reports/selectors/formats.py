"""Who asked for which paper in which format, and how far it is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from conferences.models import Participant
from core_groups.models import CoreGroupMember
from families.models import Person
from reports.models import Document, FormatAsked
from reports.selectors.standing import standing_documents


@dataclass(frozen=True)
class FormatRow:
    """One format that somebody asked for, and whether it is late on a day."""

    asked: FormatAsked
    name: str
    is_late: bool


def formats_of(document: Document | None, *, on: datetime.date) -> list[FormatRow]:
    """Return what the recipients of a version asked for, by name."""
    if document is None:
        return []
    names = {row["id"]: row["name"] for row in document.content["participants"]}
    rows = FormatAsked.objects.filter(document=document).select_related("document", "file")
    found = [
        FormatRow(row, names.get(row.for_whom, ""), is_late=row.sent_at is None and row.due_on < on) for row in rows
    ]
    return sorted(found, key=lambda row: (row.name, row.asked.pk))


def formats_for(
    person: Person, *, participant: Participant | None, member: CoreGroupMember | None
) -> list[FormatAsked]:
    """Return the files in other formats that were sent to a guest, of versions in force."""
    whose = Q(person=person)
    whose |= Q(recipient=participant) if participant else Q(member=member)
    rows: QuerySet[FormatAsked] = FormatAsked.objects.filter(
        whose, file__isnull=False, sent_at__isnull=False, document__in=standing_documents().values("pk")
    )
    return list(rows.select_related("document__conference", "document__plan", "file"))
