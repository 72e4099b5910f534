"""Words that somebody typed and has not sent yet."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import Draft, User

MAX_DRAFT_CHARACTERS = 1_000_000
LONGEST_PATH = 300


@transaction.atomic
def save_draft(
    *,
    user_id: int,
    path: str,
    fields: Mapping[str, Sequence[str]],
    now: datetime.datetime,
    shown_at: datetime.datetime | None = None,
) -> Draft | None:
    """Keep what a user typed into the form of the page ``path`` in place of what was kept before.

    Gives None and keeps nothing where the user is gone, the text is longer than a draft may be, or, with
    ``shown_at``, the form was sent after it was shown: what a browser saves by itself may arrive late.
    """
    characters = sum(len(value) for values in fields.values() for value in values)
    if len(path) > LONGEST_PATH or characters > MAX_DRAFT_CHARACTERS:
        return None
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        return None
    draft, _ = Draft.objects.select_for_update().get_or_create(
        user_id=user_id, path=path, defaults={"saved_at": now}
    )
    if shown_at and draft.finished_at and draft.finished_at >= shown_at:
        return None
    draft.fields = fields
    draft.saved_at = now
    draft.finished_at = None
    draft.save()
    return draft


def finish_draft(*, user_id: int, path: str, now: datetime.datetime) -> None:
    """Empty the draft of a form that was sent, and mark it as sent for a saving that is still on its way."""
    if len(path) <= LONGEST_PATH:
        Draft.objects.update_or_create(
            user_id=user_id, path=path, defaults={"sealed": "", "saved_at": now, "finished_at": now}
        )
