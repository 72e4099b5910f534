"""Objections to a conference, and the deadlines for raising them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from conferences.enums import FAMILY_CAPACITIES, Capacity
from conferences.models import Conference, Participant
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import Due, civil_day, due
from deadlines.working_days.calendars import calendar_for
from meetings.models import Dissent
from reports.enums import CommentOutcome, DissentChoice, DocumentKind
from reports.models import Copy, Document, LodgedDissent, MinutesComment
from reports.selectors.complaints import ComplaintRow, complaints_about
from reports.selectors.papers import agency_words

DISSENTING = FAMILY_CAPACITIES | {Capacity.SOCIAL_WORKER, Capacity.TEAM_MANAGER, Capacity.PROFESSIONAL}
NOT_COMPLAINING = (Capacity.CHAIR, Capacity.COORDINATOR)


def described(participant: Participant) -> str:
    """Return name and place of work or role, such as "Shazia Wing, Harbour Academy"."""
    return f"{participant.person.full_name}, {agency_words(participant)}"


def people_who_may_dissent(conference: Conference) -> QuerySet[Participant]:
    """Return the family members and professionals on the conference's list."""
    rows: QuerySet[Participant] = conference.participants.filter(capacity__in=DISSENTING)
    return rows.select_related("person", "agency").order_by("pk")


def people_who_may_complain(conference: Conference) -> QuerySet[Participant]:
    """Return everyone on the list except those who run the conference."""
    rows: QuerySet[Participant] = conference.participants.exclude(capacity__in=NOT_COMPLAINING)
    return rows.select_related("person", "agency").order_by("pk")


def first_copies_of_minutes(conference: Conference) -> dict[int, Copy]:
    """Return the first copy of the minutes that each participant had, by participant."""
    copies = Copy.objects.filter(document__conference=conference, document__kind=DocumentKind.MINUTES)
    found: dict[int, Copy] = {}
    for copy in copies.select_related("recipient__person", "recipient__agency").order_by("sent_at", "pk"):
        found.setdefault(copy.recipient_id or 0, copy)
    return found


@dataclass(frozen=True)
class DissentRow:
    dissent: LodgedDissent
    is_late: bool

    @property
    def from_whom(self) -> str:
        return described(self.dissent.participant)


@dataclass(frozen=True)
class CommentRow:
    comment: MinutesComment
    is_late: bool
    waits_for_version: bool

    @property
    def from_whom(self) -> str:
        return described(self.comment.participant)


@dataclass(frozen=True)
class Objections:
    """Everything that was raised against a conference, oldest first.

    ``not_asked`` are those who dissented in the meeting and neither lodged it nor left it at that.
    ``dissent_until`` and ``comments_until`` are None before the meeting has ended or the minutes were sent.
    """

    dissents: list[DissentRow]
    left: list[LodgedDissent]
    not_asked: list[Participant]
    dissent_until: Due | None
    comments: list[CommentRow]
    comments_until: datetime.date | None
    complaints: list[ComplaintRow]


def objections_of(conference: Conference, reader: User) -> Objections:
    """Return the objections to a conference, in a fixed number of queries."""
    rows = list(
        LodgedDissent.objects.filter(conference=conference)
        .select_related("participant__person", "participant__agency", "recorded_by", "answered_by")
        .prefetch_related("children__child__person", "children__child__pregnancy")
    )
    calendar = calendar_for(conference.authority_id)
    policy = policy_of(conference.policy_version_id)
    until = due(policy.limit("dissent"), conference.ended_at, calendar) if conference.ended_at else None
    spoken = {row.participant_id for row in rows}
    first = first_copies_of_minutes(conference)
    windows = {pk: due(policy.limit("minutes-comments"), copy.sent_at, calendar).on for pk, copy in first.items()}
    return Objections(
        dissents=[
            DissentRow(row, is_late=until is not None and is_after(row.lodged_at, until))
            for row in rows
            if row.choice == DissentChoice.LODGED
        ],
        left=[row for row in rows if row.choice == DissentChoice.LEFT],
        not_asked=[row for row in dissented_in_the_meeting(conference) if row.pk not in spoken],
        dissent_until=until,
        comments=_comments(conference, windows),
        comments_until=max(windows.values(), default=None),
        complaints=complaints_about(conference, reader),
    )


def dissented_in_the_meeting(conference: Conference) -> list[Participant]:
    """Return those whose dissent the meeting recorded."""
    spoken = Dissent.objects.filter(decision__conference_child__conference=conference)
    return list(people_who_may_dissent(conference).filter(pk__in=spoken.values("participant")))


def dissent_until(conference: Conference) -> Due | None:
    """Return the end of the window for lodging dissent; None before the meeting has ended."""
    if conference.ended_at is None:
        return None
    limit = policy_of(conference.policy_version_id).limit("dissent")
    return due(limit, conference.ended_at, calendar_for(conference.authority_id))


def accepted_comments() -> QuerySet[MinutesComment]:
    """Return the comments that were right and are in no version of the minutes yet."""
    since = Document.objects.filter(
        conference=OuterRef("document__conference"),
        kind=DocumentKind.MINUTES,
        core_group_meeting__isnull=True,
        prepared_at__gte=OuterRef("settled_at"),
    )
    rows: QuerySet[MinutesComment] = MinutesComment.objects.filter(~Exists(since), outcome=CommentOutcome.ACCEPTED)
    return rows


def minutes_comments_until(participant: Participant) -> datetime.date | None:
    """Return the day until which one person's comments on the minutes are in time; None before they had a copy."""
    conference = participant.conference
    copy = first_copies_of_minutes(conference).get(participant.pk)
    if copy is None:
        return None
    limit = policy_of(conference.policy_version_id).limit("minutes-comments")
    return due(limit, copy.sent_at, calendar_for(conference.authority_id)).on


def is_after(moment: datetime.datetime, end: Due) -> bool:
    """Return whether a moment is after the end of a window."""
    return moment > end.at if end.at is not None else civil_day(moment) > end.on


def _comments(conference: Conference, windows: dict[int, datetime.date]) -> list[CommentRow]:
    rows = list(
        MinutesComment.objects.filter(document__conference=conference).select_related(
            "participant__person", "participant__agency", "recorded_by", "settled_by", "document"
        )
    )
    newest = (
        Document.objects.filter(conference=conference, kind=DocumentKind.MINUTES)
        .order_by("-number")
        .values_list("prepared_at", flat=True)
        .first()
    )
    return [
        CommentRow(
            row,
            is_late=row.received_on > windows.get(row.participant_id, row.received_on),
            waits_for_version=row.outcome == CommentOutcome.ACCEPTED
            and row.settled_at is not None
            and (newest is None or newest < row.settled_at),
        )
        for row in rows
    ]
