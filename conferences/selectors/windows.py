"""The days on which a conference can be held: who and what is free, and what each day would lead to."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from accounts.enums import Role
from accounts.models import Authority, RoleAssignment, User
from conferences.enums import SittingState
from conferences.models import Room, Sitting
from deadlines.policies import Hours, Policy
from deadlines.working_days.arithmetic import LONDON, civil_day, due
from deadlines.working_days.calendars import WorkingCalendar, calendar_for
from govuk import words

STEP = datetime.timedelta(minutes=30)
FRIDAY = 5
WEEK = datetime.timedelta(days=7)
ONE_DAY = datetime.timedelta(days=1)
WINDOW_WITHOUT_LIMIT = 15
SLOTS_SHOWN = 3


@dataclass(frozen=True)
class Busy:
    """A time at which a person or room is booked; never for which case."""

    start: datetime.datetime
    end: datetime.datetime

    @property
    def words(self) -> str:
        return f"{words.clock(self.start)} to {words.clock(self.end)}"


@dataclass(frozen=True)
class WindowDay:
    """One day of the calendar: its number in the count, what is free, and whether it can be chosen."""

    day: datetime.date
    number: int | None
    closed: str
    chairs_free: int
    rooms_free: int
    is_past: bool
    is_today: bool
    is_start: bool
    is_last: bool
    is_booked: bool
    is_late: bool
    is_short_notice: bool

    @property
    def can_be_chosen(self) -> bool:
        return not self.is_past and not self.closed

    @property
    def free_words(self) -> str:
        chairs = words.count(self.chairs_free, "chair") if self.chairs_free else "no chair"
        rooms = words.count(self.rooms_free, "room") if self.rooms_free else "no room"
        return f"{chairs}, {rooms}"

    @property
    def is_full(self) -> bool:
        return not self.chairs_free or not self.rooms_free

    @property
    def colour(self) -> str:
        """Return the cell's style: closed, past, full, short or free."""
        if self.closed:
            return "closed"
        if self.is_past:
            return "past"
        if self.is_full:
            return "full"
        return "short" if self.is_short_notice else "free"


@dataclass(frozen=True)
class Week:
    days: list[WindowDay]


@dataclass(frozen=True)
class Slot:
    """A time at which a chair and a room are both free."""

    start: datetime.datetime
    end: datetime.datetime
    chair: User
    room: Room

    @property
    def words(self) -> str:
        return f"{words.clock(self.start)} to {words.clock(self.end)}"

    @property
    def query(self) -> str:
        """Return what the slot fills in, as a form posts it."""
        return f"start={self.start.astimezone(LONDON):%H:%M}&chair={self.chair.pk}&room={self.room.pk}"


@dataclass
class Diaries:
    """The chairs and rooms on one day, each with the times at which they are booked."""

    chairs: list[tuple[User, list[Busy]]] = field(default_factory=list)
    rooms: list[tuple[Room, list[Busy]]] = field(default_factory=list)


def holders(authority: Authority, role: Role, *, on: datetime.date) -> list[User]:
    """Return the active users who hold a role in an authority on ``on``, by name."""
    held = RoleAssignment.objects.current(on=on).filter(authority=authority, role=role)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk"))


def rooms_of(authority: Authority) -> list[Room]:
    """Return the rooms that can be booked."""
    return list(Room.objects.filter(authority=authority, is_open=True))


def window_weeks(
    authority: Authority,
    policy: Policy,
    *,
    start: datetime.date | None,
    last: datetime.date | None,
    today: datetime.date,
    at_present: Sitting | None = None,
    chairs: Sequence[User] | None = None,
) -> list[Week]:
    """Return Monday to Friday from the week of ``start`` (or today, whichever shows more selectable days).

    ``start`` is the day of the strategy discussion, ``last`` the last day within the limit; without them, and
    where the limit has passed, the coming weeks are shown. The booking of ``at_present``, the sitting that is moved,
    takes nothing away, and its day is marked. ``chairs`` are those who can be chosen, by default everyone who holds
    the role. Three queries.
    """
    calendar = calendar_for(authority)
    begin = min(start or today, today)
    if (today - begin).days > WINDOW_WITHOUT_LIMIT * 2:
        begin = today
    until = max(last or today, calendar.add(today, WINDOW_WITHOUT_LIMIT) if not last or last < today else last)
    booked_on = civil_day(at_present.starts_at) if at_present else None
    until = max(until, booked_on or until)
    monday = begin - ONE_DAY * begin.weekday()
    chairs = holders(authority, Role.CHAIR, on=today) if chairs is None else chairs
    rooms = rooms_of(authority)
    taken = _taken(chairs, rooms, first=monday, last=until + WEEK, without=at_present)
    weeks: list[Week] = []
    while monday <= until:
        days = [monday + ONE_DAY * place for place in range(FRIDAY)]
        weeks.append(
            Week(
                [
                    _window_day(
                        day,
                        calendar,
                        policy,
                        taken,
                        chairs,
                        rooms,
                        start=start,
                        last=last,
                        today=today,
                        booked=booked_on,
                    )
                    for day in days
                ]
            )
        )
        monday += WEEK
    return weeks


def _window_day(
    day: datetime.date,
    calendar: WorkingCalendar,
    policy: Policy,
    taken: Taken,
    chairs: Sequence[User],
    rooms: Sequence[Room],
    *,
    start: datetime.date | None,
    last: datetime.date | None,
    today: datetime.date,
    booked: datetime.date | None,
) -> WindowDay:
    closed = calendar.why_not(day)
    # A day on which the council is closed may still count.
    counted = calendar.counting(policy.limit("initial-conference"))
    length = policy.normal_length + policy.family_arrives_before
    starts = [(start_at, start_at + length) for start_at in starts_on(day, length, policy.usual_hours)]
    return WindowDay(
        day=day,
        number=counted.count(start, day) if start and day >= start and counted.is_working(day) else None,
        closed=closed,
        chairs_free=sum(taken.has_gap(("chair", user.pk), starts) for user in chairs),
        rooms_free=sum(taken.has_gap(("room", room.pk), starts) for room in rooms),
        is_past=day < today,
        is_today=day == today,
        is_start=day == start,
        is_last=day == last,
        is_booked=day == booked,
        is_late=last is not None and day > last,
        is_short_notice=(day - today).days < policy.short_notice_days,
    )


class Taken:
    """Booked times by chair and room."""

    def __init__(self, sittings: Iterable[Sitting]) -> None:
        self._busy: dict[tuple[str, int], list[Busy]] = defaultdict(list)
        for sitting in sittings:
            busy = Busy(sitting.booked_from, sitting.booked_until)
            self._busy[("chair", sitting.chair_id)].append(busy)
            if sitting.room_id:
                self._busy[("room", sitting.room_id)].append(busy)

    def on(self, key: tuple[str, int], day: datetime.date) -> list[Busy]:
        return [busy for busy in self._busy[key] if civil_day(busy.start) <= day <= civil_day(busy.end)]

    def is_free(self, key: tuple[str, int], start: datetime.datetime, end: datetime.datetime) -> bool:
        return all(busy.end <= start or busy.start >= end for busy in self._busy[key])

    def has_gap(self, key: tuple[str, int], times: Iterable[tuple[datetime.datetime, datetime.datetime]]) -> bool:
        return any(self.is_free(key, start, end) for start, end in times)


def starts_on(day: datetime.date, length: datetime.timedelta, hours: Hours) -> list[datetime.datetime]:
    """Return every half hour at which a meeting of this length fits into the council's hours."""
    start, closes = (datetime.datetime.combine(day, time, tzinfo=LONDON) for time in hours.on(day))
    found = []
    while start + length <= closes:
        found.append(start)
        start += STEP
    return found


def _taken(
    chairs: Sequence[User],
    rooms: Sequence[Room],
    *,
    first: datetime.date,
    last: datetime.date,
    without: Sitting | None = None,
) -> Taken:
    rows = Sitting.objects.exclude(state=SittingState.CANCELLED).filter(
        booked_from__date__lte=last, booked_until__date__gte=first, recorded_afterwards_reason=""
    )
    mine = rows.filter(chair__in=chairs) | rows.filter(room__in=rooms)
    return Taken(mine.exclude(pk=without.pk) if without else mine)


def diaries_on(
    authority: Authority, day: datetime.date, *, today: datetime.date, without: Sitting | None = None
) -> Diaries:
    """Return the diaries of one day, side by side; the sitting that is moved (``without``) takes nothing away."""
    chairs = holders(authority, Role.CHAIR, on=today)
    rooms = rooms_of(authority)
    taken = _taken(chairs, rooms, first=day, last=day, without=without)
    return Diaries(
        chairs=[(user, sorted(taken.on(("chair", user.pk), day), key=lambda busy: busy.start)) for user in chairs],
        rooms=[(room, sorted(taken.on(("room", room.pk), day), key=lambda busy: busy.start)) for room in rooms],
    )


def slots_on(
    authority: Authority,
    policy: Policy,
    day: datetime.date,
    *,
    now: datetime.datetime,
    without: Sitting | None = None,
    among: Sequence[User] | None = None,
) -> list[Slot]:
    """Return a few times at which a chair and a room are both free, including the family's arrival.

    Each has a different chair from those before it; with only one to choose, another hour. ``among`` are those who
    can be chosen, by default everyone who holds the role.
    """
    chairs = holders(authority, Role.CHAIR, on=civil_day(now)) if among is None else among
    rooms = rooms_of(authority)
    taken = _taken(chairs, rooms, first=day, last=day, without=without)
    before = max(policy.family_arrives_before, policy.professionals_arrive_before)
    found: list[Slot] = []
    used: set[int] = set()
    for arrival in starts_on(day, before + policy.normal_length, policy.usual_hours):
        start, end = arrival + before, arrival + before + policy.normal_length
        if arrival < now or any(slot.start < end and start < slot.end and slot.chair.pk in used for slot in found):
            continue
        chair = next(
            (
                row
                for row in chairs
                if (row.pk not in used or len(chairs) == 1) and taken.is_free(("chair", row.pk), arrival, end)
            ),
            None,
        )
        room = next(
            (
                row
                for row in sorted(rooms, key=lambda row: not row.two_entrances)
                if taken.is_free(("room", row.pk), arrival, end)
                and not any(slot.room.pk == row.pk and slot.start < end and arrival < slot.end for slot in found)
            ),
            None,
        )
        if chair is None or room is None:
            continue
        used.add(chair.pk)
        found.append(Slot(start=start, end=end, chair=chair, room=room))
        if len(found) == SLOTS_SHOWN:
            break
    return found


@dataclass(frozen=True)
class DayEffect:
    """One date that follows from holding the conference on a day."""

    day: datetime.date
    what: str
    strong: bool = False


def effects_of(
    day: datetime.date,
    policy: Policy,
    calendar: WorkingCalendar,
    *,
    start: datetime.date | None,
    last: datetime.date | None,
) -> list[DayEffect]:
    """Return what choosing ``day`` leads to, in calendar order."""
    counted = calendar.counting(policy.limit("initial-conference"))
    number = f", day {counted.count(start, day)} of {counted.count(start, last)}" if start and last else ""
    late = (
        f". {words.count(counted.count(last, day), 'working day')} after the time limit" if last and day > last else ""
    )
    moment = datetime.datetime.combine(day, policy.usual_hours.on(day)[1], tzinfo=LONDON)
    effects = [
        DayEffect(_due(policy, "exclusion-request", day, calendar), "Usual last day to ask for someone to stay away"),
        DayEffect(_due(policy, "report-submitted", day, calendar), "Reports shared with the family and sent in"),
        DayEffect(day, f"Conference{number}{late}", strong=True),
        DayEffect(due(policy.limit("decisions-sent"), moment, calendar).on, "Decisions and plan sent"),
        DayEffect(_due(policy, "first-core-group", day, calendar), "First core group, if there is a plan"),
        DayEffect(_due(policy, "minutes-sent", day, calendar), "Minutes sent"),
        DayEffect(_due(policy, "first-review", day, calendar), "First review, if there is a plan"),
    ]
    return sorted(effects, key=lambda effect: effect.day)


def _due(policy: Policy, key: str, day: datetime.date, calendar: WorkingCalendar) -> datetime.date:
    return calendar.day_to_plan_for(due(policy.limit(key), day, calendar).on)
