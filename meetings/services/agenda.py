"""Starting and finishing agenda items, and the note on each."""

from __future__ import annotations

import datetime

from django.db import transaction

from accounts.models import User
from conferences.models import Conference
from conferences.services.guards import EditedMeanwhile
from meetings.models import AgendaItem
from meetings.services.guards import lock_in_session


@transaction.atomic
def begin_item(*, item: AgendaItem, by: User, now: datetime.datetime) -> AgendaItem:
    """Start an item and finish the one that was under way at the same moment.

    An item that was started stays started. Raises MeetingClosed, or ValidationError before
    the meeting was opened.
    """
    conference, _ = lock_in_session(item.conference)
    locked = conference.agenda.select_for_update().get(pk=item.pk)
    if locked.begun_at is None:
        _finish_running(conference, but=locked, now=now)
        locked.begun_at = now
        locked.save(update_fields=["begun_at"])
    return locked


@transaction.atomic
def finish_item(*, item: AgendaItem, by: User, now: datetime.datetime) -> AgendaItem:
    """Mark an item as done, even one that was never started. Idempotent.

    Raises MeetingClosed, or ValidationError before the meeting was opened.
    """
    conference, _ = lock_in_session(item.conference)
    locked = conference.agenda.select_for_update().get(pk=item.pk)
    if locked.done_at is None:
        locked.begun_at = locked.begun_at or now
        locked.done_at = now
        locked.save(update_fields=["begun_at", "done_at"])
    return locked


@transaction.atomic
def change_item_note(*, item: AgendaItem, note: str, version: int, by: User, now: datetime.datetime) -> AgendaItem:
    """Write the note on an item; a no-op if it has not changed.

    Raises EditedMeanwhile if someone changed it after ``version``, MeetingClosed.
    """
    conference, _ = lock_in_session(item.conference)
    locked = conference.agenda.select_for_update().get(pk=item.pk)
    if locked.note == note.strip():
        return locked
    if locked.version != version:
        raise EditedMeanwhile(locked)
    locked.note = note.strip()
    locked.version += 1
    locked.save(update_fields=["note", "version"])
    return locked


def _finish_running(conference: Conference, *, but: AgendaItem, now: datetime.datetime) -> None:
    for other in conference.agenda.filter(begun_at__isnull=False, done_at__isnull=True).exclude(pk=but.pk):
        other.done_at = now
        other.save(update_fields=["done_at"])
