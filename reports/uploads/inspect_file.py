"""Inspects one file in a separate process; ``python -m reports.uploads.inspect_file`` reads standard input.

The answer is one line of JSON: ``{"kind": "pdf"}`` or ``{"refused": "words"}``. The process limits itself
before it reads a byte, so that a decompression bomb affects nothing else.
"""

from __future__ import annotations

import json
import resource
import sys

from reports.uploads.file_types import (
    KINDS,
    MAX_BYTES,
    MEGABYTE,
    OLE_START,
    PDF,
    TAKEN_IN_WORDS,
    ZIP_START,
    FileKind,
    RefusedFileError,
)
from reports.uploads.office import check_office
from reports.uploads.pdf import check_pdf
from reports.uploads.pictures import BY_START, check_picture

MEMORY = 1024 * MEGABYTE
CPU_SECONDS = 15

EMPTY = "The file is empty. Save it again and choose it again."
TOO_LARGE = f"The file is larger than {MAX_BYTES // MEGABYTE} MB. Save it smaller, or send it in parts."
UNKNOWN = f"You can’t add this kind of file. Choose {TAKEN_IN_WORDS}."
OLD_OFFICE = (
    "This is an old Word file (.doc) or a document protected by a password. Save it as a PDF without a password "
    "and choose that one."
)


def kind_of(content: bytes) -> FileKind:
    """Return the file's type by content alone. Raises RefusedFileError with a message if not accepted."""
    if not content.strip():
        raise RefusedFileError(EMPTY)
    if len(content) > MAX_BYTES:
        raise RefusedFileError(TOO_LARGE)
    if content.startswith(b"%PDF-"):
        check_pdf(content)
        return PDF
    if content.startswith(ZIP_START):
        return check_office(content)
    if content.startswith(OLE_START):
        raise RefusedFileError(OLD_OFFICE)
    for start, kind in BY_START.items():
        if content.startswith(start):
            check_picture(content, kind)
            return kind
    raise RefusedFileError(UNKNOWN)


def main() -> None:
    """Read standard input, inspect it, print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        answer = {"kind": kind_of(content).key}
    except RefusedFileError as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()

__all__ = ["EMPTY", "KINDS", "TOO_LARGE", "UNKNOWN", "kind_of"]
