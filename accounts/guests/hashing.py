"""Making the secrets of guests, and what is kept of them."""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import salted_hmac

from accounts.guests.limits import CODE_FIGURES, TOKEN_BYTES


def new_token() -> str:
    """A secret for an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What the database keeps of a token. It is long and random, so that a plain hash can't be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Six figures."""
    return f"{secrets.randbelow(10**CODE_FIGURES):0{CODE_FIGURES}}"


def hash_of_code(code_pk: int, code: str) -> str:
    """What the database keeps of a code: bound to its row and keyed, for all six figures are soon tried."""
    return salted_hmac("accounts.guests.code", f"{code_pk}:{code}", algorithm="sha256").hexdigest()
