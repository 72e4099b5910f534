"""Published figures for England, to compare a council's own with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """Share in time (per cent) and usual working day of one kind of deadline over one year."""

    percent: int
    median_day: int
    year: str
    source: str


# National statistics on children in need; updated by hand when a new year is published.
ENGLAND: dict[str, Published] = {
    "initial-conference": Published(
        percent=81,
        median_day=14,
        year="the year to March 2025",
        source="Characteristics of children in need, Department for Education",
    )
}
