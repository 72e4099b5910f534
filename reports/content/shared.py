"""Helpers shared by the parts of a content."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

Json = dict[str, Any]


def iso(moment: datetime.datetime | None) -> str:
    """Return a moment in London as ISO text; "" for None."""
    return timezone.localtime(moment).isoformat() if moment else ""


def ids_of(rows: Iterable[Any]) -> list[int]:
    """Return ids in ascending order."""
    return sorted(row.pk for row in rows)
