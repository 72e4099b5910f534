"""Large print, and how small letters on paper may be."""

from __future__ import annotations

import base64
import ctypes
import html as html_module
import re
from dataclasses import replace
from types import SimpleNamespace

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.urls import reverse

from accounts.enums import ReadKind
from accounts.models import AccessEvent
from conferences.models import ExclusionRequest
from reports.content import content_of
from reports.copies import compose
from reports.enums import Channel, DocumentKind, PaperState
from reports.models import Document, LaidOutPaper
from reports.pdf import Stamp, html_of, render
from reports.row_by_row import without_tables
from reports.services.circulation import record_copy
from reports.services.documents import prepare_document, release_document
from reports.services.laying_out import give_out
from reports.services.refusals import CopyRefusedError
from tests.layout import laid_out, lay_out_papers, pdf_words
from tests.reports.story import NOW, conference_of
from tests.reports.test_guest_papers import PAPERS, browser, text
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

ORDINARY = Stamp(number=1, prepared_at=NOW, released_at=NOW, released_by="Tomasz Kestrel")
LARGE = Stamp(number=1, prepared_at=NOW, released_at=NOW, released_by="Tomasz Kestrel", is_large=True)
# The width of what stands in a figure's box on A4, in points.
IN_A_BOX = (210 - 2 * 18 - 2 * 3.25) * 72 / 25.4


def sizes(file: bytes, *, edges: bool = False, edge: float = 62) -> set[float]:
    """Return the sizes of letters in points: of what stands on the pages, or at their edges."""
    found = set()
    for page in pypdfium2.PdfDocument(file):
        height = page.get_height()
        for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
            _left, bottom, _right, top = thing.get_bounds()
            size = ctypes.c_float()
            pdfium.FPDFTextObj_GetFontSize(thing.raw, ctypes.byref(size))
            if (bottom > height - edge or top < edge) == edges and top > bottom:
                found.add(round(abs(size.value * thing.get_matrix().d), 1))
    return found


@once_per_module()
def files(story: SimpleNamespace) -> dict[str, bytes]:
    """The mother's minutes in both prints, without their figures."""
    copy = compose(content_of(conference_of(story), now=NOW), story.of.hazel.pk, DocumentKind.MINUTES)
    copy.children[:] = [replace(child, scores=()) for child in copy.children]
    with laid_out():
        return {"ordinary": render(copy, ORDINARY), "large": render(copy, LARGE)}


def body_of(html: str) -> str:
    return html[html.index("<h1>") :]


@pytest.mark.lays_out
def test_no_letter_is_smaller_than_twelve_points_in_ordinary_and_eighteen_in_large_print(files):
    assert min(sizes(files["ordinary"])) >= 12
    assert min(sizes(files["large"], edge=92)) >= 18


@pytest.mark.lays_out
def test_nothing_at_the_edges_of_a_page_is_smaller_than_nine_points(files):
    assert min(sizes(files["ordinary"], edges=True)) >= 9
    assert min(sizes(files["large"], edges=True, edge=92)) >= 14


@pytest.mark.parametrize(("stamp", "least"), [(ORDINARY, 9), (LARGE, 16)])
def test_no_letter_in_a_figure_is_smaller_than_nine_points(story, stamp, least):
    html = html_of(compose(content_of(conference_of(story), now=NOW), story.of.hazel.pk, DocumentKind.MINUTES), stamp)
    drawn = [base64.b64decode(found).decode() for found in re.findall(r"svg\+xml;base64,([\w+/=]+)", html)]
    lettered = [svg for svg in drawn if "font-size=" in svg]
    assert lettered
    for svg in lettered:
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
        assert (
            min(float(size) for size in re.findall(r'font-size="([\d.]+)"[^>]*>[^<]', svg)) * IN_A_BOX / width >= least
        )


def test_a_row_becomes_a_block_that_says_each_column():
    html = without_tables(
        "<!DOCTYPE html><html><body><table><thead><tr><th>Child</th><th>Who</th><th></th></tr></thead>"
        "<tbody><tr><th scope='row'>Wren</th><td>A <b>nurse</b><br>and more</td><td>x &lt; y</td></tr></tbody></table>"
        "<p>after</p></body></html>"
    )
    assert html.endswith(
        '<body><div class="row"><p class="about">Wren</p>'
        "<p><strong>Who:</strong> A <b>nurse</b><br>and more</p><p>x &lt; y</p></div><p>after</p></body></html>"
    )


def test_large_print_says_every_word_of_the_ordinary_print(story):
    copy = compose(content_of(conference_of(story), now=NOW), story.of.hazel.pk, DocumentKind.MINUTES)
    said, large = (
        {
            word.rstrip(":")
            for word in html_module.unescape(re.sub(r"<[^>]*>", " ", body_of(html_of(copy, stamp)))).split()
        }
        for stamp in (ORDINARY, LARGE)
    )
    # What a row is about needs no head.
    assert sorted(said - large) == ["Name"]


@once_per_module(at=NOW)
def minutes(story) -> Document:
    """The minutes, signed off and sent to the mother."""
    document = prepare_document(conference=story.conference, kind=DocumentKind.MINUTES, by=story.coordinator, now=NOW)
    return release_document(document=document, by=story.chair, now=NOW)


def send(story, document, **how):
    return record_copy(
        document=document, recipient=story.of.hazel, by=story.coordinator, now=NOW, channel=Channel.BY_HAND,
        channel_confirmed="Came to the office", sent_at=NOW, **how,
    )  # fmt: skip


@pytest.mark.usefixtures("after", "kept_files")
class TestAFileOfItsOwn:
    def test_both_prints_are_kept_under_their_own_checksum(self, story, minutes):
        for is_large in (True, False):
            assert give_out(minutes, story.of.hazel.pk, now=NOW, is_large=is_large).file is None
        lay_out_papers(recipient=story.of.hazel)
        ordinary, large = (give_out(minutes, story.of.hazel.pk, now=NOW, is_large=large) for large in (False, True))
        assert ordinary.file != large.file
        assert {one.paper.sha256 for one in (ordinary, large)} == set(
            LaidOutPaper.objects.filter(recipient=story.of.hazel, state=PaperState.READY).values_list(
                "sha256", flat=True
            )
        )
        assert give_out(minutes, story.of.hazel.pk, now=NOW, is_large=True).file == large.file

    def test_a_sending_in_large_print_has_the_checksum_of_that_file(self, story, minutes):
        copy = send(story, minutes, is_large=True)
        lay_out_papers(recipient=story.of.hazel)
        copy.refresh_from_db()
        assert copy.checksum == give_out(minutes, story.of.hazel.pk, now=NOW, is_large=True).paper.sha256
        assert copy.checksum != give_out(minutes, story.of.hazel.pk, now=NOW).paper.sha256

    def test_a_refusal_takes_both_away(self, story, minutes):
        for is_large in (True, False):
            give_out(minutes, story.of.hazel.pk, now=NOW, is_large=is_large)
        lay_out_papers(recipient=story.of.hazel)
        ExclusionRequest.objects.create(
            conference=story.conference, participant=story.of.hazel, ground="asked", reason="Asked",
            asked_by=story.coordinator, asked_at=NOW,
        )  # fmt: skip
        with pytest.raises(CopyRefusedError):
            give_out(minutes, story.of.hazel.pk, now=NOW, is_large=True)
        assert not LaidOutPaper.objects.filter(recipient=story.of.hazel, state=PaperState.READY).exists()

    def test_a_guest_has_it_from_their_own_page(self, story, minutes):
        copy = send(story, minutes)
        hazel = browser(story, "hazel")
        address = f"{PAPERS}copies/{copy.pk}/"
        assert f'href="{address}?print=large"' in text(hazel.get(f"{address}read/"))
        assert hazel.get(f"{address}?print=large").status_code == 202
        lay_out_papers()
        answer = hazel.get(f"{address}?print=large")
        assert "large-print" in answer["Content-Disposition"]
        assert "Copy for Hazel Brambley" in pdf_words(answer.content)
        assert AccessEvent.objects.order_by("pk").last().kind == ReadKind.PDF

    def test_the_minutes_are_a_page_that_says_what_the_file_says(self, story, minutes):
        copy = send(story, minutes)
        page = text(browser(story, "hazel").get(f"{PAPERS}copies/{copy.pk}/read/"))
        for said in (
            "This copy is for Hazel Brambley",
            "What was decided",
            "What was said",
            "Who took part",
            "cp-figure__narrow",
            "<strong>Born:</strong> ",
        ):
            assert said in page, said
        row = AccessEvent.objects.order_by("pk").last()
        assert (row.kind, row.subject, row.subject_id) == (ReadKind.PAGE, "Copy", copy.pk)

    def test_large_text_is_chosen_once_for_all_pages(self, story, minutes):
        hazel = browser(story, "hazel")
        assert "cp-large-text" not in text(hazel.get(PAPERS))
        answer = hazel.post(reverse("guests:text-size"), {"size": "large", "page": PAPERS})
        assert answer["Location"] == PAPERS
        assert "cp-large-text" in text(hazel.get(PAPERS))
        hazel.post(reverse("guests:text-size"), {"size": "ordinary", "page": PAPERS})
        assert "cp-large-text" not in text(hazel.get(PAPERS))

    def test_the_choice_leads_nowhere_else(self, story):
        for page in ("https://example.org/guest/", "//example.org", "/conferences/", ""):
            answer = browser(story, "hazel").post(reverse("guests:text-size"), {"size": "large", "page": page})
            assert answer["Location"] == reverse("guests:arrive")
