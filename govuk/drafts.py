"""Whose draft a form holds, so that a form submitted after the session ended is kept for the right person."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core import signing
from django.http import HttpRequest

_SALT = "govuk.draft-owner"
OWNER_FIELD = "draft_owner"
WITHOUT_DRAFT = "without-draft"


@dataclass(frozen=True)
class Owner:
    """Who was shown a form, on which page, and when (Unix time)."""

    user_id: int
    path: str
    shown_at: float


def sign_owner(user_id: int, path: str = "") -> str:
    """Return a token proving that a form on the page ``path`` was shown to this user just now."""
    return signing.dumps([user_id, path, time.time()], salt=_SALT, compress=False)


def read_owner(token: str) -> Owner | None:
    """Return what ``token`` proves; None when it was not signed by this site."""
    try:
        return Owner(*signing.loads(token, salt=_SALT))
    except (signing.BadSignature, TypeError):
        return None


def owner_of(request: HttpRequest) -> Owner | None:
    """Return who was shown the posted form, by its signed field; None for forms that keep no draft."""
    owner = read_owner(request.POST.get(OWNER_FIELD, ""))
    return replace(owner, path=page_of(owner.path)) if owner else None


def page_of(full_path: str) -> str:
    """Return the URL a draft belongs to, with its query except the parameter that hides the draft."""
    parts = urlsplit(full_path)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != WITHOUT_DRAFT]
    return f"{parts.path}?{urlencode(query)}" if query else parts.path
