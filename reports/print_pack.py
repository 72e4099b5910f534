"""The file of a print pack: for each envelope a covering sheet, the copy, and marks on every page.

Each envelope takes an even number of pages, so that a printer that prints both sides never puts one person's page on
the back of another's. Nothing in an envelope tells that there are others.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Authority
from govuk import words
from reports.models import Envelope

# In points.
A4 = (595.28, 841.89)


@dataclass(frozen=True)
class Pages:
    """One envelope with the file of its copy."""

    envelope: Envelope
    file: bytes
    reference: str


def pack_pdf(
    parts: Sequence[Pages], authority: Authority, *, made_at: datetime.datetime
) -> tuple[bytes, dict[int, int]]:
    """Return one file in the order of the envelopes, and the pages of each; the same parts give the same bytes."""
    counts = {}
    with pikepdf.new() as pack:
        for part in parts:
            with pikepdf.open(io.BytesIO(part.file)) as copy:
                counts[part.envelope.pk] = _add(pack, part, copy, authority, made_at)
        out = io.BytesIO()
        pack.save(out, min_version="1.7", deterministic_id=True)
    return out.getvalue(), counts


def _add(pack: pikepdf.Pdf, part: Pages, copy: pikepdf.Pdf, authority: Authority, made_at: datetime.datetime) -> int:
    inside = len(copy.pages)
    total = 1 + inside + (1 + inside) % 2
    context = {**_context(authority, made_at), "envelope": part.envelope, "reference": part.reference, "pages": total}
    first = len(pack.pages)
    with pikepdf.open(io.BytesIO(_pdf("reports/pdf/covering_sheet.html", context))) as sheet:
        pack.pages.append(sheet.pages[0])
    pack.pages.extend(copy.pages)
    if total > 1 + inside:
        pack.add_blank_page(page_size=A4)
    numbers = range(1, total + 1)
    with pikepdf.open(io.BytesIO(_pdf("reports/pdf/marks.html", {**context, "numbers": numbers}))) as marks:
        if len(marks.pages) != total:
            raise ValueError("Each page carries its mark.")
        for number in range(total):
            _put_over(pack, pack.pages[first + number], marks.pages[number], f"/OwnMark{number}")
    return total


def _put_over(pack: pikepdf.Pdf, page: pikepdf.Page, mark: pikepdf.Page, called: str) -> None:
    """Draw a page of marks over a page, under a name of its own: the pages of a copy share what they are made from.

    The library's own overlay takes a random name, and gives other bytes each time.
    """
    drawn = pack.copy_foreign(mark.as_form_xobject())
    name = page.add_resource(drawn, pikepdf.Name.XObject, pikepdf.Name(called))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"Q q {name} Do Q\n".encode())


def envelopes_pdf(envelopes: Iterable[Envelope], authority: Authority, made_at: datetime.datetime) -> bytes:
    """Return one page in the size DL for each envelope that is posted, for printing on envelopes without a window."""
    return _pdf("reports/pdf/dl_envelopes.html", {**_context(authority, made_at), "envelopes": list(envelopes)})


def _context(authority: Authority, made_at: datetime.datetime) -> dict[str, Any]:
    return {
        "authority": authority,
        "colour": authority.colour,
        "return_to": authority.return_address.splitlines(),
        "created": timezone.localtime(made_at).isoformat(timespec="seconds"),
        "dated": words.plain_date(timezone.localdate(made_at)),
    }


def _pdf(template: str, context: dict[str, Any]) -> bytes:
    from reports.typesetting import pdf_of  # noqa: PLC0415 - loads WeasyPrint

    return pdf_of(render_to_string(template, context))
