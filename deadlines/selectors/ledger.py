"""The ledger of a family or a conference."""

from __future__ import annotations

from deadlines.models import Deadline, DeadlineQuerySet


def deadlines_of(*, family_id: int | None = None, conference_id: int | None = None) -> DeadlineQuerySet:
    """Return every deadline of a family, a conference, or both, first due first.

    Raises ValueError when neither is given.
    """
    if family_id is None and conference_id is None:
        raise ValueError("Name the family or the conference.")
    rows: DeadlineQuerySet = Deadline.objects.all()
    if family_id is not None:
        rows = rows.filter(family_id=family_id)
    if conference_id is not None:
        rows = rows.filter(conference_id=conference_id)
    return rows


def next_deadline(conference_id: int) -> Deadline | None:
    """Return a conference's first open deadline; None where nothing is running."""
    found: Deadline | None = deadlines_of(conference_id=conference_id).open().first()
    return found
