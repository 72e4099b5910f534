"""Cleans one file in a separate process: ``python -m reports.uploads.clean_file KIND`` reads standard input.

The first byte of the answer is "y", before the clean bytes, or "n", before the words of a refusal.
"""

from __future__ import annotations

import resource
import sys

from reports.uploads.cleaning import cleaned
from reports.uploads.file_types import KINDS, MAX_BYTES, RefusedFileError
from reports.uploads.inspect_file import CPU_SECONDS, MEMORY


def main() -> None:
    """Read standard input, clean it, write the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        answer = b"y" + cleaned(content, KINDS[sys.argv[1]])
    except RefusedFileError as refusal:
        answer = b"n" + str(refusal).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
