"""How the family gets to a room."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Role
from accounts.models import User
from conferences.models import Room


@transaction.atomic
def set_directions(*, room: Room, directions: str, before: str, by: User) -> Room:
    """Write how the family gets to a room; empty leaves it to the procedures.

    ``before`` is what the page showed. Raises ValidationError for anyone who does not administer the council, and
    where someone else has changed the words meanwhile.
    """
    if room.authority_id not in by.authority_ids(Role.ADMINISTRATOR):
        raise ValidationError("Only an administrator of the council can change this.")
    locked = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    words = "\n".join(line.strip() for line in directions.splitlines() if line.strip())
    if locked.directions == words:
        return locked
    if _lines(locked.directions) != _lines(before):
        raise ValidationError(
            f"Someone else has changed this to: {locked.directions or 'nothing'}. Read it and try again."
        )
    locked.directions = words
    locked.save(update_fields=["directions"])
    return locked


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
