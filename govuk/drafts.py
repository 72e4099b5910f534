"""Whose draft a form holds, so that a form sent after the session ended is kept for the right person."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core import signing

_SALT = "govuk.draft-owner"
OWNER_FIELD = "draft_owner"


@dataclass(frozen=True)
class Owner:
    """Who was shown a form, on which page, and when (seconds since 1970)."""

    user_id: int
    path: str
    shown_at: float


def sign_owner(user_id: int, path: str = "") -> str:
    """A token that proves that a form on the page ``path`` was shown to this user just now."""
    return signing.dumps([user_id, path, time.time()], salt=_SALT, compress=False)


def read_owner(token: str) -> Owner | None:
    """What ``token`` proves; None when it was not signed by this site."""
    try:
        return Owner(*signing.loads(token, salt=_SALT))
    except (signing.BadSignature, TypeError):
        return None


def owner_of(token: str) -> int | None:
    """The user's id in ``token``; None when it was not signed by this site."""
    owner = read_owner(token)
    return owner.user_id if owner else None
