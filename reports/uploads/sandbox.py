"""Looking into a file at arm's length: another process does it, and whatever becomes of that is an answer."""

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
    """What the file is. Raises RefusedFileError with words where it is not taken, or breaks what looks into it."""
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
