"""The bundle file: one tagged PDF with cover, contents, a chronology, and everything disclosed, in order."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pikepdf
from django.template.loader import render_to_string
from django.utils import timezone

from govuk import words
from records.disclosure.pieces import CONFIDENTIAL, IN_ORDER, TIME_LIMITS, AttachedFile, Piece
from records.models import Disclosure
from reports.uploads import storing

if TYPE_CHECKING:
    from weasyprint import Attachment

Note = Callable[[int], None]
STEP = 100


@dataclass(frozen=True)
class Bundle:
    """What two people agreed to disclose."""

    disclosure: Disclosure
    pieces: list[Piece]
    given: Mapping[str, bool]
    made_at: datetime.datetime

    def gives(self, piece: Piece) -> bool:
        """Return whether a piece goes in: for a court always; for a person unless marked, or if so decided.

        Never one about a sealed record that no order covers, nor, without an order, what a court alone gets.
        """
        if piece.is_sealed or (piece.court_only and not self.disclosure.is_for_court):
            return False
        if self.disclosure.is_for_court:
            return True
        return self.given.get(piece.key, not piece.is_marked)


@dataclass(frozen=True)
class Shown:
    """A piece as it appears in the file: without its words where left out. ``file`` is its attachment."""

    number: int
    lines: tuple[tuple[str, str], ...]
    day: str
    is_left_out: bool
    file: AttachedFile | None = None

    @property
    def file_name(self) -> str:
        """Return the attachment's name inside the bundle, containing nothing that anyone typed."""
        return f"record-{self.number}.{self.file.suffix}" if self.file else ""


class MissingFileError(Exception):
    """The contents of a file to be disclosed are missing."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def bundle_pdf(bundle: Bundle, *, note: Note = lambda _done: None) -> bytes:
    """Return the bundle as PDF/UA-1, with the attachments of what is disclosed.

    What was left out is not in the file at all: a black block of fixed size stands for it. Raises
    MissingFileError.
    """
    from reports.typesetting import pdf_of  # noqa: PLC0415 - loads WeasyPrint

    context = context_of(bundle, note=note)
    html = render_to_string("records/pdf/bundle.html", context)
    return pdf_of(html, attachments=[_attached(shown, bundle) for shown in context["with_files"]])


def _attached(shown: Shown, bundle: Bundle) -> Attachment:
    """Return the file as received. Raises MissingFileError where it is gone: no bundle silently omits one."""
    content = storing.get(shown.file.stored_as) if shown.file else None
    if content is None:
        raise MissingFileError(shown.number)
    import weasyprint  # noqa: PLC0415 - takes long to load

    return weasyprint.Attachment(
        string=content,
        name=shown.file_name,
        description=f"Came with record {shown.number}",
        created=bundle.made_at,
        modified=bundle.made_at,
    )


def page_count(file: bytes) -> int:
    """Return the number of pages of a PDF."""
    with pikepdf.open(io.BytesIO(file)) as pdf:
        return len(pdf.pages)


def context_of(bundle: Bundle, *, note: Note) -> dict[str, Any]:
    """Return everything the template needs; pieces left out come without their words."""
    disclosure = bundle.disclosure
    numbered = []
    for number, piece in enumerate(bundle.pieces, start=1):
        numbered.append((piece, _shown(bundle, piece, number)))
        if number % STEP == 0:
            note(number)
    parts = _parts(numbered, disclosure)
    groups = [(f"part-{at}", name, _sections(pairs)) for at, (name, pairs) in enumerate(parts, start=1)]
    person = disclosure.person
    return {
        "disclosure": disclosure,
        "authority": disclosure.authority,
        "colour": disclosure.authority.colour,
        "person": person,
        "born": words.plain_date(person.birth_date) if person.birth_date else words.NOT_RECORDED,
        "created": timezone.localtime(bundle.made_at).isoformat(timespec="seconds"),
        "made_on": words.plain_date(bundle.made_at),
        "groups": groups,
        "chronology": _chronology(numbered),
        "with_files": [shown for _, shown in numbered if shown.file],
        "number_given": sum(not shown.is_left_out for _, shown in numbered),
        "number_left_out": sum(shown.is_left_out for _, shown in numbered),
        "confidential": CONFIDENTIAL,
    }


def in_order(bundle: Bundle) -> list[tuple[str, str, Shown]]:
    """Return part, section and what is shown of each piece, in the order of the file, without laying anything out."""
    numbered = [(piece, _shown(bundle, piece, number)) for number, piece in enumerate(bundle.pieces, start=1)]
    parts = _parts(numbered, bundle.disclosure)
    return [(name, piece.section, shown) for name, pairs in parts for piece, shown in pairs]


def _parts(numbered: list[tuple[Piece, Shown]], disclosure: Disclosure) -> list[tuple[str, list[tuple[Piece, Shown]]]]:
    """Return the parts by name; for a court, what could show where someone is stands apart, last."""
    apart = [pair for pair in numbered if pair[0].whereabouts] if disclosure.is_for_court else []
    set_apart = {id(piece) for piece, _ in apart}
    grouped = _grouped([pair for pair in numbered if id(pair[0]) not in set_apart])
    return [*grouped, (CONFIDENTIAL, apart)] if apart else grouped


def _shown(bundle: Bundle, piece: Piece, number: int) -> Shown:
    given = bundle.gives(piece)
    day = words.plain_date(piece.day) if piece.day else ""
    if not given:
        return Shown(number, (), "", is_left_out=True)
    return Shown(number, piece.lines, day, is_left_out=False, file=piece.file)


def _grouped(pairs: list[tuple[Piece, Shown]]) -> list[tuple[str, list[tuple[Piece, Shown]]]]:
    found = ((name, [pair for pair in pairs if pair[0].group == name]) for name in IN_ORDER)
    return [(name, own) for name, own in found if own]


def _sections(pairs: list[tuple[Piece, Shown]]) -> list[tuple[str, list[Shown]]]:
    return [(section, [shown for _, shown in own]) for section, own in groupby(pairs, key=lambda pair: pair[0].section)]


def _chronology(pairs: list[tuple[Piece, Shown]]) -> list[tuple[str, str, int]]:
    """Return what happened when, with its number in the bundle.

    What was left out does not appear, nor do time limits, which are counted and do not happen.
    """
    dated = sorted(
        (piece.day, piece.section, shown.number)
        for piece, shown in pairs
        if piece.day and piece.group != TIME_LIMITS and not shown.is_left_out
    )
    return [(words.plain_date(day), section, number) for day, section, number in dated]
