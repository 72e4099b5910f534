"""Brings the ledger of deadlines up to date with the facts that started, met or stopped them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from deadlines.clocks import Clock, preparations, registry
from deadlines.facts import EVERYBODY, NOW, SOME, Families
from deadlines.models import Deadline
from deadlines.policies import missing
from deadlines.services import comparing
from deadlines.working_days.calendars import CalendarEnds

logger = structlog.get_logger(__name__)

LOCK_SPACE = 0x6465
GONE = "The event it runs from was changed or withdrawn"
ROOM_FOR_ALL = "256MB"
MOMENT = ":moment_of_counting:"


@dataclass
class ReconcileResult:
    """What reconciling wrote, and which facts it could not count (kind and reason; no case data).

    ``deadline_ids`` are those written, up to a thousand.
    """

    created: int = 0
    changed: int = 0
    stopped: int = 0
    deadline_ids: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def written(self) -> int:
        return self.created + self.changed + self.stopped


_written: ContextVar[set[int] | None] = ContextVar("deadlines written meanwhile", default=None)
_postponed: ContextVar[set[int] | None] = ContextVar("families counted later", default=None)


@contextmanager
def counting_once(*, now: datetime.datetime) -> Iterator[None]:
    """Count the families of many changes once, at the end, instead of after each change.

    For importing many facts inside one transaction: until the end the ledger lags behind.
    """
    families: set[int] = set()
    token = _postponed.set(families)
    try:
        yield
    finally:
        _postponed.reset(token)
    reconcile(family_ids=sorted(families), now=now)


@contextmanager
def written_meanwhile() -> Iterator[set[int]]:
    """Collect the ids of all deadlines that are written, such as met, in the meantime."""
    found: set[int] = set()
    token = _written.set(found)
    try:
        yield found
    finally:
        _written.reset(token)


def reconcile(
    *, family_ids: Sequence[int] | None = None, now: datetime.datetime, prepared: bool = False
) -> ReconcileResult:
    """Make the ledger equal the facts, for some families or for all; the rows are the same either way.

    Call it inside the transaction that changed the facts. In order:
    1. waits for any other process reconciling the same families (or everything);
    2. has what no query can judge recorded (``preparations``), unless none of it changed (``prepared``);
    3. counts the facts of every clock under the policy of each, writes new or changed deadlines, records what
      moved, ended or restarted, and stops those whose fact is gone, keeping the row: one statement.
    Nothing is written for a deadline that already matches its facts. Anyone newly responsible, or with a new
    date, is told by the next sweep. Raises PolicyMissing or CalendarEnds for given families whose facts can't
    be counted; for all families, such facts leave their rows alone and are listed in ``problems``.
    """
    families = None if family_ids is None else sorted(set(family_ids))
    postponed = _postponed.get()
    if families is not None and postponed is not None:
        postponed.update(families)
        return ReconcileResult()
    if families == [] or not registry:
        return ReconcileResult()
    # A caller that changed a fact is already in its transaction, and rolls it back where counting is refused.
    with nullcontext() if connection.in_atomic_block else transaction.atomic():
        return _reconcile(families, now=now, prepared=prepared)


def reconcile_as_far_as_possible(*, family_ids: Sequence[int], now: datetime.datetime) -> None:
    """Reconcile these families after what must be recorded in any case, such as a death.

    Facts that can't be counted, for want of procedures or of a calendar, are left to the nightly run, which lists
    them; all others are counted.
    """
    try:
        reconcile(family_ids=family_ids, now=now)
    except ValidationError as refusal:
        logger.warning("not_counted_yet", reason=type(refusal).__name__)


def _reconcile(families: list[int] | None, *, now: datetime.datetime, prepared: bool) -> ReconcileResult:
    _lock(families)
    for prepare in () if prepared else preparations:
        prepare(family_ids=families, now=now)
    with connection.cursor() as cursor:
        row = _all(cursor, now) if families is None else _some(cursor, families, now)
    created, changed, stopped, ids, problems = row
    result = ReconcileResult(created, changed, stopped, list(ids or []))
    if (written := _written.get()) is not None:
        written.update(ids or [])
    for problem in json.loads(problems or "[]"):
        refusal = _refusal(problem)
        if families is not None:
            raise refusal
        result.problems.append(f"{problem['kind']}: {' '.join(refusal.messages)} ({problem['number']})")
    return result


def _lock(families: list[int] | None) -> None:
    """Take, until the transaction ends, the lock on these families, or the exclusive one."""
    with connection.cursor() as cursor:
        if families is None:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_SPACE])
            return
        # In one order for every writer, so that two can't deadlock. The keys of this lock are narrower than ids; two
        # families that share one merely wait for each other.
        keys = sorted({family_id % 0x7FFFFFFF + 1 for family_id in families})
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, 0), count(pg_advisory_xact_lock(%s, key)),"
            " set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)"
            " FROM unnest(%s::int[]) AS key",
            [LOCK_SPACE, LOCK_SPACE + 1, keys],
        )


@lru_cache(maxsize=2)
def _of_everybody(clocks: tuple[Clock, ...], text_for: Callable[[Families], str]) -> str:
    """Return a statement about everyone, with ``MOMENT`` in it: writing it takes longer than running it."""
    return text_for(replace(EVERYBODY, now=MOMENT))


def _all(cursor: CursorWrapper, now: datetime.datetime) -> Any:
    """Compare everything first, in parallel and read-only, then write what differs."""
    cursor.execute(f"SET LOCAL work_mem = '{ROOM_FOR_ALL}'")
    moment, gone = cursor.mogrify("%s", [now]), cursor.mogrify("%s", [GONE])
    clocks = tuple(registry.values())
    if not Deadline.objects.exists():
        cursor.execute(_of_everybody(clocks, comparing.first_build).replace(MOMENT, moment))
        row = cursor.fetchone()
        # Until the table is analysed, every statement is planned as if it were empty.
        cursor.execute("ANALYZE deadlines_deadline")
        return row
    compared = _of_everybody(clocks, comparing.compared).replace(MOMENT, moment)
    cursor.execute(f"CREATE TEMPORARY TABLE differing_deadline ON COMMIT DROP AS {compared}")
    cursor.execute(comparing.write("SELECT * FROM differing_deadline", now=moment, gone=gone))
    row = cursor.fetchone()
    cursor.execute("DROP TABLE differing_deadline")
    return row


_prepared: WeakKeyDictionary[Any, tuple[Clock, ...]] = WeakKeyDictionary()


@lru_cache(maxsize=2)
def _statement(clocks: tuple[Clock, ...], gone: str) -> str:
    # A plan made for any families can't know how few facts one has: it would join every day of every calendar to them.
    # So it may only look each up, also when made again once a table was analysed. Off with the lock, on with this.
    joins = "set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true)"
    return f"{comparing.write(comparing.compared(SOME), now=NOW, gone=gone)}, {joins}"


def _some(cursor: CursorWrapper, families: list[int], now: datetime.datetime) -> Any:
    """Count some families, with a statement that each connection plans once."""
    session, clocks = connection.connection, tuple(registry.values())
    if _prepared.get(session) != clocks:
        if session in _prepared:
            cursor.execute("DEALLOCATE reconcile_families")
        statement = _statement(clocks, cursor.mogrify("%s", [GONE]))
        cursor.execute(f"PREPARE reconcile_families (bigint[], timestamptz) AS {statement}")
        _prepared[session] = clocks
    cursor.execute("EXECUTE reconcile_families (%s, %s)", [families, now])
    return cursor.fetchone()[:5]


def _refusal(problem: dict[str, Any]) -> Any:
    if problem["problem"] == "procedures":
        return missing(datetime.date.fromisoformat(problem["day"]))
    if problem["problem"] == "hours":
        return CalendarEnds("A limit in hours runs from a moment, not from a day.")
    return CalendarEnds("This date, or the end of its time limit, is outside the years in the working-day calendar.")
