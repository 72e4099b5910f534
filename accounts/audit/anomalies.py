"""Unusual reads that deserve a look: whose, on which day, and why.

Apps that know more about what was read (names, addresses, holidays) register their own checks. No finding
proves anything; each gives a reason to ask.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from accounts.audit.apart import apart_in_sql
from accounts.audit.selectors import midnight
from accounts.enums import ReadKind, Role
from accounts.models import ReadsLookedInto, User
from govuk.hook import Hook
from govuk.words import count

# Ours: the usual hours of case work, London time.
WORK_BEGINS, WORK_ENDS = 7, 19
# Opening a team's whole caseload one by one in a day is more than work requires.
MANY_FAMILIES = 30
# One wrong link is a slip; several in a row suggest probing.
MANY_REFUSALS = 3
BREAK_GLASS = "break-glass"


@dataclass(frozen=True)
class Period:
    """A range of days in some councils, both ends included."""

    authority_ids: Sequence[int]
    since: datetime.date
    until: datetime.date

    @property
    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Return the first moment of the first day and the first moment after the last day."""
        return midnight(self.since), midnight(self.until + datetime.timedelta(days=1))


@dataclass(frozen=True)
class Finding:
    """One reason why what a user read on a day is unusual."""

    user_id: int
    day: datetime.date
    words: str


@dataclass
class UnusualDay:
    """What was unusual about one user's reading on one day, and who looked into it."""

    user: User
    day: datetime.date
    reasons: list[str] = field(default_factory=list)
    looked_into: ReadsLookedInto | None = None


Provider = Callable[[Period], Iterable[Finding]]
# Checks from higher apps; each takes a fixed number of queries.
anomalies_found: Hook[Provider] = Hook()


def unusual_days(period: Period, *, user_id: int | None = None) -> list[UnusualDay]:
    """Return the unusual days of a period, newest first, in a constant number of queries."""
    found: dict[tuple[datetime.date, int], list[str]] = defaultdict(list)
    for provider in (_of_this_app, *anomalies_found):
        for row in provider(period):
            if user_id in (None, row.user_id):
                found[row.day, row.user_id].append(row.words)
    users = User.objects.in_bulk({user for _, user in found})
    rows = ReadsLookedInto.objects.filter(
        authority__in=period.authority_ids, day__gte=period.since, day__lte=period.until
    )
    looked = {(row.day, row.user_id): row for row in rows.select_related("by").order_by("at", "pk")}
    days = [UnusualDay(users[user], day, reasons, looked.get((day, user))) for (day, user), reasons in found.items()]
    return sorted(days, key=lambda row: (row.day, row.user.name, row.user.pk), reverse=True)


def _of_this_app(period: Period) -> Iterable[Finding]:
    first, after = period.moments
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT user_id, day,
                   count(*) FILTER (WHERE kind <> %(refused)s AND "right" LIKE %(glass)s),
                   count(*) FILTER (WHERE kind = %(refused)s),
                   count(*) FILTER (WHERE kind <> %(refused)s AND NOT at_night AND off_hours
                                    AND cardinality(family_ids) > 0),
                   count(DISTINCT family_ids[1]) FILTER (
                       WHERE kind NOT IN (%(refused)s, %(list)s) AND cardinality(family_ids) = 1)
            FROM (
                SELECT e.user_id, e.kind, e."right", e.family_ids, (e.at AT TIME ZONE 'Europe/London')::date AS day,
                       extract(hour FROM e.at AT TIME ZONE 'Europe/London') NOT BETWEEN %(begins)s AND %(ends)s
                       OR extract(isodow FROM e.at AT TIME ZONE 'Europe/London') > 5 AS off_hours,
                       EXISTS (SELECT 1 FROM accounts_roleassignment r WHERE r.user_id = e.user_id
                               AND r.role = %(duty)s AND r.starts_on <= e.at::date
                               AND (r.ends_on IS NULL OR r.ends_on > e.at::date)) AS at_night
                FROM accounts_accessevent e
                WHERE e.authority_id = ANY(%(councils)s) AND e.user_id IS NOT NULL
                  AND e.at >= %(first)s AND e.at < %(after)s AND NOT e.page LIKE ANY(%(apart)s)
            ) AS reads
            GROUP BY user_id, day
            """,
            {
                "refused": ReadKind.REFUSED.value,
                "list": ReadKind.LIST.value,
                "glass": f"%{BREAK_GLASS}%",
                "begins": WORK_BEGINS,
                "ends": WORK_ENDS - 1,
                "duty": Role.DUTY_WORKER.value,
                "councils": list(period.authority_ids),
                "first": first,
                "after": after,
                "apart": apart_in_sql(),
            },
        )
        for user_id, day, glass, refused, off_hours, families in cursor.fetchall():
            if glass:
                yield Finding(user_id, day, f"Opened a case by break-glass ({count(glass, 'page')})")
            if refused >= MANY_REFUSALS:
                yield Finding(user_id, day, f"Was refused {count(refused, 'time')}")
            if off_hours:
                yield Finding(user_id, day, f"Read outside working hours ({count(off_hours, 'page')})")
            if families > MANY_FAMILIES:
                yield Finding(user_id, day, f"Opened {count(families, 'family', 'families')} in one day")
