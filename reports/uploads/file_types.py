"""Which files are taken, how each is known by its content, and how it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE

TAKEN_IN_WORDS = (
    "a PDF, a Word document (.docx), an OpenDocument text (.odt), or a JPEG or PNG picture of a scan"
)


class RefusedFileError(ValueError):
    """A file that is not taken; its text says why and what to do, for the person who chose it."""


@dataclass(frozen=True)
class FileKind:
    """One kind of file. ``suffix`` and ``content_type`` are what it is given out with, whatever it was called."""

    key: str
    words: str
    suffix: str
    content_type: str
    endings: tuple[str, ...]


PDF = FileKind("pdf", "PDF", "pdf", "application/pdf", (".pdf",))
DOCX = FileKind(
    "docx",
    "Word document",
    "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    (".docx",),
)
ODT = FileKind("odt", "OpenDocument text", "odt", "application/vnd.oasis.opendocument.text", (".odt",))
JPEG = FileKind("jpeg", "JPEG picture", "jpg", "image/jpeg", (".jpg", ".jpeg", ".jpe"))
PNG = FileKind("png", "PNG picture", "png", "image/png", (".png",))
KINDS = {kind.key: kind for kind in (PDF, DOCX, ODT, JPEG, PNG)}

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVE_STARTS = (
    ZIP_START,
    b"PK\x05\x06",
    OLE_START,
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b\x08",
    b"MZ",
)
# A reader that looks for these somewhere near the beginning would take the file for something else.
OTHER_BEGINNINGS = (b"%pdf-", b"<html", b"<!doctype", b"<script", b"<svg", b"<?php", b"#!/")
BEGINNING = 1024


def check_ending(name: str, kind: FileKind) -> None:
    """Raises RefusedFileError where the name promises another kind of file than the content is."""
    if not name.lower().endswith(kind.endings):
        raise RefusedFileError(
            f"The file is a {kind.words}, but its name does not end with {' or '.join(kind.endings[:2])}. "
            "Ask the sender whether it is the right file. If it is, rename it with that ending and choose it again."
        )


def starts_like_another(content: bytes, *, own: int) -> bool:
    """Whether within the first kilobyte, after ``own`` bytes of its own mark, another kind of file begins."""
    beginning = content[own:BEGINNING].lower()
    return any(mark in beginning for mark in OTHER_BEGINNINGS)
