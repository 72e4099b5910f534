"""A booking, and the checks on it that need a message before the database is asked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.access import is_barred_from
from conferences.enums import INITIAL_KINDS, Mode
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
    recorded_afterwards_reason: str = ""
    short_notice_reason: str = ""
    late_reason: str = ""
    late_cause: str = ""

    @property
    def first_arrival(self) -> datetime.datetime:
        return min(self.family_arrives_at, self.professionals_arrive_at, self.starts_at)


def check_booking(*, conference: Conference, booking: Booking, now: datetime.datetime) -> None:
    """Check everything about a booking that needs a message before the database is asked.

    Raises ValidationError by form field: a date before the strategy discussion; an initial conference on a
    weekend; an unconfirmed bank holiday; a past date without the reason why it is recorded afterwards; less
    notice than the policy requires without a reason; times out of order; a place that does not fit the mode;
    chair, coordinator or room of another council; a chair or coordinator who belongs to the family or has a
    conflict of interest, without saying so.
    """
    errors: dict[str, str] = {}
    children = list(conference.children.filter(withdrawn_at__isnull=True).select_related("enquiry__discussion"))
    day = civil_day(booking.starts_at)
    today = civil_day(now)
    discussed = [row.enquiry.discussion.held_at for row in children if row.enquiry]
    initial = any(row.kind in INITIAL_KINDS for row in children)
    if discussed and booking.starts_at < max(discussed):
        errors["day"] = (
            f"The strategy discussion was on {words.long_date(max(discussed))} at {words.clock(max(discussed))}. "
            "The conference can't be before it."
        )
    elif initial and day.isoweekday() >= SATURDAY:
        errors["day"] = f"{words.long_date(day)} is a weekend. An initial conference is held from Monday to Friday."
    elif (closed := calendar_for(conference.authority_id).why_not(day)) and not booking.closed_day_confirmed:
        errors["closed_day_confirmed"] = f"This is not a working day ({closed}). Confirm that you mean it."
    if booking.starts_at < now:
        if not booking.recorded_afterwards_reason.strip():
            errors["recorded_afterwards_reason"] = (
                "This time is in the past. If the conference was held then, say why it is recorded afterwards."
            )
    elif _is_short_notice(conference, day, today=today) and not booking.short_notice_reason.strip():
        notice = words.count((day - today).days, "day")
        errors["short_notice_reason"] = f"People would get {notice} of notice. Say why it can't be more."
    errors |= _order_errors(booking) | _place_errors(conference, booking, on=today)
    errors |= {
        field: f"{user.name} can’t do this here. Choose someone else."
        for field, user in (("chair", booking.chair), ("coordinator", booking.coordinator))
        if field not in errors and user is not None and is_barred_from(user, conference)
    }
    if errors:
        raise ValidationError(errors)


def _is_short_notice(conference: Conference, day: datetime.date, *, today: datetime.date) -> bool:
    return (day - today).days < policy_for(conference.authority_id, on=today).short_notice_days


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


def _place_errors(conference: Conference, booking: Booking, *, on: datetime.date) -> dict[str, str]:
    errors: dict[str, str] = {}
    if booking.mode != Mode.ONLINE and booking.room is None:
        errors["room"] = "Choose a room, or choose that everyone is online."
    if booking.mode == Mode.ONLINE and booking.room is not None:
        errors["room"] = "Do not choose a room if everyone is online."
    if booking.room is not None and (booking.room.authority_id != conference.authority_id or not booking.room.is_open):
        errors["room"] = "Choose a room of this council that can be booked."
    for name, user, role in (
        ("chair", booking.chair, Role.CHAIR),
        ("coordinator", booking.coordinator, Role.COORDINATOR),
    ):
        held = RoleAssignment.objects.current(on=on).filter(
            user=user, authority=conference.authority_id, role=role, user__is_active=True
        )
        if not held.exists():
            errors[name] = f"Choose someone who is a {role.label.lower()} of this council today."
    return errors
