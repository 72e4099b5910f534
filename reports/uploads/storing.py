"""Stored files: under random names, outside everything a web server serves."""

from __future__ import annotations

import errno
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import storages

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class DiskFullError(Exception):
    """There is no room left to store a file."""


def says_no_room(error: object) -> bool:
    """Return whether an exception says that a disk, or the share of it that is ours, is full."""
    return isinstance(error, DiskFullError) or (isinstance(error, OSError) and error.errno in NO_ROOM)


def put(content: bytes, name: uuid.UUID | None = None) -> uuid.UUID:
    """Store the bytes under ``name``, replacing existing ones, or under a new name; return the name.

    Nothing half-written stays, also when a worker is stopped meanwhile. Raises DiskFullError if there is no room for
    them.
    """
    if name is None:
        name = uuid.uuid4()
    else:
        drop(name)
    try:
        storages["attachments"].save(_path(name), ContentFile(content))
    except BaseException as reason:
        drop(name)
        if says_no_room(reason):
            raise DiskFullError from reason
        raise
    return name


def get(name: uuid.UUID) -> bytes | None:
    """Return the bytes stored under ``name``; None if they were deleted."""
    try:
        with storages["attachments"].open(_path(name)) as kept:
            found: bytes = kept.read()
    except FileNotFoundError:
        return None
    return found


def is_there(name: uuid.UUID) -> bool:
    """Return whether bytes are stored under ``name``."""
    return bool(storages["attachments"].exists(_path(name)))


def drop(name: uuid.UUID) -> None:
    """Delete bytes for good, after a refusal or at the end of their retention."""
    storages["attachments"].delete(_path(name))


def _path(name: uuid.UUID) -> str:
    return f"{name.hex[:2]}/{name.hex}"
