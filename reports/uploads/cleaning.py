"""A copy of an accepted file without what it says about itself: authors, dates, programs, comments, cameras.

A file reaches a family member whole or not at all. Where something hidden could go with it, it is refused.
"""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf
from PIL import Image

from reports.uploads.file_types import DOCX, ODT, PDF, PNG, FileKind, RefusedFileError

HIDDEN_TEXT = (
    "This document holds comments, tracked changes or hidden text, which would reach the reader too. Ask its author "
    "for a copy without them, or a PDF."
)
NOT_CLEANED = "What this file says about itself can’t be removed. Ask its author for a PDF."
# A mark of a comment, a change or hidden text in the parts of a Word or OpenDocument file.
WORD_HIDES = re.compile(rb"<w:(ins|del|moveFrom|moveTo|vanish|webHidden)[\s/>]|<w:commentReference[\s/>]")
ODT_HIDES = re.compile(rb"<(office:annotation|text:tracked-changes|text:hidden-text|text:hidden-paragraph)[\s/>]")
ODT_HIDDEN_STYLE = re.compile(rb'text:display="(none|true)"')
EMPTY_PROPERTIES = {
    "docProps/core.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
        b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "docProps/app.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
        b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    ),
    "docProps/custom.xml": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
        b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
    ),
}
EMPTY_META = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"><office:meta/>'
    b"</office:document-meta>"
)
LONG_AGO = (1980, 1, 1, 0, 0, 0)
SAYS_WHO = ("/T", "/M", "/CreationDate", "/NM", "/RC", "/Subj")


def cleaned(content: bytes, kind: FileKind) -> bytes:
    """Return a copy without metadata. Raises RefusedFileError if hidden text would go with it, or none can be made."""
    try:
        if kind is PDF:
            return _pdf(content)
        if kind in (DOCX, ODT):
            return _office(content, is_word=kind is DOCX)
        return _picture(content, "PNG" if kind is PNG else "JPEG")
    except RefusedFileError:
        raise
    except Exception:  # noqa: BLE001 - each library raises whatever its parts do
        raise RefusedFileError(NOT_CLEANED) from None


def _pdf(content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
        if "/Info" in document.trailer:
            del document.trailer["/Info"]
        for found in document.objects:
            if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                continue
            for name in ("/Metadata", "/PieceInfo", "/LastModified"):
                if name in found:
                    del found[name]
            if found.get("/Type") == pikepdf.Name.Annot or ("/Subtype" in found and "/Rect" in found):
                for name in SAYS_WHO:
                    if name in found:
                        del found[name]
        # Written anew, without earlier revisions or what nothing refers to any more.
        document.remove_unreferenced_resources()
        document.save(out, static_id=True, linearize=False)
    return out.getvalue()


def _office(content: bytes, *, is_word: bool) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w") as clean:
        for part in packed.infolist():
            if part.is_dir():
                continue
            body = _part(part.filename, packed.read(part), is_word=is_word)
            info = zipfile.ZipInfo(part.filename, date_time=LONG_AGO)
            info.compress_type = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
            clean.writestr(info, body)
    return out.getvalue()


def _part(name: str, body: bytes, *, is_word: bool) -> bytes:
    """Return a part of a document as it goes out."""
    if name.lower().endswith((".jpg", ".jpeg")):
        return _picture(body, "JPEG")
    if name.lower().endswith(".png"):
        return _picture(body, "PNG")
    if not is_word:
        if name == "meta.xml":
            return EMPTY_META
        if name.startswith("Versions/"):
            raise RefusedFileError(HIDDEN_TEXT)
        if name in ("content.xml", "styles.xml") and (ODT_HIDES.search(body) or ODT_HIDDEN_STYLE.search(body)):
            raise RefusedFileError(HIDDEN_TEXT)
        return body
    if name in EMPTY_PROPERTIES:
        return EMPTY_PROPERTIES[name]
    if re.match(r"^word/comments[^/]*\.xml$", name, re.IGNORECASE):
        raise RefusedFileError(HIDDEN_TEXT)
    if name.startswith("word/") and name.endswith(".xml") and WORD_HIDES.search(body):
        raise RefusedFileError(HIDDEN_TEXT)
    return body


def _picture(content: bytes, kind: str) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=[kind]) as picture:
        if kind == "JPEG":
            picture.save(out, format="JPEG", quality="keep", exif=b"", comment=b"")
        else:
            picture.info = {name: value for name, value in picture.info.items() if name in ("transparency", "gamma")}
            picture.save(out, format="PNG")
    return out.getvalue()
