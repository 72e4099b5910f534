"""Putting single notes on the shared screen, and taking them off: nothing that is typed gets there by itself."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from entitlement import may_be_shown_to_all
from meetings.models import BoardEntry
from meetings.selectors.board import excerpt_of
from meetings.selectors.day_steps import TheDay
from meetings.selectors.room_screen import concealed_from_the_room
from meetings.services.guards import lock_for_writing

PRIVATE = "This note is private to someone in the family, so it can’t go on the shared screen."
TELLS = "This note tells something that not everyone in the room may know, so it can’t go on the shared screen."


@transaction.atomic
def show_entry(*, entry: BoardEntry, version: int, by: User, now: datetime.datetime) -> BoardEntry:
    """Put a note on the shared screen as the recorder read it: in ``version``. Idempotent.

    Its history keeps who showed it. Raises ValidationError if someone changed it since, if it was taken off the
    board, or if not everyone in the room may see it; MeetingClosed.
    """
    locked = lock_for_writing(entry.conference)
    row = BoardEntry.objects.select_for_update().get(pk=entry.pk, conference=locked)
    if row.withdrawn_at is not None:
        raise ValidationError("This note was taken off the board.")
    if row.version != version:
        raise ValidationError("Someone has just changed this note. Read it again, then show it.")
    if row.is_shown:
        return row
    if row.private_to.exists():
        raise ValidationError(PRIVATE)
    if not may_be_shown_to_all(excerpt_of(row), concealed_from_the_room(TheDay(locked), now=now)):
        raise ValidationError(TELLS)
    row.shown_version = row.version
    row.save(update_fields=["shown_version"])
    return row


@transaction.atomic
def take_off_screen(*, entry: BoardEntry, by: User, now: datetime.datetime) -> BoardEntry:
    """Take a note off the shared screen, also while the meeting is stopped; it stays on the board. Idempotent."""
    locked = lock_for_writing(entry.conference)
    row = BoardEntry.objects.select_for_update().get(pk=entry.pk, conference=locked)
    if row.shown_version is not None:
        row.shown_version = None
        row.save(update_fields=["shown_version"])
    return row
