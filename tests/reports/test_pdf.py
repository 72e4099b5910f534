from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
from weasyprint.urls import FatalURLFetchingError

from reports.content import content_of
from reports.copies import compose
from reports.copies.copies import Scored
from reports.copies.naming import SOMEBODY
from reports.enums import DocumentKind
from reports.pdf import Stamp, html_of, render
from reports.typesetting import NothingFromOutside
from tests.layout import laid_out, pdf_words
from tests.reports.story import (
    HIDDEN_PHONE,
    HIDDEN_POSTCODE,
    HIDDEN_SCHOOL,
    HIDDEN_STREET,
    HIDDEN_TEACHER,
    NOW,
    conference_of,
    say,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
lays_out = pytest.mark.lays_out

STAMP = Stamp(number=1, prepared_at=NOW, released_at=NOW, released_by="Tomasz Kestrel")

SECOND_PROCESS = """
import json, sys, django, datetime, hashlib
django.setup()
from reports.copies import compose
from reports.pdf import Stamp, render
given = json.load(sys.stdin)
at = datetime.datetime.fromisoformat(given["at"])
copy = compose(given["content"], given["who"], given["kind"])
print(hashlib.sha256(render(copy, Stamp(1, at, at, "Tomasz Kestrel"))).hexdigest())
"""


def pdf_for(story: SimpleNamespace, name: str, kind: str = DocumentKind.MINUTES, stamp: Stamp = STAMP) -> bytes:
    content = content_of(conference_of(story), now=NOW)
    return render(compose(content, getattr(story.of, name).pk, kind), stamp)


@once_per_module()
def hazels(story: SimpleNamespace) -> bytes:
    """The mother's copy of the minutes."""
    with laid_out():
        return pdf_for(story, "hazel")


@once_per_module()
def martins(story: SimpleNamespace) -> bytes:
    """The copy of the father of one child."""
    with laid_out():
        return pdf_for(story, "martin")


def text_of(file: bytes) -> str:
    """Return the words of a PDF on one line, as a text search finds them."""
    return re.sub(r"\s+", " ", pdf_words(file).replace("\u00a0", " "))


@lays_out
def test_the_minutes_are_tagged_titled_and_in_english(hazels: bytes) -> None:
    with pikepdf.open(io.BytesIO(hazels)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert pdf.Root.StructTreeRoot is not None
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == (
            "Minutes of the initial and pre-birth child protection conference: EC26-0031"
        )
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        pictures = [tag for tag in _tags(pdf.Root.StructTreeRoot) if str(tag.get("/S")) == "/Figure"]
        assert pictures
        assert all(str(tag.get("/Alt", "")).startswith("Safety scores for") for tag in pictures)


def _tags(node: pikepdf.Object) -> list[pikepdf.Object]:
    found = []
    children = node.get("/K")
    if children is None:
        return found
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            found.append(child)
            found += _tags(child)
    return found


@lays_out
def test_a_parent_of_one_child_finds_nothing_hidden_or_about_other_children(martins: bytes) -> None:
    text = text_of(martins)
    for hidden in (
        HIDDEN_STREET, "Quince", HIDDEN_POSTCODE, HIDDEN_SCHOOL, "Meadow Lane", HIDDEN_TEACHER, HIDDEN_PHONE,
        "asthma", "Robin", "Harbour Academy", "medicine", "unborn",
    ):  # fmt: skip
        assert hidden not in text
    assert "Wren hides under the table when a voice is raised." in text
    assert "Child protection plan" in text


def test_a_letter_to_a_parent_of_one_child_hides_the_same(story: SimpleNamespace) -> None:
    text = text_of(pdf_for(story, "martin", DocumentKind.DECISIONS_LETTER))
    for hidden in (HIDDEN_STREET, HIDDEN_POSTCODE, "Meadow Lane", HIDDEN_TEACHER, "asthma", "Robin"):
        assert hidden not in text


@lays_out
def test_the_minutes_name_their_recipient_on_every_page(hazels: bytes) -> None:
    document = pypdfium2.PdfDocument(hazels)
    for number, page in enumerate(document, start=1):
        text = page.get_textpage().get_text_bounded().replace("\ufffe", "-")
        assert "Confidential. Copy for Hazel Brambley" in text
        assert "Case 26-0417, EC26-0031" in text
        assert f"Copy 1 of 9. Page {number} of {len(document)}" in text


@lays_out
def test_the_first_page_names_each_child_in_full(hazels: bytes) -> None:
    page = pypdfium2.PdfDocument(hazels)[0]
    text = re.sub(r"\s+", " ", page.get_textpage().get_text_bounded().replace("\u00a0", " "))
    for words in (
        "Robin Brambley 4 March 2014, aged 12", "Wren Brambley 9 June 2020, aged 6",
        "Baby Brambley expected 10 April 2027", "Hazel Brambley, Martin Alder", "Eastmere Surgery",
    ):  # fmt: skip
        assert words in text


@lays_out
def test_the_letter_says_plainly_what_was_decided_and_who_to_contact(story: SimpleNamespace) -> None:
    text = text_of(pdf_for(story, "hazel", DocumentKind.DECISIONS_LETTER))
    for words in (
        "Dear Hazel Brambley", "What was decided", "Wren has been frightened at home again and again.",
        "Take Robin to the asthma clinic", "Tuesday 5 January 2027, 14:00", "01632 960 101", "ring 999",
        "To complain: Complaints team",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(("name", "about"), [("martin", "your child"), ("hazel", "your children")])
def test_a_parent_reads_of_as_many_children_as_they_have_here(story: SimpleNamespace, name: str, about: str) -> None:
    assert f"It holds what is about {about} and was said while you were there." in text_of(pdf_for(story, name))


def test_the_unborn_baby_begins_a_row_with_a_capital_letter_and_is_not_seen(story: SimpleNamespace) -> None:
    content = content_of(conference_of(story), now=NOW)
    for child in content["children"]:
        child["short_name"] = "the unborn baby" if child["unborn"] else child["short_name"]
    letter, minutes = (
        html_of(compose(content, story.of.hazel.pk, kind), STAMP)
        for kind in (DocumentKind.DECISIONS_LETTER, DocumentKind.MINUTES)
    )
    assert "<h3>The unborn baby" in minutes
    assert "sees" not in letter
    assert "who visits at least every 10 working days" in re.sub(r"\s+", " ", letter)


def test_a_figure_says_family_for_a_relative_who_was_not_in_the_same_part(story: SimpleNamespace) -> None:
    copy = compose(content_of(conference_of(story), now=NOW), story.of.hazel.pk, DocumentKind.MINUTES)
    copy.children[0] = replace(
        copy.children[0], scores=(Scored(SOMEBODY, "", value=4, given="Given", reason="", is_family=True),)
    )
    assert "4: Family." in html_of(copy, STAMP)


@lays_out
def test_a_draft_says_so_on_every_page(story: SimpleNamespace) -> None:
    draft = Stamp(number=1, prepared_at=NOW, released_at=None, released_by="")
    for page in pypdfium2.PdfDocument(pdf_for(story, "hazel", stamp=draft)):
        assert "Draft. Confidential. Copy for Hazel Brambley" in page.get_textpage().get_text_bounded()


@lays_out
def test_names_in_every_script_are_rendered(story: SimpleNamespace) -> None:
    say(story, "O’Neil, Zoë, Łukasz, سلمى, שרה and 🙂 spoke.", story.wren_row)
    file = pdf_for(story, "hazel")
    assert "O’Neil, Zoë, Łukasz" in text_of(file)
    with pikepdf.open(io.BytesIO(file)) as pdf:
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    drawn = " ".join(sorted(fonts))
    assert "Arabic" in drawn
    assert "Hebrew" in drawn
    assert "Emoji" in drawn


@lays_out
def test_the_same_minutes_for_the_same_recipient_are_the_same_file(story: SimpleNamespace, martins: bytes) -> None:
    content = json.loads(json.dumps(content_of(conference_of(story), now=NOW)))
    given = {
        "content": content, "who": story.of.martin.pk, "kind": DocumentKind.MINUTES, "at": NOW.isoformat(),
    }  # fmt: skip
    there = subprocess.run(
        [sys.executable, "-c", SECOND_PROCESS],
        input=json.dumps(given), capture_output=True, text=True, check=True, env=_environment(),
    )  # fmt: skip
    assert there.stdout.strip() == hashlib.sha256(martins).hexdigest()


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "cpconf.settings", "PYTHONHASHSEED": "7"}


@lays_out
def test_another_recipient_gets_another_file(hazels: bytes, martins: bytes) -> None:
    assert hazels != martins


@pytest.mark.parametrize("url", ["https://example.org/a.png", "file:///etc/passwd", "data:text/css,body{}"])
def test_no_external_url_is_fetched(url: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        NothingFromOutside().fetch(url)
