"""The file types accepted, how each is recognised by its content, and how a file is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE

TAKEN_IN_WORDS = "a PDF, a Word document (.docx), an OpenDocument text (.odt), or a JPEG or PNG picture of a scan"


class RefusedFileError(ValueError):
    """A file that is not accepted; its text says why and what to do, for the person who chose it."""


@dataclass(frozen=True)
class FileKind:
    """One file type. ``suffix`` and ``content_type`` are used when serving it, whatever it was called."""

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
ARCHIVE_STARTS = (ZIP_START, b"PK\x05\x06", OLE_START, b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"MZ")
# A reader that looks for these somewhere near the beginning would take the file for something else.
OTHER_BEGINNINGS = (b"%pdf-", b"<html", b"<!doctype", b"<script", b"<svg", b"<?php", b"#!/")
BEGINNING = 1024


def check_ending(name: str, kind: FileKind) -> None:
    """Raise RefusedFileError if the name's extension does not match the content."""
    if not name.lower().endswith(kind.endings):
        raise RefusedFileError(
            f"The file is a {kind.words}, but its name does not end with {' or '.join(kind.endings[:2])}. "
            "Ask the sender whether it is the right file. If it is, rename it with that ending and choose it again."
        )


def starts_like_another(content: bytes, *, own: int) -> bool:
    """Return whether the first kilobyte, after ``own`` bytes, contains another type's beginning."""
    beginning = content[own:BEGINNING].lower()
    return any(mark in beginning for mark in OTHER_BEGINNINGS)
