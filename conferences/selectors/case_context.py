"""The state of a family's case, for the head of its block in My work."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Sitting
from deadlines.cases import CaseContext
from govuk import words


def booked_conferences(family_ids: Sequence[int], today: datetime.date) -> Mapping[int, CaseContext]:
    """Return, by family, the next booked conference."""
    sittings = (
        Sitting.objects.filter(
            conference__family__in=family_ids,
            conference__status__in=[ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN],
            state__in=[SittingState.BOOKED, SittingState.IN_SESSION],
        )
        .select_related("conference")
        .order_by("-starts_at")
    )
    return {
        sitting.conference.family_id: CaseContext(
            lines=(f"Conference {words.short_date(sitting.starts_at, today=today)}, {words.clock(sitting.starts_at)}",),
            meets_at=sitting.starts_at,
        )
        for sitting in sittings
    }
