"""Opening the meeting, who is there and who is not, and breaking it off."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import (
    Capacity,
    ConferenceStatus,
    Mode,
    ParticipantStatus,
    PartKind,
    Presence,
    SittingState,
)
from conferences.models import Attendance, Conference, ConferenceChild, Decision, Part, Participant, Sitting
from conferences.services.guards import (
    MeetingClosed,
    family_ids_of,
    lock_child,
    participant_in,
    require_chair,
    text_of,
)
from conferences.services.guest_links import revoke_link
from conferences.services.scheduling import change_status, lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from govuk.words import long_date
from meetings.models import AgendaItem
from meetings.selectors.the_day import policy_of_conference
from meetings.services.guards import lock_in_session

# An arrival longer before the first that was booked is a slip of the keyboard.
EARLIEST = datetime.timedelta(hours=12)


@transaction.atomic
def open_conference(
    *, conference: Conference, by: User, now: datetime.datetime, opened_at: datetime.datetime | None = None
) -> Conference:
    """Open the next booked sitting of a conference.

    In order:

    1. locks the conference; where a sitting is in session already, gives it back unchanged;
    2. puts the sitting in session, at ``opened_at`` where that is said, at its start where it is recorded
       afterwards, else now; the conference's own opening time is that of its first sitting;
    3. makes one whole part where no parts were planned, and the agenda from the council's procedures;
    4. records that the chair is there, where they stand on the list.

    Only the chair opens. Raises ValidationError where somebody else asks, where no sitting is booked, or on
    another day than the one booked; MeetingClosed after closing or cancelling.
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
    if not sitting.parts.exists():
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
    part = sitting.parts.order_by("number").first()
    if listed is not None and part is not None:
        record_attendance(participant=listed, part=part, presence=Presence.PRESENT, by=chair, now=now)


def _opening_time(
    sitting: Sitting, *, opened_at: datetime.datetime | None, now: datetime.datetime
) -> datetime.datetime:
    """When the sitting really began; refuses a moment to come and any day but the one booked."""
    began = opened_at or (sitting.starts_at if sitting.recorded_afterwards_reason else now)
    if began > now:
        raise ValidationError(
            {"opened_at": "This time is in the future. Enter when the meeting really began."}
        )
    booked = civil_day(sitting.starts_at)
    if civil_day(began) != booked:
        raise ValidationError(
            f"This sitting is booked for {long_date(booked)}. Where it is held on another day, change the date first."
        )
    return began


@transaction.atomic
def add_part(*, conference: Conference, kind: str, title: str, by: User, now: datetime.datetime) -> Part:
    """Add a part to the running sitting: what is said in it reaches only those who are in it.

    A part of the same kind and title is given back.

    Raises ValidationError on ``kind`` or ``title``, MeetingClosed, StoppedForSafety.
    """
    _, sitting = lock_in_session(conference)
    if kind not in PartKind.values:
        raise ValidationError({"kind": "Choose what this part of the meeting is."})
    named = text_of("title", title, "Give this part a name, such as “With the mother”.")
    standing = sitting.parts.filter(kind=kind, title=named).first()
    if standing is not None:
        return standing
    number = sitting.parts.count() + 1
    return Part.objects.create(sitting=sitting, number=number, kind=kind, title=named)


@transaction.atomic
def record_attendance(
    *,
    participant: Participant,
    part: Part,
    presence: str,
    by: User,
    now: datetime.datetime,
    mode: str = Mode.IN_PERSON,
    arrived_at: datetime.datetime | None = None,
    left_at: datetime.datetime | None = None,
    note: str = "",
) -> Attendance:
    """Record whether somebody was in one part of the meeting, how, and from when to when.

    Writing it again replaces what was recorded; the history keeps both. Somebody who is there and whose arrival
    is not said came when the sitting began, or now if that is later.

    Raises ValidationError where the chair has yet to decide about this person or keeps them out, where they are
    not on the list, on ``left_at`` where it is before the arrival, on ``part``; MeetingClosed, StoppedForSafety.
    """
    _, sitting = lock_in_session(participant.conference)
    person = Participant.objects.select_for_update().get(pk=participant.pk)
    if part.sitting_id != sitting.pk:
        raise ValidationError({"part": "Choose a part of the sitting that is running."})
    if presence not in Presence.values or presence == Presence.REMOVED:
        raise ValidationError({"presence": "Choose whether this person is here."})
    if presence == Presence.PRESENT:
        _refuse_undecided(person)
    standing = Attendance.objects.filter(participant=person, part=part).first()
    attendance = standing or Attendance(participant=person, part=part)
    if standing is not None and standing.presence == Presence.REMOVED:
        raise ValidationError(
            "The chair removed this person from the meeting. Only the chair can let them back in."
        )
    there = presence == Presence.PRESENT
    attendance.presence = presence
    attendance.mode = mode
    attendance.arrived_at = _arrival(attendance, arrived_at, sitting, now) if there else None
    attendance.left_at = left_at if there else None
    attendance.note = note.strip()
    attendance.recorded_by = by
    _check_times(attendance, sitting, now=now)
    with refused_by_database(leaves_after_arriving="left_at"):
        attendance.save()
    return attendance


def _arrival(
    attendance: Attendance, arrived_at: datetime.datetime | None, sitting: Sitting, now: datetime.datetime
) -> datetime.datetime:
    if arrived_at is not None:
        return arrived_at
    began = sitting.opened_at or sitting.starts_at
    if attendance.arrived_at is not None:
        return attendance.arrived_at
    return began if sitting.recorded_afterwards_reason else max(began, now)


def _check_times(attendance: Attendance, sitting: Sitting, *, now: datetime.datetime) -> None:
    arrived, left = attendance.arrived_at, attendance.left_at
    if arrived is not None and arrived > now:
        raise ValidationError({"arrived_at": "This time is in the future."})
    if left is not None and left > now:
        raise ValidationError({"left_at": "This time is in the future."})
    if arrived is not None and arrived < sitting.booked_from - EARLIEST:
        raise ValidationError({"arrived_at": "This is long before the meeting. Check the time."})


def _refuse_undecided(participant: Participant) -> None:
    if participant.status == ParticipantStatus.KEPT_OUT:
        raise ValidationError(
            "The chair decided that this person does not take part. They can be here only when the chair decides again."
        )
    open_request = participant.exclusion_requests.filter(decided_at__isnull=True).exists()
    if participant.status == ParticipantStatus.AWAITING_CHAIR or open_request:
        raise ValidationError(
            "The chair has yet to decide whether and how this person takes part. Decide that first, now if need be."
        )
    if participant.status in (ParticipantStatus.LEFT_OUT, ParticipantStatus.WITHDRAWN):
        raise ValidationError(
            "This person is not on the list. Add them to the meeting first, with the reason."
        )


def record_apologies(
    *, participant: Participant, part: Part, by: User, now: datetime.datetime, note: str = ""
) -> Attendance:
    """Record that somebody sent apologies. Raises as record_attendance does."""
    return record_attendance(
        participant=participant, part=part, presence=Presence.APOLOGIES, note=note, by=by, now=now
    )


@transaction.atomic
def remove_attendee(
    *,
    participant: Participant,
    reason: str,
    by: User,
    now: datetime.datetime,
    left_at: datetime.datetime | None = None,
) -> list[Attendance]:
    """The chair removes somebody from the meeting.

    What follows is not theirs to read, and they fill no seat of the quorum. Every part of the sitting in which
    they are recorded as present is marked, and their link is closed, whoever is inside. Twice is once.

    Raises ValidationError on ``reason``, where ``by`` is not the chair, or where the person is not there.
    """
    conference, sitting = lock_in_session(participant.conference, in_spite_of_stop=True)
    require_chair(by, conference, "remove somebody from the meeting")
    because = text_of("reason", reason, "Say why this person is removed.")
    rows = list(Attendance.objects.select_for_update().filter(participant=participant, part__sitting=sitting))
    if any(row.presence == Presence.REMOVED for row in rows):
        return [row for row in rows if row.presence == Presence.REMOVED]
    present = [row for row in rows if row.presence == Presence.PRESENT]
    if not present:
        raise ValidationError("This person is not recorded as being in the meeting.")
    for row in present:
        row.presence = Presence.REMOVED
        row.left_at = row.left_at or left_at or now
        row.note = because[:250]
        row.recorded_by = by
        with refused_by_database(leaves_after_arriving="left_at"):
            row.save()
    revoke_link(participant, because="The chair removed them from the meeting.", by=by, now=now)
    return present


@transaction.atomic
def readmit_attendee(*, participant: Participant, by: User, now: datetime.datetime) -> list[Attendance]:
    """The chair lets somebody whom they removed back in. Raises ValidationError where ``by`` is not the chair."""
    conference, sitting = lock_in_session(participant.conference)
    require_chair(by, conference, "let somebody back in")
    _refuse_undecided(Participant.objects.select_for_update().get(pk=participant.pk))
    rows = Attendance.objects.select_for_update().filter(
        participant=participant, part__sitting=sitting, presence=Presence.REMOVED
    )
    let_in = []
    for row in rows:
        row.presence = Presence.PRESENT
        row.left_at = None
        row.recorded_by = by
        row.save()
        let_in.append(row)
    return let_in


@transaction.atomic
def say_who_brings_views(
    *, participant: Participant, brought_by: Participant, by: User, now: datetime.datetime
) -> Participant:
    """Name who brings the views of somebody who is not in the meeting.

    Raises ValidationError on ``brought_by`` where that is the same person or somebody of another conference.
    """
    conference, _ = lock_in_session(participant.conference)
    participant_in(conference, brought_by, "brought_by")
    row = Participant.objects.select_for_update().get(pk=participant.pk)
    if brought_by.person_id == row.person_id:
        raise ValidationError({"brought_by": "Choose somebody else: this person is not here."})
    row.views_brought_by = brought_by
    row.save(update_fields=["views_brought_by"])
    return row


@transaction.atomic
def say_who_speaks_for_child(
    *, conference_child: ConferenceChild, brought_by: Participant, by: User, now: datetime.datetime
) -> Participant:
    """Name who brings the views of a child of the conference who was not invited.

    The child then stands on the list as left out, with that reason, so that their views have a place.

    Raises ValidationError as say_who_brings_views does, or where the child is not born.
    """
    conference, _ = lock_in_session(conference_child.conference)
    child = lock_child(conference, conference_child)
    participant_in(conference, brought_by, "brought_by")
    if child.child.is_unborn:
        raise ValidationError("An unborn baby has no views yet.")
    row = conference.participants.filter(person=child.child.person_id, capacity=Capacity.CHILD).first()
    if row is None:
        row = Participant.objects.create(
            conference=conference,
            person=child.child.person,
            capacity=Capacity.CHILD,
            status=ParticipantStatus.LEFT_OUT,
            change_reason="Not invited. Somebody else speaks for this child.",
        )
        row.children.set([child])
    return say_who_brings_views(participant=row, brought_by=brought_by, by=by, now=now)


@transaction.atomic
def withdraw_child(
    *, conference_child: ConferenceChild, because: str, by: User, now: datetime.datetime
) -> ConferenceChild:
    """The chair withdraws a child from the conference on the day, before deciding for them. Twice is once.

    Raises ValidationError on ``because``, where ``by`` is not the chair, where the chair has decided for the child,
    or where no other child would be left; MeetingClosed, StoppedForSafety.
    """
    conference, _ = lock_in_session(conference_child.conference)
    require_chair(by, conference, "withdraw a child from it")
    row = ConferenceChild.objects.select_for_update().get(pk=conference_child.pk, conference=conference)
    if row.withdrawn_at is not None:
        return row
    reason = text_of("because", because, "Say why the child is withdrawn from the conference.")
    if row.decisions.filter(superseded_by__isnull=True).exists():
        raise ValidationError("The chair has already decided for this child.")
    if not conference.children.present().exclude(pk=row.pk).exists():
        raise ValidationError("This is the only child of the conference. Adjourn or cancel it instead.")
    row.withdrawn_at = now
    row.withdrawn_because = reason
    row.save(update_fields=["withdrawn_at", "withdrawn_because"])
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
) -> Sitting:
    """Break the meeting off, to be gone on with in another sitting.

    In order:

    1. ends the running sitting as adjourned, or as inquorate, with the reason;
    2. puts the conference back among those scheduled: its next sitting has yet to be booked.

    Decisions already made stand; the time limits of the other children run on. Adjourning twice gives the same
    sitting. Raises ValidationError on ``reason`` or ``ended_at``, where ``by`` is not the chair, or where every
    child is decided; MeetingClosed, StoppedForSafety.
    """
    locked = lock_conference(conference)
    broken_off = locked.sittings.exclude(state=SittingState.CANCELLED).order_by("-number").first()
    if (
        locked.status == ConferenceStatus.SCHEDULED
        and broken_off is not None
        and broken_off.state in (SittingState.ADJOURNED, SittingState.INQUORATE)
    ):
        return broken_off
    locked, sitting = lock_in_session(conference)
    require_chair(by, locked, "adjourn it")
    because = text_of("reason", reason, "Say why the meeting is broken off.")
    decided = Decision.objects.filter(conference_child__conference=locked, superseded_by__isnull=True)
    if not locked.children.present().exclude(pk__in=decided.values("conference_child")).exists():
        raise ValidationError("The chair has decided for every child. Close the meeting instead.")
    sitting.ended_at = end_of(sitting, ended_at, now=now)
    sitting.state = SittingState.INQUORATE if inquorate else SittingState.ADJOURNED
    sitting.state_reason = because
    sitting.save(update_fields=["ended_at", "state", "state_reason"])
    change_status(locked, ConferenceStatus.SCHEDULED)
    locked.save(update_fields=["status"])
    reconcile(family_ids=family_ids_of(locked), now=now)
    return sitting


def end_of(
    sitting: Sitting, ended_at: datetime.datetime | None, *, now: datetime.datetime
) -> datetime.datetime:
    """When the sitting really ended; raises ValidationError on ``ended_at`` for a time before its start or to come."""
    end = ended_at or now
    if end > now:
        raise ValidationError({"ended_at": "This time is in the future. Enter when the meeting ended."})
    if sitting.opened_at is not None and end < sitting.opened_at:
        raise ValidationError({"ended_at": "The meeting can't end before it began. Check the time."})
    return end
