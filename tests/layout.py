"""PDFs without their layout, which takes seconds for each file: most tests check a copy's words, not its look.

Unless a test is marked ``lays_out``, ``OnePage`` replaces WeasyPrint. Everything our code passes to it is
there: the template is rendered, and source, identifier and attachments are in the file, so two files are equal
if WeasyPrint would be given equal input. ``pdf_words`` reads both kinds of file.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext

import pikepdf
import pypdfium2
import pytest
import weasyprint

from reports.enums import PaperState
from reports.models import LaidOutPaper
from reports.services.laying_out import lay_out

LAID_OUT = weasyprint.HTML
SOURCE = "/SourceOfThePages"
DRAWING = re.compile(r"data:image/svg\+xml;base64,([\w+/=]+)")
# Elements within which a word continues.
INLINE = re.compile(r"</?(?:a|b|em|i|span|strong)\b[^>]*>")
TAG = re.compile(r"<[^>]*>")


class OnePage:
    """Replaces ``weasyprint.HTML``: an empty page that carries what it would have been made from."""

    def __init__(self, *, string: str, url_fetcher: object) -> None:
        self.source = string

    def write_pdf(
        self,
        *,
        pdf_variant: str,
        pdf_tags: bool,
        pdf_identifier: bytes,
        attachments: Iterable[weasyprint.Attachment] = (),
    ) -> bytes:
        assert (pdf_variant, pdf_tags, len(pdf_identifier)) == ("pdf/ua-1", True, 16)
        with pikepdf.new() as pdf, io.BytesIO() as file:
            pdf.add_blank_page()
            pdf.Root[SOURCE] = pdf.make_stream(self.source.encode())
            for attachment in attachments:
                with attachment.source as (content, *_):
                    pdf.attachments[attachment.name] = pikepdf.AttachedFileSpec(pdf, content.read())
            pdf.save(file, min_version="1.7", static_id=True)
            return file.getvalue()


@pytest.fixture(scope="session", autouse=True)
def quick_layout() -> Iterator[None]:
    """Disable layout in tests and in the stories they use."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasyprint, "HTML", OnePage)
        yield


@pytest.fixture(autouse=True)
def real_layout(request: pytest.FixtureRequest) -> Iterator[None]:
    """Enable layout for tests marked ``lays_out``."""
    with laid_out() if request.node.get_closest_marker("lays_out") else nullcontext():
        yield


@contextmanager
def laid_out() -> Iterator[None]:
    """Restore WeasyPrint, for a story whose pages are looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasyprint, "HTML", LAID_OUT)
        yield


def lay_out_papers(**only: object) -> int:
    """Do a worker's work for every waiting paper as soon as possible; return how many are ready.

    ``only`` are conditions that select some of the papers.
    """
    waiting = LaidOutPaper.objects.filter(state=PaperState.WAITING, **only)
    return sum(lay_out(pk, now=at) for pk, at in list(waiting.values_list("pk", "take_after")))


def pdf_words(file: bytes) -> str:
    """Return the words of a PDF, laid out or not, and its metadata."""
    with pikepdf.open(io.BytesIO(file)) as pdf:
        if SOURCE in pdf.Root:
            return _words_of(pdf.Root[SOURCE].read_bytes().decode())
        about = [str(value) for value in pdf.docinfo.values()]
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]
    return " ".join([*pages, *about]).replace("\ufffe", "-")


def _words_of(source: str) -> str:
    """Return what a person would read on the pages made from this source, and everything not shown."""
    drawn = DRAWING.sub(lambda found: f'">{base64.b64decode(found[1]).decode()}<"', source)
    return html.unescape(TAG.sub(" ", INLINE.sub("", drawn)))
