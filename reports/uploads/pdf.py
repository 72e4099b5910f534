"""PDF files: nothing executable, nothing hidden inside, nothing before or after."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf

from reports.uploads.file_types import RefusedFileError, starts_like_another

MAX_PAGES = 500
MAX_OBJECTS = 100_000
MAX_DEPTH = 40
# Entries a viewer would act upon. Links to web pages stay: they need a click and a confirmation. Actions that
# start by themselves with a page or a field ("/AA") are refused whatever they do.
RUNS = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/AA"}
)
# "/EF" holds the bytes of a file, whatever points to it; no other key for a file needs to be present.
HOLDS_MORE = frozenset(
    {"/EF", "/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/RichMedia", "/XFA", "/Movie", "/Sound", "/3D"}
)

ACTIVE = (
    "This PDF contains a program, or an action that starts by itself. Print it to a "
    "new PDF (“Print”, then “Save as PDF”) "
    "and choose that one."
)
HOLDS_FILES = "This PDF has other files or forms inside it. Print it to a new PDF and send other files one by one."
ENCRYPTED = "This PDF is protected by a password. Save it without the password and choose it again."
BROKEN = "This PDF can’t be read. Print it to a new PDF and choose that one."
DISGUISED = "This file is a PDF and something else at the same time. Print it to a new PDF and choose that one."
TOO_MUCH = f"This PDF is too long: at most {MAX_PAGES} pages. Send it in parts."


def check_pdf(content: bytes) -> None:
    """Raise RefusedFileError for a PDF that is more than pages to read."""
    if starts_like_another(content, own=5) or zipfile.is_zipfile(io.BytesIO(content)):
        raise RefusedFileError(DISGUISED)
    _, _, behind = content.rpartition(b"%%EOF")
    if behind.strip(b"\r\n\t \x00") or b"%%EOF" not in content:
        raise RefusedFileError(DISGUISED)
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            _check_document(document)
    except pikepdf.PasswordError:
        raise RefusedFileError(ENCRYPTED) from None
    except (pikepdf.PdfError, ValueError, RuntimeError) as fault:
        if isinstance(fault, RefusedFileError):
            raise
        raise RefusedFileError(BROKEN) from None


def _check_document(document: pikepdf.Pdf) -> None:
    if document.is_encrypted:
        raise RefusedFileError(ENCRYPTED)
    if len(document.objects) > MAX_OBJECTS or len(document.pages) > MAX_PAGES:
        raise RefusedFileError(TOO_MUCH)
    if not len(document.pages):
        raise RefusedFileError(BROKEN)
    if _starts_something(document.Root.get("/OpenAction")):
        raise RefusedFileError(ACTIVE)
    for found in document.objects:
        for name in _names(found, 0):
            if name in RUNS:
                raise RefusedFileError(ACTIVE)
            if name in HOLDS_MORE:
                raise RefusedFileError(HOLDS_FILES)


def _starts_something(action: Any) -> bool:
    """Return whether opening the file does more than go to one of its pages."""
    if not isinstance(action, pikepdf.Dictionary):
        return False
    return action.get("/S") != pikepdf.Name.GoTo or "/Next" in action


def _names(found: Any, depth: int) -> Iterator[str]:
    """Yield every key and every name value of one object, without following references."""
    if depth > MAX_DEPTH:
        raise RefusedFileError(BROKEN)
    if isinstance(found, pikepdf.Name):
        yield str(found)
    elif isinstance(found, pikepdf.Array):
        for part in found:
            if not _is_elsewhere(part):
                yield from _names(part, depth + 1)
    elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        for key, part in found.items():
            yield key
            if not _is_elsewhere(part):
                yield from _names(part, depth + 1)


def _is_elsewhere(part: Any) -> bool:
    return isinstance(part, pikepdf.Object) and part.is_indirect
