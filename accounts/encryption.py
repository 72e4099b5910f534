"""Encrypts drafts and files that can be made again, so that they can't be read where they lie or in backups.

The keys come from the environment: the first one encrypts, each of them decrypts. To rotate, put a new key
first and remove the old one once nothing encrypted with it is left. The ciphertext includes the owner and page,
or the name of the file, so that what is copied to another place decrypts to nothing.
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
    """No key decrypts it, or it was encrypted for another user or page."""


def seal(fields: Mapping[str, Sequence[str]], *, user_id: int | str, path: str) -> str:
    """Encrypt ``fields`` for one user, or another owner named in words, and one page."""
    said = json.dumps([user_id, path, {name: list(values) for name, values in fields.items()}])
    return _box(tuple(settings.DRAFT_KEYS)).encrypt(said.encode()).decode()


def unseal(sealed: str, *, user_id: int | str, path: str) -> dict[str, list[str]]:
    """Return what ``seal`` was given. Raises CannotBeOpened."""
    try:
        owner, page, fields = json.loads(_box(tuple(settings.DRAFT_KEYS)).decrypt(sealed))
    except (InvalidToken, ValueError) as reason:
        raise CannotBeOpened from reason
    if (owner, page) != (user_id, path):
        raise CannotBeOpened
    return dict(fields)


def seal_file(content: bytes, *, lies_under: str) -> bytes:
    """Make bytes of a file that only a holder of a key can read, for one name to lie under."""
    return _box(tuple(settings.DRAFT_KEYS)).encrypt(_label(lies_under) + content)


def unseal_file(sealed: bytes, *, lies_under: str) -> bytes:
    """Return what ``seal_file`` was given. Raises CannotBeOpened, for a file of another name too."""
    try:
        opened = _box(tuple(settings.DRAFT_KEYS)).decrypt(sealed)
    except InvalidToken as reason:
        raise CannotBeOpened from reason
    label = _label(lies_under)
    if not opened.startswith(label):
        raise CannotBeOpened
    return opened[len(label) :]


def _label(lies_under: str) -> bytes:
    return f"file:{lies_under}\n".encode()


def key_from(secret: str) -> str:
    """Derive a key for a machine without real data, so that it needs no configuration."""
    digest = hashlib.sha256(b"cpconf.drafts:" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def is_key(text: str) -> bool:
    """Return whether ``text`` is 32 bytes in URL-safe base64."""
    try:
        return len(base64.b64decode(text.encode(), altchars=b"-_", validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
