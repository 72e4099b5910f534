"""Files for tests: harmless ones, and ways to corrupt them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image, PngImagePlugin

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>{more}</Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"{mode}/></Relationships>'
)
DOCUMENT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>{text}</w:t></w:r>{more}</w:p></w:body></w:document>"
)
CONTENT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"><office:body><office:text>'
    "<text:p>Robin was well.</text:p>{more}</office:text></office:body></office:document-content>"
)


def pdf(change: Callable[[pikepdf.Pdf], Any] | None = None, **saving: Any) -> bytes:
    """Return a PDF with one empty page; ``change`` alters it before it is saved."""
    made, kept = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    if change:
        change(made)
    made.save(kept, **saving)
    return kept.getvalue()


def packed(parts: dict[str, str | bytes], *, comment: bytes = b"") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
        made.comment = comment
    return kept.getvalue()


def docx(
    parts: dict[str, str | bytes] | None = None,
    *,
    more_types: str = "",
    more_text: str = "",
    relation: str = RELATIONS.format(kind="styles", target="styles.xml", mode=""),
    comment: bytes = b"",
) -> bytes:
    return packed(
        {
            "[Content_Types].xml": CONTENT_TYPES.format(more=more_types),
            "word/document.xml": DOCUMENT.format(text="Robin was well.", more=more_text),
            "word/_rels/document.xml.rels": relation,
            **(parts or {}),
        },
        comment=comment,
    )


def linked(kind: str, target: str) -> bytes:
    """Return a Word document that links outside itself."""
    return docx(relation=RELATIONS.format(kind=kind, target=target, mode=' TargetMode="External"'))


def odt(parts: dict[str, str | bytes] | None = None, *, more: str = "") -> bytes:
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": CONTENT.format(more=more),
            **(parts or {}),
        }
    )


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 80), **saving: Any) -> bytes:
    kept = io.BytesIO()
    Image.effect_noise(size, 40).save(kept, kind, **saving)
    return kept.getvalue()


# As image editors write it, beside the EXIF table that cameras fill.
PLACE_IN_WORDS = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a exif:GPSLatitude="52,3.1N"/></x:xmpmeta>'


def place_in_words() -> PngImagePlugin.PngInfo:
    """Return the same for a PNG, compressed."""
    kept = PngImagePlugin.PngInfo()
    kept.add_itxt("XML:com.adobe.xmp", PLACE_IN_WORDS.decode(), zip=True)
    return kept


def picture_with_a_place() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 3.0, 1.0)})
    return picture(exif=exif)
