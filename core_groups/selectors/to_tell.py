"""Which members have to be told of a meeting by another way than e-mail: what to say, and how it is safe."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conferences.enums import TellingOutcome
from conferences.selectors.telling import Way, ways_to_reach
from core_groups.enums import ASKS_THEM, MeetingState, News
from core_groups.models import CoreGroupMeeting, MemberTelling, MemberToTell
from core_groups.selectors.letters import letter, no_more
from families.selectors.losses import people_held


@dataclass(frozen=True)
class MemberRow:
    """One thing to tell one member, as the list shows it: the words, how to reach them, what was tried."""

    to_tell: MemberToTell
    words: str
    ways: list[Way]
    tried: list[MemberTelling]


def still_to_tell(rows: QuerySet[MemberToTell]) -> QuerySet[MemberToTell]:
    """Return the rows that someone has to act on: a meeting that was held needs no more telling.

    After the loss of a child nobody of the family is told anything before a manager lets messages go.
    """
    return (
        rows.exclude(member__person__in=people_held().order_by().values("pk"))
        .filter(
            told_at__isnull=True,
            ended_at__isnull=True,
            member__person__death_date__isnull=True,
            member__person__sealed_at__isnull=True,
            member__person__merged_into__isnull=True,
        )
        .exclude(meeting__state=MeetingState.HELD)
    )


def how_many_to_tell() -> Coalesce:
    """Return the expression, on meetings, for how many members still have to be told."""
    rows = still_to_tell(MemberToTell.objects.filter(meeting=OuterRef("pk"))).order_by().values("meeting")
    return Coalesce(Subquery(rows.annotate(members=Count("pk")).values("members")), 0)


def members_to_tell(meeting: CoreGroupMeeting, *, on: datetime.date) -> list[MemberRow]:
    """Return what members still have to be told of a meeting, oldest first, in a fixed number of queries."""
    rows = list(
        still_to_tell(meeting.to_tell.all())
        .select_related("member__person", "member__post__agency")
        .prefetch_related("tellings__told_by")
        .order_by("arose_at", "pk")
    )
    ways = ways_to_reach([row.member for row in rows], on=on)
    return [
        MemberRow(
            row,
            words_to_say(row, meeting),
            ways[row.member_id],
            [one for one in row.tellings.all() if one.stands and one.outcome == TellingOutcome.NOT_REACHED],
        )
        for row in rows
    ]


def words_to_say(row: MemberToTell, meeting: CoreGroupMeeting) -> str:
    """Return what a member is told, to read out or print: it names no one, and gives their own time and place."""
    if row.news not in ASKS_THEM:
        return no_more(meeting)
    return letter(meeting, at=row.starts_at, place=row.place, changed=row.news == News.CHANGED)


def tellings_of(meeting: CoreGroupMeeting) -> QuerySet[MemberTelling]:
    """Return every entry of who was told or tried, the newest first, those taken back too."""
    rows: QuerySet[MemberTelling] = MemberTelling.objects.filter(to_tell__meeting=meeting).select_related(
        "to_tell__member__person", "told_by", "recorded_by", "taken_back_by"
    )
    return rows.order_by("-at", "-pk")
