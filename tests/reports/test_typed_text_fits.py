"""Whatever is typed into any field that reaches paper, every heading and cell stays on the sheet and in its column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from itertools import count
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest

from reports.content import content_of
from reports.copies import compose
from reports.enums import DocumentKind
from reports.pdf import render
from tests.layout import pdf_words
from tests.reports.story import NOW, conference_of
from tests.reports.test_pdf import STAMP

pytestmark = [pytest.mark.django_db, pytest.mark.lays_out]

UNBROKEN = "x" * 200
LINK = "https://example.org/" + "a" * 580
SCRIPTS = "שלום לכולם، مرحبا بالجميع 👩‍👩‍👧 我的名字叫小明。お母さん 어머니 • one • two"
LINES = "\n".join(f"Line {number}" for number in range(300))
# What the program writes itself: codes, colours, numbers and days.
OURS = {"kind", "outcome", "colour", "code", "answer", "category", "nature", "heading"} | {
    "authority", "reference", "case_number",
}  # fmt: skip
CODE = re.compile(r"[a-z_]*|#?[0-9a-f]{6}|\d{4}-\d\d-\d\d.*")
ALONG_THE_EDGE = 20


def typed_everywhere(value: Any, place: Iterator[int], name: str = "") -> Any:
    """Return a copy of a paper with such text at the end of everything that was typed.

    A link is in every ninth place, and 300 lines in one: to break them takes the layout long.
    """
    if isinstance(value, Enum) or name in OURS:
        return value
    if isinstance(value, str):
        if CODE.fullmatch(value):
            return value
        number = next(place)
        return f"{value} {UNBROKEN} {SCRIPTS} {LINK if number % 9 == 0 else ''}{LINES if number == 30 else ''}"
    if is_dataclass(value) and not isinstance(value, type):
        own = {field.name: getattr(value, field.name) for field in fields(value) if field.init}
        return replace(value, **{key: typed_everywhere(one, place, key) for key, one in own.items() if key != "reader"})
    if isinstance(value, dict):
        return {key: typed_everywhere(one, place, str(key)) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(typed_everywhere(one, place, name) for one in value)
    return value


def beyond_the_sheet(file: bytes) -> list[tuple[int, str]]:
    """Return what stands beyond the margins of a page, with the page's number."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(file), start=1):
        text, (width, height) = page.get_textpage(), page.get_size()
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            if left < ALONG_THE_EDGE or right > width - ALONG_THE_EDGE or bottom < 0 or top > height:
                found.append((number, text.get_text_bounded(left, bottom, right, top)[:40]))
    return found


def columns_of(file: bytes) -> list[int]:
    """Return where the headings of columns begin, from left to right, on the pages where they stand."""
    found = set()
    for page in pypdfium2.PdfDocument(file):
        text = page.get_textpage()
        for heading in ("Legal status", "Parental responsibility", "By when", "Significant harm", "Who they are"):
            search = text.search(heading, match_case=True)
            while place := search.get_next():
                found.add((heading, round(text.get_charbox(place[0])[0])))
    return sorted(found)


@pytest.mark.parametrize("kind", [DocumentKind.MINUTES, DocumentKind.DECISIONS_LETTER])
def test_nothing_typed_leaves_the_sheet_or_moves_a_column(story: SimpleNamespace, kind: str) -> None:
    copy = compose(content_of(conference_of(story), now=NOW), story.of.hazel.pk, kind)
    typed = render(typed_everywhere(copy, count()), STAMP)
    assert beyond_the_sheet(typed) == []
    assert columns_of(typed) == columns_of(render(copy, STAMP))


@pytest.mark.parametrize("kind", [DocumentKind.MINUTES, DocumentKind.DECISIONS_LETTER])
def test_the_longest_names_stay_in_the_margins_and_on_the_page(story: SimpleNamespace, kind: str) -> None:
    widest = "W" * 200
    copy = compose(content_of(conference_of(story), now=NOW), story.of.hazel.pk, kind)
    council = {**copy.authority, "name": widest[:120]}
    copy = replace(copy, reader=replace(copy.reader, name=widest), authority=council, case_number=widest[:40])
    file = render(copy, replace(STAMP, released_by=widest[:150], standing_in_for=widest[:150]))
    assert beyond_the_sheet(file) == []
    for page in pypdfium2.PdfDocument(file):
        text, (_, height) = page.get_textpage(), page.get_size()
        assert "Confidential. Copy for" in text.get_text_bounded(bottom=height - 68)
    assert widest in "".join(pdf_words(file).split())


def test_no_score_stands_beside_its_column(story: SimpleNamespace) -> None:
    copy = compose(content_of(conference_of(story), now=NOW), story.of.hazel.pk, DocumentKind.MINUTES)
    edge = 595.28 - 18 * 72 / 25.4
    for page in pypdfium2.PdfDocument(render(copy, STAMP)):
        text = page.get_textpage()
        assert [round(text.get_rect(n)[2]) for n in range(text.count_rects()) if text.get_rect(n)[2] > edge + 1] == []
