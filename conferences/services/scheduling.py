"""Request a conference, book it, move it, cancel it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.urls import reverse

from accounts.constraint_errors import refused_by_database
from accounts.enums import Role
from accounts.models import Authority, User
from conferences.enums import (
    CONFERENCE_TRANSITIONS,
    INITIAL_KINDS,
    AnswerEnded,
    ConferenceKind,
    ConferenceStatus,
    PartKind,
    SittingState,
)
from conferences.models import Conference, ConferenceChild, Part, Room, Sitting
from conferences.plans_held import plans_of, why_a_review
from conferences.selectors.children import short_name_of
from conferences.selectors.recipients import to_be_told
from conferences.selectors.runners import runs_now
from conferences.selectors.standing_apart import why_not_together
from conferences.selectors.windows import holders
from conferences.services.agreements import ask_for_agreement, tell_who_agrees
from conferences.services.booking import (
    Booking,
    ChildToConfer,
    check_booking,
    check_next_sitting,
    is_booked_so,
    refuse_move,
    times_of,
)
from conferences.services.changes import send_cancellations, send_changes
from conferences.services.lateness import ask_about_lateness
from conferences.services.proposals import propose_participants
from conferences.services.replacing import carry_through
from conferences.services.who_runs import tell_who_runs
from deadlines.policies import policy_for
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Child, Family
from families.services.numbers import lock_authority
from govuk import words
from notifications.services.outbox import notify

FOR_ANOTHER_SITTING = "Booked for another sitting."
LIVE = (ConferenceStatus.REQUESTED, ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN)


def lock_conference(conference: Conference) -> Conference:
    """Return the conference's current row, locked until the end of the transaction."""
    return (
        Conference.objects.select_for_update(of=("self",), no_key=True)
        .select_related("family", "authority", "chair", "coordinator")
        .get(pk=conference.pk)
    )


def change_status(conference: Conference, to: ConferenceStatus) -> None:
    """Move a locked conference along CONFERENCE_TRANSITIONS without saving it.

    Raises ValidationError for an invalid transition.
    """
    if to not in CONFERENCE_TRANSITIONS[conference.status]:
        was = ConferenceStatus(conference.status).label.lower()
        raise ValidationError(f"This conference is {was}, so it can't become “{to.label.lower()}”. Reload the page.")
    conference.status = to


@transaction.atomic
def request_conference(
    *, family: Family, children: Sequence[ChildToConfer], reason: str, by: User, now: datetime.datetime
) -> Conference:
    """Request a conference about children of a family.

    In order: takes the next reference of the year; records the conference under the policy in force today, with
    each child, kind, and the enquiry or move that led to it; asks whoever has to agree; tells the council's
    coordinators, unless the case is restricted, and those who agree; counts the deadlines. Returns an existing current
    conference of the same children. Raises ValidationError where no child is named, where only some are in a current
    conference, where an initial one has neither enquiry nor reason, where one child is another's parent (each has their
    own), where nobody is recorded who told of a move, or where a child on a plan here would have anything but a review.
    """
    conference = record_request(family=family, children=children, reason=reason, by=by, now=now)
    if conference.status == ConferenceStatus.REQUESTED and not family.restricted:
        for user in holders(conference.authority, Role.COORDINATOR, on=civil_day(now)):
            notify(
                user=user,
                key=f"conference:{conference.pk}:requested",
                text=f"{conference.reference}: a conference has been requested. Choose its date.",
                url=reverse("conferences:overview", args=[conference.pk]),
                now=now,
            )
    tell_who_agrees(conference, now=now)
    reconcile(family_ids=[family.pk], now=now)
    return conference


def record_request(
    *, family: Family, children: Sequence[ChildToConfer], reason: str, by: User, now: datetime.datetime
) -> Conference:
    """Record a request within a transaction, and tell nobody. Raises what ``request_conference`` raises."""
    if not children:
        raise ValidationError({"children": "Choose at least one child."})
    moved = [row for row in children if row.kind == ConferenceKind.TRANSFER_IN]
    if any(row.transfer is None or row.transfer.child_id != row.child.pk for row in moved):
        raise ValidationError(
            {"children": "First record who told us about the move, and when. The time limit runs from that day."}
        )
    authority = lock_authority(family.authority_id)
    already = _live_conferences([row.child for row in children])
    if already:
        asked = {row.child.pk for row in children}
        if len(already) == 1 and {row.child_id for row in already[0].children.filter(withdrawn_at=None)} == asked:
            return already[0]
        raise ValidationError(
            {"children": f"A child you chose is already in conference {already[0].reference}, which is not over yet."}
        )
    _refuse_on_a_plan(children)
    today = civil_day(now)
    for sentence in why_not_together([row.child for row in children], on=today).values():
        raise ValidationError({"children": sentence})
    conference = Conference.objects.create(
        authority=authority,
        family=family,
        reference=next_reference(authority, year=today.year),
        reason=reason.strip(),
        policy_version_id=policy_for(authority, on=today).version_id,
        requested_by=by,
        requested_at=now,
    )
    for row in children:
        with refused_by_database(initial_needs_enquiry_or_reason="children"):
            ConferenceChild.objects.create(
                conference=conference,
                child=row.child,
                kind=row.kind,
                enquiry=row.enquiry,
                transfer=row.transfer if row in moved else None,
                added_reason=row.added_reason.strip(),
            )
    ask_for_agreement(conference=conference, by=by, now=now)
    return conference


def _refuse_on_a_plan(children: Sequence[ChildToConfer]) -> None:
    plans = plans_of([row.child.pk for row in children if row.kind in INITIAL_KINDS])
    if wrong := [
        why_a_review(plans[row.child.pk], short_name_of(row.child)) for row in children if row.child.pk in plans
    ]:
        raise ValidationError({"children": wrong})


def _live_conferences(children: Sequence[Child]) -> list[Conference]:
    """Return current conferences of these children."""
    held = ConferenceChild.objects.filter(child__in=children, withdrawn_at__isnull=True)
    return list(Conference.objects.filter(pk__in=held.values("conference"), status__in=LIVE).order_by("pk"))


def next_reference(authority: Authority, *, year: int) -> str:
    """Return the next conference reference of the year, such as CC26-0012. The authority's row must be locked."""
    prefix = f"CC{year % 100:02d}-"
    highest = (
        Conference.objects.filter(authority=authority, reference__regex=rf"^{prefix}[0-9]+$")
        .annotate(number=Cast(Substr("reference", len(prefix) + 1), IntegerField()))
        .aggregate(highest=Max("number"))["highest"]
    )
    return f"{prefix}{(highest or 0) + 1:04d}"


@transaction.atomic
def schedule_conference(*, conference: Conference, booking: Booking, by: User, now: datetime.datetime) -> Sitting:
    """Book the first sitting of a requested conference.

    In order: checks the booking (see ``check_booking``); books chair and room from the first arrival to the
    expected end, which the database refuses where either is taken; creates the whole meeting as its first part;
    marks the conference scheduled; proposes who to ask, sending nothing; tells chair and coordinator; asks for
    agreement where the date is after the limit; counts the deadlines. Returns the existing sitting of a
    conference already booked at that time.
    """
    sitting = _schedule(conference=conference, booking=booking, by=by, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return sitting


def _schedule(*, conference: Conference, booking: Booking, by: User, now: datetime.datetime) -> Sitting:
    locked = lock_conference(conference)
    booked = locked.sittings.exclude(state=SittingState.CANCELLED).order_by("number").first()
    if locked.status == ConferenceStatus.SCHEDULED and booked and booked.starts_at == booking.starts_at:
        return booked
    check_booking(conference=locked, booking=booking, now=now)
    _hold(booking)
    locked.chair = booking.chair
    locked.coordinator = booking.coordinator
    change_status(locked, ConferenceStatus.SCHEDULED)
    locked.scheduled_at = now
    _take_over(locked, booking)
    with refused_by_database():
        locked.save()
        sitting = Sitting.objects.create(
            conference=locked,
            number=1 + (locked.sittings.aggregate(Max("number"))["number__max"] or 0),
            booked_at=now,
            booked_by=by,
            **times_of(booking),
        )
    Part.objects.create(sitting=sitting, number=1, kind=PartKind.WHOLE, title="Whole meeting")
    propose_participants(conference=locked, by=by, now=now)
    _tell(locked, sitting, now=now)
    ask_about_lateness(conference=locked, now=now)
    return sitting


@transaction.atomic
def book_next_sitting(*, conference: Conference, booking: Booking, by: User, now: datetime.datetime) -> Sitting:
    """Book the next sitting of an adjourned conference.

    In order: checks the booking; books chair and room, with the whole meeting as the sitting's first part; carries
    through another chair or coordinator; shifts each person's own arrival and sends those invited the new time, and
    who runs the meeting if they knew another name; tells chair and coordinator; asks for agreement where the date
    is after the limit; counts the deadlines, which do not restart. Returns an existing sitting booked for that
    time. Raises ValidationError as ``check_next_sitting`` does.
    """
    locked = lock_conference(conference)
    last = locked.sittings.exclude(state=SittingState.CANCELLED).order_by("-number").first()
    if last is not None and last.state == SittingState.BOOKED and last.starts_at == booking.starts_at:
        return last
    last = check_next_sitting(locked, last, booking, now=now)
    _hold(booking)
    before = runs_now(locked)
    locked.chair = booking.chair
    locked.coordinator = booking.coordinator
    locked.version += 1
    _take_over(locked, booking)
    with refused_by_database():
        locked.save()
        sitting = Sitting.objects.create(
            conference=locked,
            number=1 + (locked.sittings.aggregate(Max("number"))["number__max"] or 0),
            booked_at=now,
            booked_by=by,
            **times_of(booking),
        )
    Part.objects.create(sitting=sitting, number=1, kind=PartKind.WHOLE, title="Whole meeting")
    carry_through(locked, before, reason=FOR_ANOTHER_SITTING, by=by, now=now, stays_for_earlier=True)
    send_changes(conference=locked, before=last, sitting=sitting, because=AnswerEnded.ADJOURNED, by=by, now=now)
    tell_who_runs(locked, now=now)
    _tell(locked, sitting, now=now)
    ask_about_lateness(conference=locked, now=now)
    reconcile(family_ids=[locked.family_id], now=now)
    return sitting


@transaction.atomic
def convene_conference(
    *,
    family: Family,
    children: Sequence[ChildToConfer],
    reason: str,
    booking: Booking,
    by: User,
    now: datetime.datetime,
) -> Conference:
    """Request a conference and book it in one go; either both happen or neither.

    Raises what ``request_conference`` and ``schedule_conference`` raise.
    """
    conference = record_request(family=family, children=children, reason=reason, by=by, now=now)
    _schedule(conference=conference, booking=booking, by=by, now=now)
    conference.refresh_from_db()
    reconcile(family_ids=[family.pk], now=now)
    return conference


@transaction.atomic
def move_sitting(
    *, sitting: Sitting, booking: Booking, reason: str, by: User, now: datetime.datetime, version: int | None = None
) -> Sitting:
    """Move a sitting that has not begun to another time, place or chair.

    In order: checks the booking; moves it, which the database refuses where chair or room is taken; carries through
    another chair or coordinator; where it begins at another time, ends everyone's answer, to be asked again, and
    shifts their own arrival by as much; sends those invited for whom anything changes, and no one else, their changed
    calendar entry (``send_changes``), and who runs the meeting if they knew another name; tells chair and
    coordinator; asks again for agreement to a date after the limit that is later than the one agreed to; counts the
    deadlines. The limit of an initial conference does not restart. The same move again changes nothing. Raises
    ValidationError as ``refuse_move`` does.
    """
    conference = lock_conference(sitting.conference)
    locked = Sitting.objects.select_for_update(no_key=True).get(pk=sitting.pk)
    sent_again = version is not None and version != conference.version and locked.state_reason == reason.strip()
    if sent_again and is_booked_so(conference, locked, booking):
        return locked
    refuse_move(conference, locked, booking, reason=reason, version=version, now=now)
    _hold(booking)
    was, before = copy(locked), runs_now(conference)
    times = times_of(booking)
    conference.chair = booking.chair
    conference.coordinator = booking.coordinator
    conference.version += 1
    _take_over(conference, booking)
    if booking.starts_at == was.starts_at:
        del times["recorded_afterwards_reason"]
    else:
        locked.booked_at = now
        locked.booked_by = by
    locked.state_reason = reason.strip()
    for name, value in times.items():
        setattr(locked, name, value)
    with refused_by_database():
        conference.save()
        locked.save()
    carry_through(conference, before, reason=reason, by=by, now=now, stays_for_earlier=True)
    send_changes(conference=conference, before=was, sitting=locked, because=AnswerEnded.MOVED, by=by, now=now)
    tell_who_runs(conference, now=now)
    _tell(conference, locked, now=now)
    ask_about_lateness(conference=conference, now=now)
    reconcile(family_ids=[conference.family_id], now=now)
    return locked


@transaction.atomic
def cancel_conference(*, conference: Conference, reason: str, by: User, now: datetime.datetime) -> Conference:
    """Cancel a conference that has not begun; the limits keep running.

    In order: marks it and its sittings cancelled, which frees chair and room; takes back every invitation, sent
    (with its calendar entry) or not, so that nobody stands as invited; tells chair and coordinator; counts the
    deadlines. Idempotent. Raises ValidationError where it has begun, or without a reason.
    """
    locked = lock_conference(conference)
    if locked.status == ConferenceStatus.CANCELLED:
        return locked
    if not reason.strip():
        raise ValidationError({"reason": "Say why you are cancelling the conference."})
    change_status(locked, ConferenceStatus.CANCELLED)
    locked.cancelled_because = reason.strip()
    locked.invited_at = None
    locked.version += 1
    locked.save()
    sitting = locked.sittings.filter(state=SittingState.BOOKED).order_by("-number").first()
    locked.sittings.filter(state=SittingState.BOOKED).update(state=SittingState.CANCELLED, state_reason=reason.strip())
    ask_about_lateness(conference=locked, now=now)
    send_cancellations(conference=locked, sitting=sitting, by=by, now=now)
    for user in to_be_told(locked, _people_in_charge(locked), on=civil_day(now)):
        notify(
            user=user,
            key=f"conference:{locked.pk}:cancelled",
            text=f"{locked.reference}: this conference is cancelled.",
            url=reverse("conferences:overview", args=[locked.pk]),
            now=now,
        )
    reconcile(family_ids=[locked.family_id], now=now)
    return locked


def _hold(booking: Booking) -> None:
    """Lock chair and room before booking them.

    Two simultaneous bookings would wait for each other inside the exclusion constraint until the server ended
    one of them; behind these locks the second simply sees the first.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk=booking.chair.pk))
    if booking.room is not None:
        list(Room.objects.select_for_update(no_key=True).filter(pk=booking.room.pk))


def _take_over(conference: Conference, booking: Booking) -> None:
    conference.mode = booking.mode
    conference.link = booking.link
    conference.late_reason = booking.late_reason.strip()
    conference.late_cause = booking.late_cause
    conference.short_notice_reason = booking.short_notice_reason.strip()


def _people_in_charge(conference: Conference) -> list[User]:
    return list({user.pk: user for user in (conference.chair, conference.coordinator) if user is not None}.values())


def _tell(conference: Conference, sitting: Sitting, *, now: datetime.datetime) -> None:
    day = words.short_date(sitting.starts_at, today=civil_day(now)).replace(words.NO_BREAK, " ")
    for user in _people_in_charge(conference):
        job = "chair" if user.pk == sitting.chair_id else "coordinate"
        notify(
            user=user,
            key=f"sitting:{sitting.pk}:{sitting.starts_at:%Y%m%d%H%M}:{job}",
            text=f"{conference.reference}: you {job} this conference on {day} at {words.clock(sitting.starts_at)}.",
            url=reverse("conferences:overview", args=[conference.pk]),
            now=now,
        )
    tell_who_agrees(conference, now=now)
