"""A booking, and the checks on it that need a message before the database is asked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from conferences.enums import INITIAL_KINDS, ConferenceStatus, Job, Mode, SittingState
from conferences.hours import is_outside_hours, question_about
from conferences.models import Conference, ConferenceChild, Room, Sitting
from conferences.models.conference import BROKEN_OFF
from conferences.selectors.progress import why_not_moved
from conferences.selectors.runners import may_not_run
from deadlines.policies import policy_for
from deadlines.working_days.arithmetic import LONDON, civil_day
from deadlines.working_days.calendars import calendar_for
from families.models import Child, Enquiry, TransferIn
from families.models.persons import ADULT_FROM, birthday
from govuk import words

LONGEST = datetime.timedelta(hours=10)
SATURDAY = 6
NOT_ADJOURNED = "Only an adjourned meeting can have another sitting. Reload the page."


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
    """What a booking is checked against: council and children, whether it is an initial one, the last discussion."""

    authority_id: int
    is_initial: bool = False
    discussed_at: datetime.datetime | None = None
    # Whose own sittings take nothing away: a booking that is moved, or sent twice.
    child_ids: frozenset[int] = frozenset()
    # When it begins as booked now, where it is moved: what people were told in time needs no new reason.
    starts_at: datetime.datetime | None = None

    def is_closed_to(self, day: datetime.date) -> bool:
        """Return whether the day can't be confirmed: an initial conference is held from Monday to Friday."""
        return self.is_initial and day.isoweekday() >= SATURDAY


def booked_for(conference: Conference, at_present: Sitting | None = None) -> BookedFor:
    """Return what bookings of a conference are checked against; ``at_present`` is the sitting that is moved."""
    children = list(conference.children.filter(withdrawn_at__isnull=True).select_related("enquiry__discussion"))
    return BookedFor(
        authority_id=conference.authority_id,
        is_initial=any(row.kind in INITIAL_KINDS for row in children),
        discussed_at=max((row.enquiry.discussion.held_at for row in children if row.enquiry), default=None),
        child_ids=frozenset(row.child_id for row in children),
        starts_at=at_present.starts_at if at_present else None,
    )


def check_booking(
    *, conference: Conference, booking: Booking, now: datetime.datetime, at_present: Sitting | None = None
) -> None:
    """Check everything about a booking that needs a message before the database is asked.

    Raises ValidationError by form field, as ``booking_faults`` says them, for a day on which someone it is about is 18
    or over, and for a chair or coordinator who may not run this conference (``may_not_run``), without saying why.
    """
    wanted = booked_for(conference, at_present)
    errors = booking_faults(booking, wanted, now=now, looks_at_diaries=False)
    if "day" not in errors and booking.starts_at != wanted.starts_at:
        errors |= _adult_by_then(conference, civil_day(booking.starts_at))
    errors |= {
        str(field): f"{user.name} can’t do this here. Choose someone else."
        for field, user in ((Job.CHAIR, booking.chair), (Job.COORDINATOR, booking.coordinator))
        if field not in errors and user is not None and may_not_run(user, field, conference, on=civil_day(now))
    }
    if errors:
        raise ValidationError(errors)


def _adult_by_then(conference: Conference, day: datetime.date) -> dict[str, str]:
    """Return the fault of a day on which someone the conference is about has turned 18, if any."""
    rows = ConferenceChild.objects.filter(conference=conference, withdrawn_at__isnull=True).select_related(
        "child__person"
    )
    for row in rows.order_by("pk"):
        person = row.child.person
        if person.birth_date and not person.age_disputed and person.turned(ADULT_FROM, day):
            turns = words.plain_date(birthday(person.birth_date, ADULT_FROM))
            return {
                "day": f"{person.short_name} turns 18 on {turns}. Choose an earlier day: there is no conference about "
                "an adult."
            }
    return {}


def booking_faults(
    booking: Booking, wanted: BookedFor, *, now: datetime.datetime, looks_at_diaries: bool
) -> dict[str, str]:
    """Return what is wrong with a booking, by form field, in the order of the page.

    For another time than it has now (``wanted.starts_at``), that is a date before the strategy discussion; an initial
    conference on a weekend; an unconfirmed bank holiday; a past date without the reason why it is recorded afterwards;
    less notice than the policy requires without a reason; an hour that the clocks leave out; an unconfirmed start
    outside the council's hours. In any case times out of order; a place that does not fit the mode; chair, coordinator
    or room of another council, or, with ``looks_at_diaries``, booked at this time: so that a form can say it with the
    rest. The database refuses it in any case.
    """
    errors = {} if booking.starts_at == wanted.starts_at else _time_errors(booking, wanted, now=now)
    today = civil_day(now)
    errors |= _order_errors(booking) | _place_errors(wanted.authority_id, booking, on=today)
    return {**(_taken_errors(booking, wanted) if looks_at_diaries else {}), **errors}


def _time_errors(booking: Booking, wanted: BookedFor, *, now: datetime.datetime) -> dict[str, str]:
    errors: dict[str, str] = {}
    day, today = civil_day(booking.starts_at), civil_day(now)
    policy = policy_for(wanted.authority_id, on=today)
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
    elif (day - today).days < policy.short_notice_days and not booking.short_notice_reason.strip():
        notice = words.count((day - today).days, "day")
        errors["short_notice_reason"] = f"People would get {notice} of notice. Say why it can't be more."
    if _is_left_out(booking.starts_at):
        errors["start"] = "The clocks go forward that night and leave this hour out. Enter another time."
    elif not booking.hours_confirmed and is_outside_hours(booking.starts_at, policy.usual_hours):
        errors["hours_confirmed"] = question_about(booking.starts_at, policy.usual_hours)
    return errors


def _is_left_out(moment: datetime.datetime) -> bool:
    """Return whether clocks in London never show this time, as in the night when they go forward."""
    shown = moment.astimezone(datetime.UTC).astimezone(LONDON)
    return shown.replace(tzinfo=None) != moment.astimezone(LONDON).replace(tzinfo=None)


def weekend_words(day: datetime.date) -> str:
    """Return why an initial conference can't be held on a Saturday or Sunday."""
    return f"{words.long_date(day)} is a weekend. An initial conference is held from Monday to Friday."


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


def _taken_errors(booking: Booking, wanted: BookedFor) -> dict[str, str]:
    """Return whether chair or room are booked at this time; the database has the last word."""
    if booking.recorded_afterwards_reason.strip() or booking.until <= booking.first_arrival:
        return {}
    sittings = Sitting.objects.exclude(state=SittingState.CANCELLED).filter(
        Q(chair=booking.chair) | Q(room=booking.room, room__isnull=False),
        booked_from__lt=booking.until,
        booked_until__gt=booking.first_arrival,
        recorded_afterwards_reason="",
    )
    own = ConferenceChild.objects.filter(child__in=wanted.child_ids).values("conference")
    taken = list(sittings.exclude(conference__in=own).values_list("chair", "room"))
    return {
        field: f"The {field} is already booked at this time."
        for place, (field, row) in enumerate((("room", booking.room), ("chair", booking.chair)))
        if row is not None and any(row.pk == found[1 - place] for found in taken)
    }


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


def times_of(booking: Booking) -> dict[str, object]:
    """Return what a sitting keeps of a booking, by field."""
    return {
        "starts_at": booking.starts_at,
        "booked_from": booking.first_arrival,
        "booked_until": booking.until,
        "family_arrives_at": booking.family_arrives_at,
        "professionals_arrive_at": booking.professionals_arrive_at,
        "chair": booking.chair,
        "room": booking.room,
        "recorded_afterwards_reason": booking.recorded_afterwards_reason.strip(),
    }


def is_booked_so(conference: Conference, sitting: Sitting, booking: Booking) -> bool:
    """Return whether everything a booking settles is already so; the reasons beside it don't count."""
    times = times_of(booking)
    del times["recorded_afterwards_reason"]
    return all(getattr(sitting, name) == value for name, value in times.items()) and (
        (conference.mode, conference.link, conference.chair, conference.coordinator)
        == (booking.mode, booking.link, booking.chair, booking.coordinator)
    )


def refuse_move(
    conference: Conference,
    sitting: Sitting,
    booking: Booking,
    *,
    reason: str,
    version: int | None,
    now: datetime.datetime,
) -> None:
    """Raise the ValidationError that stops a sitting from being moved.

    That is where it has begun or was cancelled (``why_not_moved``), where no reason is given, where the conference is
    no longer at ``version``, as shown on the page, where nothing is different, or as ``check_booking`` does; without
    another time only what is new is checked, because everyone has had their notice.
    """
    if refusal := why_not_moved(conference, sitting):
        raise ValidationError(refusal)
    if not reason.strip():
        raise ValidationError(
            {"reason": "Say why you are moving the conference. People who are invited do not see it."}
        )
    if version is not None and version != conference.version:
        raise ValidationError("Someone else has changed this conference meanwhile. Reload the page and look again.")
    if is_booked_so(conference, sitting, booking):
        raise ValidationError("Nothing is different from the booking as it is. Change the date, a time or the place.")
    check_booking(conference=conference, booking=booking, at_present=sitting, now=now)


def check_next_sitting(
    conference: Conference, last: Sitting | None, booking: Booking, *, now: datetime.datetime
) -> Sitting:
    """Return the sitting in which a conference was broken off (``last``), where it may go on in another.

    Raises ValidationError where it was not adjourned, or as ``check_booking`` does.
    """
    if conference.status != ConferenceStatus.SCHEDULED or last is None or last.state not in BROKEN_OFF:
        raise ValidationError(NOT_ADJOURNED)
    check_booking(conference=conference, booking=booking, now=now)
    return last
