"""Who joins on a screen is asked in the lobby who they are, before they count as being in the meeting."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.access import may
from conferences.models import LobbyCheck, Participant, Sitting
from conferences.services.guards import participant_in
from conferences.services.scheduling import lock_conference


@transaction.atomic
def confirm_in_lobby(
    *,
    participant: Participant,
    sitting: Sitting,
    by: User,
    now: datetime.datetime,
    known_by: Participant | None = None,
    how: str = "",
) -> LobbyCheck:
    """Record that someone on a screen is who they say: known by another person there, or how it was made sure.

    It holds for all parts of the sitting; said again, it replaces what was said before. The same again changes
    nothing. Raises ValidationError on ``known_by`` where neither is said, where it is the person themselves or
    somebody of another conference, and for anyone who may not record the meeting.
    """
    conference = lock_conference(participant.conference)
    if not may(by, conference, to="record"):
        raise ValidationError("Only the chair and the coordinator can let someone in from the lobby.")
    if sitting.conference_id != conference.pk:
        raise ValidationError("This is not a sitting of this conference.")
    participant_in(conference, known_by, "known_by")
    said = how.strip()
    if known_by is None and not said:
        raise ValidationError({"known_by": "Choose who knows them, or say how you made sure."})
    if known_by is not None and known_by.person_id == participant.person_id:
        raise ValidationError({"known_by": "Choose someone else who knows them."})
    wanted = {"known_by": known_by, "how": said}
    row = LobbyCheck.objects.filter(participant=participant, sitting=sitting).first()
    if row is None:
        return LobbyCheck.objects.create(
            participant=participant, sitting=sitting, checked_by=by, checked_at=now, **wanted
        )
    if any(getattr(row, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(row, name, value)
        row.checked_by, row.checked_at = by, now
        row.save()
    return row
