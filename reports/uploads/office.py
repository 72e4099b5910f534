"""Word and OpenDocument files: a zip archive, opened carefully and searched for anything more than text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

from reports.uploads.file_types import (
    ARCHIVE_STARTS,
    DOCX,
    MEGABYTE,
    ODT,
    FileKind,
    RefusedFileError,
    starts_like_another,
)
from reports.uploads.pictures import BY_START, tells_place

MAX_PARTS = 2000
MAX_UNPACKED = 200 * MEGABYTE
MAX_XML = 40 * MEGABYTE
# Text compresses to a tenth or a twentieth; only decompression bombs compress to less than a hundredth.
MAX_RATIO = 100
RATIO_FROM = 5 * MEGABYTE

MAIN_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
# In names and in lists of contents: programs, controls and foreign objects.
ACTIVE_WORDS = re.compile(
    r"vbaproject|vbadata|macroenabled|activex|oleobject|ms-office\.intent|customui", re.IGNORECASE
)
EMBEDDED_FOLDERS = re.compile(r"(^|/)(embeddings|activex)/", re.IGNORECASE)
ODT_PROGRAMS = re.compile(r"^(basic|scripts)/|(^|/)vnd\.sun\.star", re.IGNORECASE)
FETCHING_FIELD = re.compile(
    r"\b(DDE|DDEAUTO)\b|\b(INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|RD)\b.*(://|\\\\|file:)", re.IGNORECASE
)
HARMLESS_LINK = re.compile(r"^(https?:|mailto:|tel:|#|$)", re.IGNORECASE)

# What may precede the first bracket of a part: blanks, and marks of other encodings, which are refused.
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"

AS_PDF = "Save it as a PDF and choose that one."
ACTIVE = f"This document contains macros or other programs. {AS_PDF}"
LINKED = f"This document loads content from elsewhere when it is opened. {AS_PDF}"
HOLDS_FILES = f"This document has other files inside it. {AS_PDF} Send other files one by one."
ENCRYPTED = f"This document is protected by a password. Save it without the password, or: {AS_PDF}"
BROKEN = f"This document can’t be read. {AS_PDF}"
DISGUISED = f"This file is a document and something else at the same time. {AS_PDF}"
SAYS_WHERE = f"A picture in this document says where it was taken. {AS_PDF}"
BURSTS = "This file unpacks to far more than its size suggests, so we can’t open it. Save it as a PDF."
NOT_TEXT = f"This is a zip file, but not a Word document (.docx) or an OpenDocument text (.odt). {AS_PDF}"


def check_office(content: bytes) -> FileKind:
    """Return the document's type. Raises RefusedFileError for anything more than text with pictures."""
    if starts_like_another(content, own=4):
        raise RefusedFileError(DISGUISED)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            _check_folder(content, packed, parts)
            held = {part.filename: packed.read(part) for part in parts if not part.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as fault:
        if isinstance(fault, RefusedFileError):
            raise
        raise RefusedFileError(BROKEN) from None
    if any(body.startswith(ARCHIVE_STARTS) for body in held.values()):
        raise RefusedFileError(HOLDS_FILES)
    if any(body.startswith(tuple(BY_START)) and tells_place(body) for body in held.values()):
        raise RefusedFileError(SAYS_WHERE)
    if "[Content_Types].xml" in held:
        _check_word(held)
        return DOCX
    if held.get("mimetype") == ODT.content_type.encode():
        _check_opendocument(held)
        return ODT
    raise RefusedFileError(NOT_TEXT)


def _check_folder(content: bytes, packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Trust the archive's directory only if it accounts for the whole file, first byte to last."""
    if not parts or len(parts) > MAX_PARTS:
        raise RefusedFileError(BURSTS if parts else BROKEN)
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedFileError(ENCRYPTED)
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) < len(names) or any(_leads_out(name) for name in names):
        raise RefusedFileError(BROKEN)
    if packed.comment or not content.endswith(content[content.rfind(b"PK\x05\x06") :][:22]):
        raise RefusedFileError(DISGUISED)
    ordered = sorted(parts, key=lambda part: part.header_offset)
    if ordered[0].header_offset:
        raise RefusedFileError(DISGUISED)
    ends = [*(part.header_offset for part in ordered[1:]), packed.start_dir]
    if any(part.header_offset + 30 + part.compress_size > end for part, end in zip(ordered, ends, strict=True)):
        raise RefusedFileError(BURSTS)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * len(content)):
        raise RefusedFileError(BURSTS)
    if any(part.file_size > MAX_XML and part.filename.lower().endswith((".xml", ".rels")) for part in parts):
        raise RefusedFileError(BURSTS)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _check_word(held: dict[str, bytes]) -> None:
    kinds = _text(held["[Content_Types].xml"])
    if ACTIVE_WORDS.search(kinds) or any(ACTIVE_WORDS.search(name) for name in held):
        raise RefusedFileError(ACTIVE)
    if any(EMBEDDED_FOLDERS.search(name) for name in held):
        raise RefusedFileError(HOLDS_FILES)
    if MAIN_PART not in kinds:
        raise RefusedFileError(NOT_TEXT)
    for name, body in held.items():
        if _is_xml(name, body):
            root = _parsed(body)
            _check_relations(root)
            _check_fields(root)


def _check_relations(root: ElementTree.Element) -> None:
    for relation in root.iter():
        target = relation.get("Target", "").strip()
        if ACTIVE_WORDS.search(relation.get("Type", "")):
            raise RefusedFileError(ACTIVE)
        if relation.get("TargetMode", "").lower() != "external":
            continue
        if not relation.get("Type", "").endswith("/hyperlink") or not HARMLESS_LINK.match(target):
            raise RefusedFileError(LINKED)


def _check_fields(root: ElementTree.Element) -> None:
    said: list[str] = []
    for element in root.iter():
        tag = _local(element.tag)
        if tag in {"altChunk", "object", "control"}:
            raise RefusedFileError(HOLDS_FILES)
        if tag == "instrText":
            said.append(element.text or "")
        said += [value for key, value in element.attrib.items() if _local(key) == "instr"]
    # The pieces of one instruction may be spread over several elements.
    if FETCHING_FIELD.search(" ".join(said)) or FETCHING_FIELD.search("".join(said)):
        raise RefusedFileError(LINKED)


def _check_opendocument(held: dict[str, bytes]) -> None:
    if any(ODT_PROGRAMS.search(name) for name in held):
        raise RefusedFileError(ACTIVE)
    if "encryption-data" in _text(held.get("META-INF/manifest.xml", b"")):
        raise RefusedFileError(ENCRYPTED)
    for name, body in held.items():
        if _is_xml(name, body):
            _check_opendocument_part(_parsed(body))


def _check_opendocument_part(root: ElementTree.Element) -> None:
    for element in root.iter():
        tag = _local(element.tag)
        if tag in {"event-listener", "script", "applet", "plugin", "macro"}:
            raise RefusedFileError(ACTIVE)
        if tag in {"object-ole", "floating-frame"}:
            raise RefusedFileError(HOLDS_FILES)
        if tag.startswith("dde-"):
            raise RefusedFileError(LINKED)
        for key, value in element.attrib.items():
            if _local(key) == "href" and not _is_inside(tag, value.strip()):
                raise RefusedFileError(LINKED)


def _is_inside(tag: str, target: str) -> bool:
    """Return whether a link stays within the file; links that must be clicked may lead to the web."""
    if tag == "a":
        return bool(HARMLESS_LINK.match(target)) or ":" not in target
    return ":" not in target and not target.startswith(("/", "\\")) and ".." not in target


def _is_xml(name: str, body: bytes) -> bool:
    """Return whether a program would read a part as XML, by name in any case or by content."""
    return name.lower().endswith((".xml", ".rels", ".rdf")) or body.lstrip(BEFORE_XML).startswith(b"<")


def _parsed(body: bytes) -> ElementTree.Element:
    text = _text(body)
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise RefusedFileError(BROKEN)
    try:
        return ElementTree.fromstring(text.encode())  # noqa: S314 - without entities, and limited in size
    except ElementTree.ParseError:
        raise RefusedFileError(BROKEN) from None


def _text(body: bytes) -> str:
    """Return the words of a part, in UTF-8 only: another encoding would hide words from the search."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedFileError(BROKEN) from None
    if "\x00" in text:
        raise RefusedFileError(BROKEN)
    return re.sub(r"(<\?xml[^>]*?)\s+encoding=[\"'][^\"']*[\"']", r"\1", text, count=1)


def _local(name: str) -> str:
    return str(name).rpartition("}")[2]
