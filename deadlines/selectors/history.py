"""What has happened to one deadline since it was first counted, in words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from deadlines.enums import ChangeKind, WhyMoved
from deadlines.models import Deadline, DeadlineChange, RecountedDeadline
from govuk import words

RECOUNT_WORDS = "Counted again under version {number} of the procedures by {name}: {reason}"


@dataclass(frozen=True)
class HistoryLine:
    """One change: when, what and why, and the last day before and after it."""

    at: datetime.datetime
    text: str
    before: datetime.date | None
    after: datetime.date

    @property
    def has_moved(self) -> bool:
        return self.before is not None and self.before != self.after


def history_of(deadline: Deadline, *, event: str, today: datetime.date) -> list[HistoryLine]:
    """Return everything since the deadline was first counted, newest first; the first count comes last."""
    changes = list(deadline.changes.all())
    recounts = list(
        RecountedDeadline.objects.filter(deadline=deadline).select_related("recount__version", "recount__by")
    )
    lines = [
        HistoryLine(
            at=change.at,
            text=_in_words(change, event=event, today=today),
            before=change.due_on_before,
            after=change.due_on_after,
        )
        for change in changes
        if not _tells_a_recount(change, recounts)
    ]
    lines += [_recount_in_words(row) for row in recounts]
    lines.sort(key=lambda line: line.at, reverse=True)
    told: list[DeadlineChange | RecountedDeadline] = [*changes, *recounts]
    first = min(told, key=_moment, default=None)
    started = HistoryLine(
        at=deadline.created_at,
        text="First counted. The time limit started",
        before=None,
        after=first.due_on_before if first else deadline.due_on,
    )
    return [*lines, started]


def _moment(row: DeadlineChange | RecountedDeadline) -> datetime.datetime:
    return row.at if isinstance(row, DeadlineChange) else row.recount.at


def _tells_a_recount(change: DeadlineChange, recounts: list[RecountedDeadline]) -> bool:
    """Return whether the move was made by a recount, whose own line says more."""
    return change.why_moved == WhyMoved.PROCEDURES and any(
        (row.recount.at, row.due_on_before, row.due_on_after) == (change.at, change.due_on_before, change.due_on_after)
        for row in recounts
    )


def _recount_in_words(row: RecountedDeadline) -> HistoryLine:
    text = RECOUNT_WORDS.format(number=row.recount.version.number, name=row.recount.by.name, reason=row.recount.reason)
    return HistoryLine(at=row.recount.at, text=text, before=row.due_on_before, after=row.due_on_after)


def _in_words(change: DeadlineChange, *, event: str, today: datetime.date) -> str:
    if change.kind != ChangeKind.MOVED:
        said = change.get_kind_display()
        return f"{said}. {change.reason}" if change.reason else said
    before, after = (words.short_date(day, today=today) for day in (change.due_on_before, change.due_on_after))
    said = f"Moved from {before} to {after}" if before != after else "Counted again"
    because = _because(change, event=event, today=today)
    return f"{said} because {because}" if because else said


def _because(change: DeadlineChange, *, event: str, today: datetime.date) -> str:
    match change.why_moved:
        case WhyMoved.EVENT:
            if change.starts_on_before and change.starts_on_after != change.starts_on_before:
                before = words.short_date(change.starts_on_before, today=today)
                after = words.short_date(change.starts_on_after or change.starts_on_before, today=today)
                return f"the {event} moved from {before} to {after}"
            return f"the {event} moved"
        case WhyMoved.PROCEDURES:
            return "it is counted under a different version of the procedures"
        case WhyMoved.OWN_FIGURE:
            return "the plan’s own figure changed"
        case WhyMoved.CALENDAR:
            return "the working-day calendar changed"
        case _:
            return change.reason
