"""Words that are kept before they belong to the record, unreadable in the database and in its backups.

The keys come from the environment: the first one seals, each of them opens, so that a new key is put before
the old one and the old one goes when nothing is left that it sealed. What was sealed says whose it is and for
which page, so that a row copied into another person's place opens nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

KEY_BYTES = 32


class CannotBeOpened(Exception):
    """None of the keys opens it, or it was sealed for somebody or somewhere else."""


def seal(fields: Mapping[str, Sequence[str]], *, user_id: int, path: str) -> str:
    """Make a text of ``fields`` that only a holder of a key can read."""
    said = json.dumps([user_id, path, {name: list(values) for name, values in fields.items()}])
    return _box(tuple(settings.DRAFT_KEYS)).encrypt(said.encode()).decode()


def unseal(sealed: str, *, user_id: int, path: str) -> dict[str, list[str]]:
    """Give back what ``seal`` was given. Raises CannotBeOpened."""
    try:
        owner, page, fields = json.loads(_box(tuple(settings.DRAFT_KEYS)).decrypt(sealed))
    except (InvalidToken, ValueError) as reason:
        raise CannotBeOpened from reason
    if (owner, page) != (user_id, path):
        raise CannotBeOpened
    return dict(fields)


def key_from(secret: str) -> str:
    """A key for a machine that holds nobody's words: derived, so that it needs no setting up."""
    digest = hashlib.sha256(b"cpconf.drafts:" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def is_key(text: str) -> bool:
    """Whether ``text`` is 32 bytes in URL-safe base64."""
    try:
        return len(base64.b64decode(text.encode(), altchars=b"-_", validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
