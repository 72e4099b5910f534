"""How much notice agencies ask for, and whether a day leaves it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from deadlines.policies import Policy
from deadlines.working_days.calendars import WorkingCalendar
from families.enums import AgencyKind
from govuk import words


@dataclass(frozen=True)
class AgencyNotice:
    """What one kind of agency asks for, and what the day leaves."""

    sentence: str
    is_short: bool


def notice_for_agencies(
    policy: Policy, calendar: WorkingCalendar, *, today: datetime.date, day: datetime.date
) -> list[AgencyNotice]:
    """Return what the council's agencies ask for, for a meeting on ``day``; nothing for one that is over."""
    if day < today:
        return []
    left = calendar.count(today, day)
    return [
        AgencyNotice(
            f"{AgencyKind(kind).label}: {words.count(asked, 'working day')} of notice. This day leaves {left}.",
            is_short=left < asked,
        )
        for kind, asked in policy.agency_notice.items()
    ]
