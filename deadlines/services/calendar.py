"""Writes the working days of England and of each council, and recounts what a changed day moves."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.constraint_errors import refused_by_database
from accounts.enums import Role
from accounts.models import Authority, User
from deadlines.access import administers_every_council
from deadlines.models import Calendar, CalendarDay, ClosedDay
from deadlines.services.ledger import ReconcileResult, reconcile
from deadlines.working_days.arithmetic import civil_day
from deadlines.working_days.calendars import ENGLAND, CalendarEnds, calendar_for, england
from deadlines.working_days.closed_days import FIRST_DAY, closed_days, last_day

TABLES = {"deadlines_calendar", "deadlines_calendarday", "deadlines_closedday"}

_WANTED = """
    SELECT calendar_id, day, name, source, name = '' AS is_working,
        count(*) FILTER (WHERE name = '') OVER upto AS ordinal,
        max(day) FILTER (WHERE name = '') OVER upto AS last_working_day
    FROM (
        SELECT calendar.id AS calendar_id, span.day,
            coalesce(listed.name, proclaimed.name, closure.name, '') AS name,
            CASE
                WHEN listed.name IS NOT NULL THEN 'calendar'
                WHEN proclaimed.name IS NOT NULL THEN 'added'
                WHEN closure.name IS NOT NULL THEN 'closure'
                ELSE 'calendar'
            END AS source
        FROM deadlines_calendar AS calendar
        CROSS JOIN (
            SELECT %(first)s::date + number AS day
            FROM generate_series(0, %(last)s::date - %(first)s::date) AS number
        ) AS span
        LEFT JOIN unnest(%(days)s::date[], %(names)s::text[]) AS listed(day, name) ON listed.day = span.day
        LEFT JOIN deadlines_closedday AS proclaimed
            ON proclaimed.day = span.day AND proclaimed.authority_id IS NULL
            AND proclaimed.withdrawn_at IS NULL
        LEFT JOIN deadlines_closedday AS closure
            ON closure.day = span.day AND closure.authority_id = calendar.authority_id
            AND closure.withdrawn_at IS NULL
        WHERE calendar.id = ANY(%(calendars)s)
    ) AS named
    WINDOW upto AS (PARTITION BY calendar_id ORDER BY day)
"""
# Each wanted day looks up its own row. Joined as two sets, a council's first calendar compared every day with every
# other, because there are no statistics for a calendar still being written.
_STANDING = """
    SELECT * FROM deadlines_calendarday AS day
    WHERE day.calendar_id = wanted.calendar_id AND day.day = wanted.day
    LIMIT 1
"""
# Ordinals would collide while being renumbered; below zero they can't.
_MAKE_ROOM = f"""
UPDATE deadlines_calendarday AS row SET ordinal = -row.ordinal
WHERE row.id IN (
    SELECT standing.id
    FROM ({_WANTED}) AS wanted CROSS JOIN LATERAL ({_STANDING}) AS standing
    WHERE standing.is_working AND (standing.ordinal <> wanted.ordinal OR NOT wanted.is_working)
)
"""  # noqa: S608 - put together from constants
_WRITE = f"""
WITH written AS (
    INSERT INTO deadlines_calendarday (calendar_id, day, ordinal, last_working_day, is_working, name, source)
    SELECT wanted.calendar_id, wanted.day, wanted.ordinal, wanted.last_working_day, wanted.is_working,
        wanted.name, wanted.source
    FROM ({_WANTED}) AS wanted LEFT JOIN LATERAL ({_STANDING}) AS standing ON true
    WHERE (standing.ordinal, standing.is_working, standing.name, standing.source, standing.last_working_day)
        IS DISTINCT FROM
        (wanted.ordinal, wanted.is_working, wanted.name, wanted.source, wanted.last_working_day)
    ON CONFLICT (calendar_id, day) DO UPDATE SET
        ordinal = excluded.ordinal, last_working_day = excluded.last_working_day,
        is_working = excluded.is_working, name = excluded.name, source = excluded.source
    RETURNING calendar_id
),
marked AS (
    -- The database's own clock: two changes never share a moment, so processes can tell what they have read.
    UPDATE deadlines_calendar SET changed_at = clock_timestamp()
    WHERE id IN (SELECT calendar_id FROM written)
)
SELECT count(*) FROM written
"""  # noqa: S608 - put together from constants


@transaction.atomic
def build_calendar(*, now: datetime.datetime) -> int:
    """Write every day from 2012 to the end of the fifth year ahead, for England and each council's calendar.

    Safe to repeat. In order:
    1. creates England's calendar where there is none, and locks all of them;
    2. renumbers the working days from bank holidays, weekends and days added by hand, and writes what is
      missing or differs;
    3. marks the calendars that changed, so that every process reloads them.
    Returns the number of days written. Source of the holidays: the ``holidays`` library for England.
    """
    Calendar.objects.get_or_create(slug=ENGLAND, defaults={"name": "England", "changed_at": now})
    return _number_days(_locked(), now=now)


@transaction.atomic
def add_closed_day(
    *, authority: Authority | None, day: datetime.date, name: str, by: User | None, now: datetime.datetime
) -> ClosedDay:
    """Make ``day`` a non-working day: in a council, or without ``authority`` in all of England.

    A council's closure days leave every national count as it is; a holiday proclaimed for England applies to
    each council too. In order:
    1. locks every calendar, and gives the council its own where this is its first closure day;
    2. records who added the day and when;
    3. renumbers the working days;
    4. recounts every open deadline; what moved records "the calendar changed" in its history.
    Returns the existing row for a day already added. Raises ValidationError, keyed by field, for someone who does not
    administer every council whose days it changes, for a day outside the calendar, one that is not worked anyway, and
    for a missing name.
    """
    _refuse_others_calendar(authority, by)
    if not name.strip():
        raise ValidationError({"name": "Say why this is not a working day."})
    _locked()
    standing = ClosedDay.objects.filter(authority=authority, day=day, withdrawn_at__isnull=True).first()
    if standing is not None:
        return standing
    try:
        closed = (england() if authority is None else calendar_for(authority)).why_not(day)
    except CalendarEnds as ends:
        raise ValidationError({"day": ends.messages}) from ends
    if closed:
        raise ValidationError({"day": f"This is already a non-working day: {closed}."})
    if authority is not None:
        Calendar.objects.get_or_create(
            authority=authority, defaults={"slug": f"council-{authority.pk}", "name": authority.name, "changed_at": now}
        )
    with refused_by_database():
        row = ClosedDay.objects.create(authority=authority, day=day, name=name.strip(), added_at=now, added_by=by)
    _count_again(now=now)
    return row


@transaction.atomic
def withdraw_closed_day(*, closed_day: ClosedDay, why: str, by: User | None, now: datetime.datetime) -> None:
    """Make an added day a working day again, keeping the row with who withdrew it, when and why.

    In order: locks every calendar, marks the row, renumbers the working days and recounts every open deadline.
    A no-op on a withdrawn day. Raises ValidationError, keyed by field, where no reason is given, and for someone
    who does not administer every council whose days it changes.
    """
    _refuse_others_calendar(closed_day.authority, by)
    if not why.strip():
        raise ValidationError({"why": "Say why you are undoing this."})
    _locked()
    row = ClosedDay.objects.select_for_update().get(pk=closed_day.pk)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = now, by, why.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _count_again(now=now)


def _refuse_others_calendar(authority: Authority | None, by: User | None) -> None:
    """Refuse someone to change the days of a council that they do not administer; None is the operator's command."""
    if by is None:
        return
    if authority is None and not administers_every_council(by):
        raise ValidationError({"whose": "A day for all of England moves other councils' dates too. Add it for yours."})
    if authority is not None and authority.pk not in by.authority_ids(Role.ADMINISTRATOR):
        raise ValidationError({"whose": "You can add days for your own council only."})


def _locked() -> list[int]:
    """Lock every calendar until the transaction ends, so that changes are serialised."""
    return list(Calendar.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


def _count_again(*, now: datetime.datetime) -> ReconcileResult:
    """Renumber every calendar and recount all deadlines, so that neither is ever visible without the other."""
    _number_days(_locked(), now=now)
    return reconcile(now=now)


def _number_days(calendars: list[int], *, now: datetime.datetime) -> int:
    # Days known to an earlier run stay known.
    known = CalendarDay.objects.aggregate(last=Max("day"))["last"]
    last = max(last_day(civil_day(now)), known or FIRST_DAY)
    closed = closed_days(FIRST_DAY, last)
    wanted = {
        "calendars": calendars,
        "first": FIRST_DAY,
        "last": last,
        "days": list(closed),
        "names": list(closed.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_ROOM, wanted)
        cursor.execute(_WRITE, wanted)
        return int(cursor.fetchone()[0])


def seed_calendar(*, using: str, **kwargs: Any) -> None:
    """Build the calendar in an empty database, since nothing can be counted without it.

    Receives ``post_migrate``.
    """
    if set(connections[using].introspection.table_names()) >= TABLES and not Calendar.objects.exists():
        build_calendar(now=timezone.now())
