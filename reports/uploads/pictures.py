"""Scanned pictures: complete, of a sensible size, with nothing after the end, and without a location."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from reports.uploads.file_types import JPEG, PNG, FileKind, RefusedFileError, starts_like_another

# Four times a page scanned at 600 dots per inch.
MAX_PIXELS = 140_000_000
PLACE_TAKEN = 0x8825
PLACE_IN_WORDS = b"GPSLatitude"

# The markers of a JPEG: prefix, end of image, scan, restarts, and those without a length.
MARK, END, SCAN = 0xFF, 0xD9, 0xDA
RESTARTS = frozenset(range(0xD0, 0xD8))
ALONE = RESTARTS | {0x01}
WITHIN_SCAN = RESTARTS | {0x00}

BROKEN = "This picture can’t be read. Scan it again, or save it as a PDF."
DISGUISED = "This file is a picture and something else at the same time. Scan it again, or save it as a PDF."
TOO_LARGE = "This picture is too detailed. Scan it at 300 dots per inch (dpi), or save it as a PDF."
SAYS_WHERE = "This picture says where it was taken. Remove the location, scan the paper, or save it as a PDF."


def check_picture(content: bytes, kind: FileKind) -> None:
    """Raise RefusedFileError for a picture that is broken, too large, disguised, or gives a location."""
    end = _end_of_png(content) if kind is PNG else _end_of_jpeg(content)
    if end == 0:
        raise RefusedFileError(BROKEN)
    if content[end:].strip(b"\x00\r\n ") or starts_like_another(content, own=3):
        raise RefusedFileError(DISGUISED)
    try:
        _decode(content, kind)
    except RefusedFileError:
        raise
    except Image.DecompressionBombError:
        raise RefusedFileError(TOO_LARGE) from None
    except Exception:  # noqa: BLE001 - the library raises whatever its decoders do
        raise RefusedFileError(BROKEN) from None


def _decode(content: bytes, kind: FileKind) -> None:
    with warnings.catch_warnings():
        # The library only warns where we refuse.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=["PNG" if kind is PNG else "JPEG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise RefusedFileError(TOO_LARGE)
            picture.load()
            if _holds_place(picture, content):
                raise RefusedFileError(SAYS_WHERE)


def tells_place(content: bytes) -> bool:
    """Return whether a picture within a document says where it was taken; a broken one does not."""
    try:
        with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
            return _holds_place(picture, content)
    except Exception:  # noqa: BLE001 - the library raises whatever its decoders do
        return False


def _holds_place(picture: Image.Image, content: bytes) -> bool:
    """Return whether there is a location in the EXIF table or in possibly compressed text beside it."""
    texts = (
        text.encode() if isinstance(text, str) else text
        for text in picture.info.values()
        if isinstance(text, str | bytes)
    )
    return bool(picture.getexif().get_ifd(PLACE_TAKEN)) or any(PLACE_IN_WORDS in text for text in (content, *texts))


def _end_of_png(content: bytes) -> int:
    """Return where the last chunk ends; 0 if there is none."""
    at = 8
    while at + 12 <= len(content):
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            return at if at <= len(content) else 0
    return 0


def _end_of_jpeg(content: bytes) -> int:
    """Return where the picture's own end marker ends; 0 if there is none.

    Pictures within segments are skipped.
    """
    at = 2
    while at + 4 <= len(content) and content[at] == MARK:
        mark = content[at + 1]
        if mark == END:
            return at + 2
        if mark == MARK:
            at += 1
        elif mark in ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4])
            at = _after_scan(content, at) if mark == SCAN else at
    return at + 2 if content[at : at + 2] == bytes([MARK, END]) else 0


def _after_scan(content: bytes, at: int) -> int:
    """Return the next marker after the scan data, where a prefix precedes zero or a restart number."""
    while (at := content.find(MARK, at)) >= 0 and at + 1 < len(content):
        following = content[at + 1]
        if following != MARK and following not in WITHIN_SCAN:
            return at
        at += 1 if following == MARK else 2
    return len(content)


BY_START = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
