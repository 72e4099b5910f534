"""PDF files from HTML, without network.

Imported only where a PDF is made: WeasyPrint takes a quarter of the time in which a process starts, and tens of
megabytes that a process that lays nothing out does without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import weasyprint
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

VARIANT = "pdf/ua-1"


class NothingFromOutside(URLFetcher):
    """Serves pictures that are part of the page itself and refuses every other address."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:image/svg+xml;base64,"):
            raise FatalURLFetchingError("A document never reads from an address.")
        return super().fetch(url, headers)


def pdf_of(html: str, *, attachments: Sequence[weasyprint.Attachment] | None = None) -> bytes:
    """Return ``html`` as PDF/UA-1; the same HTML gives the same bytes, in any process."""
    document = weasyprint.HTML(string=html, url_fetcher=NothingFromOutside())
    options = {"attachments": attachments} if attachments is not None else {}
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return bytes(document.write_pdf(pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=identifier, **options))


def pages_in(html: str) -> int:
    """Return the number of pages that ``html`` is laid out on."""
    return len(weasyprint.HTML(string=html, url_fetcher=NothingFromOutside()).render().pages)
