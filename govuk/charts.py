from __future__ import annotations

from django.utils.safestring import SafeString


def fifteen_cells(day: int, booked_day: int | None = None, total: int = 15) -> SafeString:
    return SafeString("")
