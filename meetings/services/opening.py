"""Opening the meeting, adding parts, withdrawing a child from it, and adjourning it."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import Capacity, ConferenceStatus, PartKind, Presence, SittingState, WithdrawalGround
from conferences.models import Conference, ConferenceChild, Decision, Part, Sitting
from conferences.models.conference import BROKEN_OFF
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import MeetingClosed, family_ids_of, require_chair, text_of
from conferences.services.scheduling import change_status, lock_conference
from conferences.services.withdrawing import Withdrawal, record_withdrawal
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from govuk.words import long_date
from meetings.models import AgendaItem
from meetings.services.attendance import record_attendance
from meetings.services.guards import lock_in_session


@transaction.atomic
def open_conference(
    *, conference: Conference, by: User, now: datetime.datetime, opened_at: datetime.datetime | None = None
) -> Conference:
    """Open the next booked sitting of a conference.

    In order:
    1. locks the conference; if a sitting is already in session, returns the conference unchanged;
    2. puts the sitting in session, at ``opened_at`` if given, at its booked start if it is recorded afterwards,
      otherwise now; the conference's own opening time is that of its first sitting;
    3. creates one whole part if no parts were planned, and the agenda from the council's procedures;
    4. records that the chair is present, if they are on the list.

    Only the chair opens. Raises ValidationError for anyone else, if no sitting is booked, or on another day
    than the booked one; MeetingClosed after closing or cancelling.
    """
    locked = lock_conference(conference)
    if locked.status == ConferenceStatus.CANCELLED:
        raise MeetingClosed("This conference was cancelled. It can't be opened.")
    if locked.status == ConferenceStatus.CLOSED:
        raise MeetingClosed("This meeting is closed. It can't be opened again.")
    require_chair(by, locked, "open it")
    if locked.status == ConferenceStatus.OPEN:
        return locked
    sitting = locked.sittings.select_for_update().filter(state=SittingState.BOOKED).order_by("number").first()
    if locked.status != ConferenceStatus.SCHEDULED or sitting is None:
        raise ValidationError("No date is booked for this conference. Schedule it first.")
    began = _opening_time(sitting, opened_at=opened_at, now=now)
    sitting.state = SittingState.IN_SESSION
    sitting.opened_at = began
    sitting.save(update_fields=["state", "opened_at"])
    change_status(locked, ConferenceStatus.OPEN)
    locked.opened_at = locked.opened_at or began
    locked.save(update_fields=["status", "opened_at"])
    if not sitting.standing_parts.exists():
        Part.objects.create(sitting=sitting, number=1, kind=PartKind.WHOLE, title=PartKind.WHOLE.label)
    if not locked.agenda.exists():
        AgendaItem.objects.bulk_create(
            AgendaItem(conference=locked, position=position, title=title)
            for position, title in enumerate(policy_of_conference(locked).agenda, start=1)
        )
    _seat_chair(locked, sitting, chair=by, now=now)
    reconcile(family_ids=family_ids_of(locked), now=now)
    return locked


def _seat_chair(conference: Conference, sitting: Sitting, *, chair: User, now: datetime.datetime) -> None:
    listed = conference.participants.filter(capacity=Capacity.CHAIR, person__user=chair).first()
    part = sitting.standing_parts.order_by("number").first()
    if listed is not None and part is not None:
        record_attendance(participant=listed, part=part, presence=Presence.PRESENT, by=chair, now=now)


def _opening_time(
    sitting: Sitting, *, opened_at: datetime.datetime | None, now: datetime.datetime
) -> datetime.datetime:
    """Return when the sitting really began; refuses the future and any day but the booked one."""
    began = opened_at or (sitting.starts_at if sitting.recorded_afterwards_reason else now)
    if began > now:
        raise ValidationError({"opened_at": "This time is in the future. Enter when the meeting really started."})
    booked = civil_day(sitting.starts_at)
    if civil_day(began) != booked:
        raise ValidationError(
            f"This sitting is booked for {long_date(booked)}. If it is held on another day, change the date first."
        )
    return began


@transaction.atomic
def add_part(*, conference: Conference, kind: str, title: str, by: User, now: datetime.datetime) -> Part:
    """Add a part to the running sitting: what is said in it reaches only those who are in it.

    Returns an existing part of the same kind and title. Raises ValidationError on ``kind`` or ``title``,
    MeetingClosed.
    """
    _, sitting = lock_in_session(conference)
    if kind not in PartKind.values:
        raise ValidationError({"kind": "Choose what this part of the meeting is."})
    named = text_of("title", title, "Give this part a name, such as “With the mother”.")
    standing = sitting.standing_parts.filter(kind=kind, title=named).first()
    if standing is not None:
        return standing
    number = sitting.parts.count() + 1
    return Part.objects.create(sitting=sitting, number=number, kind=kind, title=named)


@transaction.atomic
def withdraw_child(
    *, conference_child: ConferenceChild, because: str, by: User, now: datetime.datetime
) -> ConferenceChild:
    """Withdraw a child from the conference on the day, before a decision, as its chair. Idempotent.

    Raises ValidationError on ``because``, if ``by`` is not the chair, if the chair has decided for the child,
    or if no other child would be left; MeetingClosed.
    """
    conference, _ = lock_in_session(conference_child.conference)
    require_chair(by, conference, "withdraw a child from it")
    row = ConferenceChild.objects.select_for_update().get(pk=conference_child.pk, conference=conference)
    row.conference = conference
    if row.withdrawn_at is not None:
        return row
    reason = text_of("because", because, "Say why the child is withdrawn from the conference.")
    if row.decisions.filter(superseded_by__isnull=True).exists():
        raise ValidationError("The chair has already decided for this child.")
    if not conference.children.present().exclude(pk=row.pk).exists():
        raise ValidationError("This is the only child of the conference. Adjourn or cancel it instead.")
    withdrawal = Withdrawal(ground=WithdrawalGround.OTHER, because=reason, decided_by=by)
    record_withdrawal(row, withdrawal, now=now)
    reconcile(family_ids=family_ids_of(conference), now=now)
    return row


@transaction.atomic
def adjourn(
    *,
    conference: Conference,
    reason: str,
    by: User,
    now: datetime.datetime,
    ended_at: datetime.datetime | None = None,
    inquorate: bool = False,
    goes_on_at: datetime.datetime | None = None,
) -> Sitting:
    """Adjourn the meeting, to be continued in another sitting.

    In order:
    1. ends the running sitting as adjourned, or as inquorate, with the reason, and when it goes on, where that was
       agreed before people left;
    2. sets the conference back to scheduled: its next sitting has yet to be booked.

    Decisions already made stand; the time limits of the other children run on. Until it is booked, the next sitting
    waits for whoever arranges the conference (``waits_for_next_sitting``). Adjourning twice returns the same sitting.
    Raises ValidationError on ``reason``, ``ended_at`` or ``goes_on_at``, if ``by`` is not the chair, or if every
    child is decided; MeetingClosed, StoppedForSafety.
    """
    locked = lock_conference(conference)
    broken_off = locked.sittings.exclude(state=SittingState.CANCELLED).order_by("-number").first()
    if locked.status == ConferenceStatus.SCHEDULED and broken_off is not None and broken_off.state in BROKEN_OFF:
        return broken_off
    locked, sitting = lock_in_session(conference, waits_for_safety=True)
    require_chair(by, locked, "adjourn it")
    because = text_of("reason", reason, "Say why the meeting is adjourned.")
    if goes_on_at is not None and goes_on_at <= now:
        raise ValidationError({"goes_on_at": "This time is over. Enter when the meeting goes on."})
    decided = Decision.objects.filter(conference_child__conference=locked, superseded_by__isnull=True)
    if not locked.children.present().exclude(pk__in=decided.values("conference_child")).exists():
        raise ValidationError("The chair has decided for every child. Close the meeting instead.")
    sitting.ended_at = end_of(sitting, ended_at, now=now)
    sitting.state = SittingState.INQUORATE if inquorate else SittingState.ADJOURNED
    sitting.state_reason = because
    sitting.goes_on_at = goes_on_at
    sitting.save(update_fields=["ended_at", "state", "state_reason", "goes_on_at"])
    change_status(locked, ConferenceStatus.SCHEDULED)
    locked.save(update_fields=["status"])
    reconcile(family_ids=family_ids_of(locked), now=now)
    return sitting


def end_of(sitting: Sitting, ended_at: datetime.datetime | None, *, now: datetime.datetime) -> datetime.datetime:
    """Return when the sitting really ended.

    Raises ValidationError on ``ended_at`` for a time before its start or in the future.
    """
    end = ended_at or now
    if end > now:
        raise ValidationError({"ended_at": "This time is in the future. Enter when the meeting ended."})
    if sitting.opened_at is not None and end < sitting.opened_at:
        raise ValidationError({"ended_at": "The meeting can't end before it started. Check the time."})
    return end
