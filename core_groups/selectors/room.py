"""What stands of the rules of the day at a core group: statements, the break that lasts, who came as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conferences.enums import Capacity, Presence
from core_groups.models import (
    AlsoThere,
    AnswerAboutObserver,
    MeetingAttendance,
    MeetingBreak,
    MeetingStatement,
    SeparateSitting,
)
from core_groups.selectors.recording import TheRecord, attendance_of
from meetings.selectors.rules_of_day import AboutObserver


@dataclass(frozen=True)
class Together:
    """One sitting as its record shows it; ``sitting`` is None for the meeting of the others."""

    sitting: SeparateSitting | None
    rows: Sequence[MeetingAttendance]
    also: Sequence[AlsoThere]
    statements: Sequence[MeetingStatement]
    pause: MeetingBreak | None

    @property
    def number(self) -> int:
        """Return what stands in addresses; 0 is the meeting of the others."""
        return self.sitting.pk if self.sitting else 0


def sittings_of(record: TheRecord, sittings: Iterable[SeparateSitting | None]) -> list[Together]:
    """Return who was in each of these sittings, and what is kept of its rules. Four queries."""
    meeting = record.meeting
    seats = list(attendance_of(meeting))
    also = list(
        AlsoThere.objects.filter(meeting=meeting).select_related(
            "person", "post__agency", "acts_for__person", "sitting"
        )
    )
    read = list(MeetingStatement.objects.filter(meeting=meeting).select_related("recorded_by"))
    pauses = list(MeetingBreak.objects.filter(meeting=meeting, ended_at__isnull=True))
    return [
        Together(
            one,
            [row for row in seats if row.sitting_id == (one.pk if one else None)],
            [row for row in also if row.sitting_id == (one.pk if one else None)],
            [row for row in read if row.sitting_id == (one.pk if one else None)],
            next((row for row in pauses if row.sitting_id == (one.pk if one else None)), None),
        )
        for one in sittings
    ]


def about_observer(observer: AlsoThere, seats: Iterable[MeetingAttendance]) -> AboutObserver:
    """Return what the family in the same sitting says about an observer."""
    family = tuple(
        row.member
        for row in seats
        if row.sitting_id == observer.sitting_id and row.presence == Presence.PRESENT and row.member.is_family
    )
    answers = AnswerAboutObserver.objects.filter(observer=observer).select_related("asked__person")
    return AboutObserver(observer, family, tuple(answers))


def is_observer(row: AlsoThere) -> bool:
    """Return whether the family is asked about someone."""
    return row.capacity == Capacity.OBSERVER
