"""People of a conference as choices."""

from __future__ import annotations

from collections.abc import Sequence

from conferences.models import Participant
from reports.selectors.objections import described


def people_choices(rows: Sequence[Participant]) -> list[tuple[str, str]]:
    """Return each participant with their description."""
    return [(str(row.pk), described(row)) for row in rows]
