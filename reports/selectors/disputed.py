"""What someone says is wrong in a report, in the last minutes or on the board, as the chair reads it beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from conferences.models import Conference, Participant
from families.models import Person
from meetings.models import BoardEntry
from meetings.selectors.chairs_reading import last_conference
from reports.enums import RemarkKind, ReportState
from reports.models import MinutesComment, Remark, Sharing


@dataclass(frozen=True)
class Disputed:
    """What one person says is wrong; ``author`` wrote the report, for what is about one."""

    who: Person | None
    about: str
    text: str
    author: Participant | None = None


def disputed_in(conference: Conference) -> list[Disputed]:
    """Return what is disputed before a conference, in a fixed number of queries.

    What was recorded as each report was shared, the last time with each person; the sentences that someone in the
    family says are wrong; what those at the last conference say is wrong in its minutes, and was not settled; what is
    seen differently on this one's board.
    """
    return [
        *_of_reports(conference), *_of_sentences(conference), *_of_last_minutes(conference), *_of_the_board(conference),
    ]  # fmt: skip


def _of_reports(conference: Conference) -> list[Disputed]:
    rows = Sharing.objects.filter(report__conference=conference).exclude(report__state=ReportState.SUPERSEDED)
    newest: dict[tuple[int, int], Sharing] = {}
    for row in rows.select_related("person", "report__author__person").order_by("recorded_at", "pk"):
        newest[row.report_id, row.person_id] = row
    return [
        Disputed(row.person, f"Report of {row.report.author.person.full_name}", row.disputed, row.report.author)
        for row in newest.values()
        if row.disputed.strip()
    ]


def _of_sentences(conference: Conference) -> list[Disputed]:
    rows = Remark.objects.filter(report__conference=conference, kind=RemarkKind.WRONG)
    return [
        Disputed(
            row.participant.person,
            f"Report of {row.report.author.person.full_name}: “{row.sentence}”",
            row.text,
            row.report.author,
        )
        for row in rows.select_related("participant__person", "report__author__person").order_by("said_at", "pk")
    ]


def _of_last_minutes(conference: Conference) -> list[Disputed]:
    last = last_conference(conference)
    if last is None:
        return []
    rows = MinutesComment.objects.filter(document__conference=last, settled_at__isnull=True)
    return [
        Disputed(row.participant.person, f"Minutes of {last.reference}", row.text)
        for row in rows.select_related("participant__person")
    ]


def _of_the_board(conference: Conference) -> list[Disputed]:
    rows = BoardEntry.objects.filter(conference=conference, withdrawn_at__isnull=True).exclude(seen_differently="")
    return [
        Disputed(row.speaker.person if row.speaker else None, f"On the board: {row.text}", row.seen_differently)
        for row in rows.select_related("speaker__person").order_by("created_at", "pk")
    ]
