"""Spreadsheet files whose cells are read as text and numbers, never as formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

# The last four are full-width characters that spreadsheets read as the usual ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: Any) -> Any:
    """Return ``cell``, with a quote before text that a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(FORMULA) else cell


def csv_file(name: str, *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return the rows as a CSV file of that name, never cached."""
    # The byte order mark tells spreadsheets that the text is UTF-8.
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return response
