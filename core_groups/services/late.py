"""Notes of a core group that were typed without a network: taken once, checked as any other, and marked."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from core_groups.models import CoreGroupMeeting, LateNote
from core_groups.services.guards import lock_held
from core_groups.services.notes import add_meeting_note
from meetings.services.late import Waited, how_it_came, known_late, refuse_too_old


@transaction.atomic
def take_late_meeting_note(
    *, meeting: CoreGroupMeeting, waited: Waited, now: datetime.datetime, **note: Any
) -> LateNote:
    """Put a note that waited in a browser into the record, marked as late. Sent twice, it is there once.

    It alters no score that was shown. Raises ValidationError for one that waited too long, and as add_meeting_note.
    """
    held = lock_held(meeting)
    known = known_late(LateNote, waited)
    if known is not None:
        return known
    refuse_too_old(waited, now=now)
    entry = add_meeting_note(meeting=held, by=waited.by, now=now, **note)
    marked = LateNote.objects.filter(entry=entry).first()
    return marked or LateNote.objects.create(meeting=held, entry=entry, **how_it_came(waited, now=now))
