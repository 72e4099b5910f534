"""Generates guests' secrets, and the hashes stored for them."""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from accounts.guests.limits import CODE_FIGURES, TOKEN_BYTES


def new_token() -> str:
    """Return a random secret for a URL or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return the stored hash of a token, which is long and random enough for a plain hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Return a random six-digit code."""
    return f"{secrets.randbelow(10**CODE_FIGURES):0{CODE_FIGURES}}"


def hash_of_code(code_pk: int, code: str) -> str:
    """Return the stored hash of a code: tied to its row and keyed, because all six-digit codes are soon tried."""
    return salted_hmac("accounts.guests.code", f"{code_pk}:{code}", algorithm="sha256").hexdigest()
