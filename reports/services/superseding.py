"""A letter to a child is taken out of force where what it says is not so any more."""

from __future__ import annotations

import datetime

from accounts.models import User
from conferences.models import ConferenceChild
from reports.enums import DocumentKind, DocumentState, PaperRetired
from reports.models import Document
from reports.services.kept_papers import retire_papers


def supersede_letters(row: ConferenceChild, *, because: str, by: User, now: datetime.datetime) -> int:
    """Mark a child's letter in force as superseded, with the reason, and return how many there were: none or one."""
    current = (
        Document.objects.select_for_update(of=("self",))
        .filter(conference_child=row, kind=DocumentKind.CHILDS_LETTER)
        .exclude(state=DocumentState.SUPERSEDED)
    )
    letters = list(current)
    for document in letters:
        document.state = DocumentState.SUPERSEDED
        document.superseded_by, document.superseded_at, document.superseded_because = by, now, because
        document.save(update_fields=["state", "superseded_by", "superseded_at", "superseded_because"])
        retire_papers(document.laid_out_papers.all(), PaperRetired.REPLACED, now=now)
    return len(letters)
