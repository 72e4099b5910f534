"""Saves and clears drafts of unsent forms."""

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
    """Save what a user typed into the form on the page ``path``, replacing the previous draft.

    Returns None and saves nothing where the user no longer exists, the text is too long for a draft or, with
    ``shown_at``, the form was submitted after it was shown: an automatic save may arrive late.
    """
    characters = sum(len(value) for values in fields.values() for value in values)
    if len(path) > LONGEST_PATH or characters > MAX_DRAFT_CHARACTERS:
        return None
    if not User.objects.filter(pk=user_id, is_active=True).exists():
        return None
    draft, _ = Draft.objects.select_for_update().get_or_create(user_id=user_id, path=path, defaults={"saved_at": now})
    if shown_at and draft.finished_at and draft.finished_at >= shown_at:
        return None
    draft.fields = fields
    draft.saved_at = now
    draft.finished_at = None
    draft.save()
    return draft


def finish_draft(*, user_id: int, path: str, now: datetime.datetime) -> None:
    """Clear the draft of a submitted form, and mark it submitted so that a late automatic save is ignored."""
    if len(path) <= LONGEST_PATH:
        Draft.objects.bulk_create(
            [Draft(user_id=user_id, path=path, saved_at=now, finished_at=now)],
            update_conflicts=True,
            unique_fields=["user", "path"],
            update_fields=["sealed", "saved_at", "finished_at"],
        )
