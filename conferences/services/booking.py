"""A booking, and the checks on it that need a message before the database is asked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import is_barred_from
from conferences.enums import INITIAL_KINDS, Mode
from conferences.hours import is_outside_hours, question_about
from conferences.models import Conference, Room
from deadlines.policies import policy_for
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import calendar_for
from families.models import Child, Enquiry, TransferIn
from govuk import words

LONGEST = datetime.timedelta(hours=10)
SATURDAY = 6


@dataclass(frozen=True, kw_only=True)
class ChildToConfer:
    """One child of a conference to be: its kind for them, and the enquiry or move that led to it, or why none did."""

    child: Child
    kind: str
    enquiry: Enquiry | None = None
    transfer: TransferIn | None = None
    added_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A booking: aware times, place, chair and coordinator, and the reasons that some dates need."""

    starts_at: datetime.datetime
    family_arrives_at: datetime.datetime
    professionals_arrive_at: datetime.datetime
    until: datetime.datetime
    mode: str
    chair: User
    coordinator: User
    room: Room | None = None
    link: str = ""
    closed_day_confirmed: bool = False
    hours_confirmed: bool = False
    recorded_afterwards_reason: str = ""
    short_notice_reason: str = ""
    late_reason: str = ""
    late_cause: str = ""

    @property
    def first_arrival(self) -> datetime.datetime:
        return min(self.family_arrives_at, self.professionals_arrive_at, self.starts_at)


@dataclass(frozen=True, kw_only=True)
class BookedFor:
    """What a booking is checked against: the council, whether a conference is an initial one, the last discussion."""

    authority_id: int
    is_initial: bool = False
    discussed_at: datetime.datetime | None = None

    def is_closed_to(self, day: datetime.date) -> bool:
        """Return whether the day can't be confirmed: an initial conference is held from Monday to Friday."""
        return self.is_initial and day.isoweekday() >= SATURDAY


def booked_for(conference: Conference) -> BookedFor:
    """Return what bookings of a conference are checked against."""
    children = list(conference.children.filter(withdrawn_at__isnull=True).select_related("enquiry__discussion"))
    return BookedFor(
        authority_id=conference.authority_id,
        is_initial=any(row.kind in INITIAL_KINDS for row in children),
        discussed_at=max((row.enquiry.discussion.held_at for row in children if row.enquiry), default=None),
    )


def check_booking(*, conference: Conference, booking: Booking, now: datetime.datetime) -> None:
    """Check everything about a booking that needs a message before the database is asked.

    Raises ValidationError by form field, as ``booking_faults`` says them, and for a chair or coordinator who
    belongs to the family or has a conflict of interest, without saying so.
    """
    errors = booking_faults(booking, booked_for(conference), now=now)
    errors |= {
        field: f"{user.name} can’t do this here. Choose someone else."
        for field, user in (("chair", booking.chair), ("coordinator", booking.coordinator))
        if field not in errors and user is not None and is_barred_from(user, conference)
    }
    if errors:
        raise ValidationError(errors)


def booking_faults(booking: Booking, wanted: BookedFor, *, now: datetime.datetime) -> dict[str, str]:
    """Return what is wrong with a booking, by form field, in the order of the page.

    That is a date before the strategy discussion; an initial conference on a weekend; an unconfirmed bank holiday;
    a past date without the reason why it is recorded afterwards; less notice than the policy requires without a
    reason; an unconfirmed start outside the council's hours; times out of order; a place that does not fit the mode;
    chair, coordinator or room of another council.
    """
    errors: dict[str, str] = {}
    day, today = civil_day(booking.starts_at), civil_day(now)
    if wanted.discussed_at and booking.starts_at < wanted.discussed_at:
        errors["day"] = (
            f"The strategy discussion was on {words.long_date(wanted.discussed_at)} at "
            f"{words.clock(wanted.discussed_at)}. The conference can't be before it."
        )
    elif wanted.is_closed_to(day):
        errors["day"] = weekend_words(day)
    elif (closed := calendar_for(wanted.authority_id).why_not(day)) and not booking.closed_day_confirmed:
        errors["closed_day_confirmed"] = f"This is not a working day ({closed}). Confirm that you mean it."
    if booking.starts_at < now:
        if not booking.recorded_afterwards_reason.strip():
            errors["recorded_afterwards_reason"] = (
                "This time is in the past. If the conference was held then, say why it is recorded afterwards."
            )
    elif _is_short_notice(wanted.authority_id, day, today=today) and not booking.short_notice_reason.strip():
        notice = words.count((day - today).days, "day")
        errors["short_notice_reason"] = f"People would get {notice} of notice. Say why it can't be more."
    if is_outside_hours(booking.starts_at) and not booking.hours_confirmed:
        errors["hours_confirmed"] = question_about(booking.starts_at)
    return errors | _order_errors(booking) | _place_errors(wanted.authority_id, booking, on=today)


def weekend_words(day: datetime.date) -> str:
    """Return why an initial conference can't be held on a Saturday or Sunday."""
    return f"{words.long_date(day)} is a weekend. An initial conference is held from Monday to Friday."


def _is_short_notice(authority_id: int, day: datetime.date, *, today: datetime.date) -> bool:
    return (day - today).days < policy_for(authority_id, on=today).short_notice_days


def _order_errors(booking: Booking) -> dict[str, str]:
    errors: dict[str, str] = {}
    if booking.family_arrives_at > booking.starts_at:
        errors["family_arrives_at"] = "The family arrives before the start, or at the start."
    if booking.professionals_arrive_at > booking.starts_at:
        errors["professionals_arrive_at"] = "Professionals arrive before the start, or at the start."
    if booking.until <= booking.starts_at:
        errors["length"] = "Enter how long the meeting is expected to last."
    elif booking.until - booking.first_arrival > LONGEST:
        errors["length"] = "A meeting can be booked for up to 10 hours, including the first arrival."
    return errors


def _place_errors(authority_id: int, booking: Booking, *, on: datetime.date) -> dict[str, str]:
    errors: dict[str, str] = {}
    if booking.mode != Mode.ONLINE and booking.room is None:
        errors["room"] = "Choose a room, or choose that everyone is online."
    if booking.mode == Mode.ONLINE and booking.room is not None:
        errors["room"] = "Do not choose a room if everyone is online."
    if booking.room is not None and (booking.room.authority_id != authority_id or not booking.room.is_open):
        errors["room"] = "Choose a room of this council that can be booked."
    for name, user, role in (
        ("chair", booking.chair, Role.CHAIR),
        ("coordinator", booking.coordinator, Role.COORDINATOR),
    ):
        held = RoleAssignment.objects.current(on=on).filter(
            user=user, authority=authority_id, role=role, user__is_active=True
        )
        if not held.exists():
            errors[name] = f"Choose someone who is a {role.label.lower()} of this council today."
    return errors
