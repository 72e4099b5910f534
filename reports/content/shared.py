"""What the parts of a content are written with."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

Json = dict[str, Any]


def iso(moment: datetime.datetime | None) -> str:
    """A moment in London as ISO text; "" for none."""
    return timezone.localtime(moment).isoformat() if moment else ""


def ids_of(rows: Iterable[Any]) -> list[int]:
    """Ids in ascending order."""
    return sorted(row.pk for row in rows)
