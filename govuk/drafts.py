"""Whose draft a form holds, so that a form sent after the session ended is kept for the right person."""

from __future__ import annotations

from django.core import signing

_SALT = "govuk.draft-owner"
OWNER_FIELD = "draft_owner"


def sign_owner(user_id: int) -> str:
    """A token that proves that the form was given to this user."""
    return signing.dumps(user_id, salt=_SALT, compress=False)


def owner_of(token: str) -> int | None:
    """The user's id in ``token``; None when it was not signed by this site."""
    try:
        user_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return user_id if isinstance(user_id, int) else None
