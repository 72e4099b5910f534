"""Inspecting a file in a separate process, so that a crash or timeout there is just another answer."""

from __future__ import annotations

import json
import subprocess
import sys

from django.conf import settings

from reports.uploads.file_types import KINDS, MAX_BYTES, FileKind, RefusedFileError
from reports.uploads.inspect_file import EMPTY, TOO_LARGE

WAIT_SECONDS = 30

BURST = "We could not check this file: it takes too much time or memory. Print it to a new PDF."


def look_into(content: bytes) -> FileKind:
    """Return the file's type.

    Raises RefusedFileError with a message if it is not accepted, or if it breaks the inspecting process.
    """
    if not content:
        raise RefusedFileError(EMPTY)
    if len(content) > MAX_BYTES:
        raise RefusedFileError(TOO_LARGE)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reports.uploads.inspect_file"],
            input=content,
            capture_output=True,
            check=True,
            cwd=settings.BASE_DIR,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            timeout=WAIT_SECONDS,
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise RefusedFileError(BURST) from None
    if "refused" in answer:
        raise RefusedFileError(answer["refused"])
    return KINDS[answer["kind"]]


def without_metadata(content: bytes, kind: FileKind) -> bytes:
    """Return a copy of an accepted file without what it says about itself.

    Raises RefusedFileError with a message where something hidden would go with it, or the process breaks.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the key is one of our own
            [sys.executable, "-m", "reports.uploads.clean_file", kind.key],
            input=content,
            capture_output=True,
            check=True,
            cwd=settings.BASE_DIR,
            env={"PYTHONDONTWRITEBYTECODE": "1"},
            timeout=WAIT_SECONDS,
        )
    except subprocess.SubprocessError:
        raise RefusedFileError(BURST) from None
    said, answer = done.stdout[:1], done.stdout[1:]
    if said != b"y":
        raise RefusedFileError(answer.decode() or BURST)
    return answer
