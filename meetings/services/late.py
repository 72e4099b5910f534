"""Entries that were typed without a network: taken once, checked as any other, and marked for the chair."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import EnrolledDevice, User
from conferences.models import Attendance, Conference, Decision, Part, Participant
from conferences.services.guards import EditedMeanwhile, require_chair
from meetings.enums import LateKind, LateState
from meetings.models import LateEntry
from meetings.models.bases import ArrivedLate
from meetings.selectors.quorum import quorum_of
from meetings.services.attendance import record_attendance
from meetings.services.board import add_entry
from meetings.services.guards import lock_for_writing, lock_in_session

T = TypeVar("T", bound=ArrivedLate)
# Ours: longer than any sitting without a break, shorter than a working day.
KEPT_FOR = datetime.timedelta(hours=4)
DECIDED = "A decision has been made since."
REVEALED = "Scores have been shown since."
RECORDED = "Someone else has recorded this person since."
QUORUM = "It would change whether there is a quorum."


@dataclass(frozen=True)
class Waited:
    """How an entry got here: the page's key for it, when and by whom it was typed, and on which device."""

    once_key: str
    typed_at: datetime.datetime
    seen_key: str
    device: EnrolledDevice
    by: User


@transaction.atomic
def take_late_note(*, conference: Conference, waited: Waited, now: datetime.datetime, **note: Any) -> LateEntry:
    """Put a note on the board that waited in a browser, marked as late. Sent twice, it is there once.

    It is never on the shared screen by itself. Raises ValidationError for one older than ``KEPT_FOR``; otherwise as
    add_entry, among them MeetingClosed.
    """
    locked = lock_for_writing(conference)
    known = known_late(LateEntry, waited)
    if known is not None:
        return known
    refuse_too_old(waited, now=now)
    entry = add_entry(conference=locked, by=waited.by, now=now, **note)
    marked = LateEntry.objects.filter(entry=entry).first()
    if marked is not None:
        return marked
    return _late(locked, LateKind.NOTE, waited, now=now, entry=entry)


@transaction.atomic
def take_late_attendance(
    *,
    participant: Participant,
    part: Part,
    presence: str,
    mode: str,
    version: int,
    waited: Waited,
    now: datetime.datetime,
) -> LateEntry:
    """Record attendance that waited in a browser, or let it wait for the chair.

    It waits where a decision was made or scores were shown since it was typed, where somebody else recorded the
    person since, and where it would change whether there is a quorum: what is late alters none of these by itself.
    Raises ValidationError for one older than ``KEPT_FOR`` and as record_attendance does for someone who may not be
    recorded; MeetingClosed.
    """
    locked, _ = lock_in_session(participant.conference)
    known = known_late(LateEntry, waited)
    if known is not None:
        return known
    refuse_too_old(waited, now=now)
    because = _moved_on(locked, since=waited.typed_at)
    if not because:
        because = _recorded(locked, participant, part, presence, mode, version, waited, now=now)
    return _late(
        locked,
        LateKind.ATTENDANCE,
        waited,
        now=now,
        participant=participant,
        part=part,
        presence=presence,
        mode=mode,
        because=because,
    )


def _recorded(
    conference: Conference,
    participant: Participant,
    part: Part,
    presence: str,
    mode: str,
    version: int,
    waited: Waited,
    *,
    now: datetime.datetime,
) -> str:
    """Record it, and return why it has to wait after all; then nothing is recorded."""
    before = quorum_of(conference).is_met
    mark = transaction.savepoint()
    try:
        record_attendance(
            participant=participant, part=part, presence=presence, mode=mode, version=version, by=waited.by, now=now
        )
    except EditedMeanwhile:
        because = RECORDED
    else:
        because = "" if quorum_of(conference).is_met == before else QUORUM
    if because:
        transaction.savepoint_rollback(mark)
    else:
        transaction.savepoint_commit(mark)
    return because


@transaction.atomic
def settle_late(*, late: LateEntry, accept: bool, by: User, now: datetime.datetime) -> LateEntry:
    """Let late attendance stand, or set it aside; for the chair. Idempotent.

    Raises ValidationError if ``by`` is not the chair, and as record_attendance does.
    """
    conference, _ = lock_in_session(late.conference)
    require_chair(by, conference, "settle what arrived late")
    row = LateEntry.objects.select_for_update().get(pk=late.pk)
    if row.state != LateState.WAITS or row.participant is None or row.part is None:
        return row
    if accept:
        standing = Attendance.objects.filter(participant=row.participant, part=row.part).first()
        record_attendance(
            participant=row.participant,
            part=row.part,
            presence=row.presence,
            mode=row.mode,
            version=standing.version if standing else 0,
            by=by,
            now=now,
        )
    row.state = LateState.ACCEPTED if accept else LateState.SET_ASIDE
    row.settled_by, row.settled_at = by, now
    row.save(update_fields=["state", "settled_by", "settled_at"])
    return row


def known_late(model: type[T], waited: Waited) -> T | None:
    """Return the row of an entry that has arrived before."""
    return model._default_manager.filter(typed_by=waited.by, once_key=waited.once_key).first()


def refuse_too_old(waited: Waited, *, now: datetime.datetime) -> None:
    """Raise ValidationError for an entry that waited longer than ``KEPT_FOR``."""
    if waited.typed_at < now - KEPT_FOR:
        raise ValidationError("This was typed more than four hours ago. Write it again, and say when it was said.")


def how_it_came(waited: Waited, *, now: datetime.datetime) -> dict[str, Any]:
    """Return the columns that say how a late entry got here."""
    return {
        "once_key": waited.once_key,
        "device": waited.device,
        "typed_by": waited.by,
        "typed_at": waited.typed_at,
        "arrived_at": now,
        "seen_key": waited.seen_key,
    }


def _moved_on(conference: Conference, *, since: datetime.datetime) -> str:
    if Decision.objects.filter(conference_child__conference=conference, decided_at__gte=since).exists():
        return DECIDED
    return REVEALED if conference.children.filter(scores_shown_at__gte=since).exists() else ""


def _late(
    conference: Conference, kind: LateKind, waited: Waited, *, now: datetime.datetime, because: str = "", **of: Any
) -> LateEntry:
    return LateEntry.objects.create(
        conference=conference,
        kind=kind,
        **how_it_came(waited, now=now),
        state=LateState.WAITS if because else LateState.TAKEN,
        waits_because=because,
        **of,
    )
