"""What follows from a change of a conference's children: the change is made, looked at, and taken back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from conferences.enums import ParticipantStatus
from conferences.models import Conference, Participant
from deadlines.clocks import clock_of
from deadlines.models import Deadline
from deadlines.services.ledger import GONE as NOTHING_TO_RUN_FROM
from govuk import words
from notifications.models import Message

GONE = (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN)


@dataclass(frozen=True)
class ClockChange:
    """One time limit that begins, moves, opens again, is met or ends; ``whose`` are the reports it is about."""

    title: str
    what: str
    whose: tuple[str, ...] = ()

    @property
    def whose_words(self) -> str:
        return words.listed(list(self.whose))


@dataclass
class Following:
    """What follows: ``refusals`` where the change is not possible, and then nothing else."""

    clocks: list[ClockChange] = field(default_factory=list)
    proposed: list[Participant] = field(default_factory=list)
    come_too: list[Participant] = field(default_factory=list)
    held: list[Participant] = field(default_factory=list)
    taken_off: list[Participant] = field(default_factory=list)
    told: list[Participant] = field(default_factory=list)
    to_tell: list[Participant] = field(default_factory=list)
    becomes_late: bool = False
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _State:
    deadlines: dict[tuple[str, int], Deadline]
    statuses: dict[int, str]
    children: dict[int, frozenset[int]]
    messages: frozenset[int]
    to_tell: frozenset[int]
    is_asked_about_lateness: bool


def what_follows(
    conference: Conference, child_id: int, change: Callable[[], object], *, now: datetime.datetime
) -> Following:
    """Return what follows from ``change``, which is undone before this returns."""
    following = Following()
    try:
        with transaction.atomic():
            before = _state(conference, child_id)
            change()
            _compare(following, conference, before, _state(conference, child_id), now=now)
            transaction.set_rollback(True)
    except ValidationError as refusal:
        following.refusals = list(refusal.messages)
    return following


def _state(conference: Conference, child_id: int) -> _State:
    rows = list(conference.participants.prefetch_related("children"))
    return _State(
        deadlines={
            (row.kind, row.fact_id): row
            for row in Deadline.objects.filter(Q(conference_id=conference.pk) | Q(child_id=child_id))
        },
        statuses={row.pk: row.status for row in rows},
        children={row.pk: frozenset(child.pk for child in row.children.all()) for row in rows},
        messages=frozenset(Message.objects.filter(conference_id=conference.pk).values_list("pk", flat=True)),
        to_tell=frozenset(conference.to_tell.values_list("pk", flat=True)),
        is_asked_about_lateness=conference.late_agreements.filter(superseded_at__isnull=True).exists(),
    )


def _compare(
    following: Following, conference: Conference, before: _State, after: _State, *, now: datetime.datetime
) -> None:
    told = set(
        Message.objects.filter(conference_id=conference.pk)
        .exclude(pk__in=before.messages)
        .values_list("person_id", flat=True)
    )
    by_hand = set(conference.to_tell.exclude(pk__in=before.to_tell).values_list("participant", flat=True))
    for row in conference.participants.select_related("person", "agency", "post").order_by("pk"):
        was, status = before.statuses.get(row.pk), row.status
        if status in GONE and was not in (None, *GONE):
            following.taken_off.append(row)
        elif status == ParticipantStatus.AWAITING_CHAIR and was != status:
            following.held.append(row)
        elif status == ParticipantStatus.PROPOSED and was != status:
            following.proposed.append(row)
        elif was is not None and after.children[row.pk] - before.children[row.pk]:
            following.come_too.append(row)
        if row.person_id in told:
            following.told.append(row)
        if row.pk in by_hand:
            following.to_tell.append(row)
    following.becomes_late = after.is_asked_about_lateness and not before.is_asked_about_lateness
    following.clocks = _changes(before.deadlines, after.deadlines, now=now)


def _changes(
    before: dict[tuple[str, int], Deadline], after: dict[tuple[str, int], Deadline], *, now: datetime.datetime
) -> list[ClockChange]:
    found: dict[tuple[str, str], list[str]] = {}
    for key, row in sorted(after.items(), key=lambda item: (item[1].due_on, item[0])):
        clock = clock_of(row.kind)
        what = _change(before.get(key), row, today=now)
        if clock is not None and what:
            found.setdefault((clock.title, what), []).extend([row.what] if row.what else [])
    return [ClockChange(title, what, tuple(dict.fromkeys(whose))) for (title, what), whose in found.items()]


def _change(was: Deadline | None, row: Deadline, *, today: datetime.datetime) -> str:
    """Return what became of a time limit, in words; empty where nothing did."""
    day = words.long_date(row.due_on)
    late = ", which is past already" if row.is_open and row.due_on < today.date() else ""
    if was is None:
        return f"Begins: by {day}{late}" if row.is_open else ""
    if was.is_open and not row.is_open:
        why = "" if row.not_needed == NOTHING_TO_RUN_FROM else f". {row.not_needed}"
        return f"Ends{why}" if row.not_needed else "Is met"
    if not was.is_open and row.is_open:
        return f"Is open again: by {day}{late}"
    if row.is_open and was.due_on != row.due_on:
        return f"Was by {words.long_date(was.due_on)}, becomes by {day}{late}"
    if row.is_open and was.conference_id and row.conference_id is None:
        return f"Runs on without this conference: by {day}{late}"
    if row.is_open and was.conference_id is None and row.conference_id:
        return f"Runs on with this conference: by {day}{late}"
    return ""
