"""The state of the installation: which services answer, and when deadlines were last swept and counted."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.models import Min, Q

from accounts.enums import Role
from accounts.models import User
from deadlines.models import Deadline, DigestRun, ReconcileRun, SweepRun
from deadlines.selectors.calendar import CalendarHealth, calendar_health
from notifications.enums import MessageState
from notifications.models import Message
from reports.selectors.kept_papers import PaperQueue, paper_queue

HEALTH_ROLES = (Role.ADMINISTRATOR, Role.SERVICE_MANAGER)
REDIS_TIMEOUT_SECONDS = 1
# Three times the interval between two sweeps.
SWEEP_LATE_AFTER = datetime.timedelta(minutes=15)
# A night and two hours to spare.
RECONCILE_LATE_AFTER = datetime.timedelta(hours=26)
# A deadline with no one to tell comes up again in each hour's sweeps.
UNTOLD_WITHIN = datetime.timedelta(minutes=75)
# A round each minute asks again for a paper no worker took; three attempts take six minutes.
PAPERS_LATE_AFTER = datetime.timedelta(minutes=10)
RUNS_SHOWN = 7

# A few hundred reports with their files; enough time to act.
DISK_LOW_BELOW = 2 * 1024**3
# Less than the largest file that is accepted, twice.
DISK_FULL_BELOW = 50 * 1024**2

OK, LATE, NEVER = "ok", "late", "never"
LOW, FULL = "low", "full"


@dataclass(frozen=True)
class Heartbeat:
    """When a round last finished, how long it took, and whether the next one is overdue."""

    state: str
    ended_at: datetime.datetime | None = None
    took: datetime.timedelta | None = None


@dataclass(frozen=True)
class Enforcement:
    """Whether deadlines are enforced; ``behind`` is how long the oldest unannounced stage has waited."""

    sweep: Heartbeat
    behind: datetime.timedelta
    reconcile: Heartbeat
    last_reconcile: ReconcileRun | None

    @property
    def is_well(self) -> bool:
        return self.sweep.state != LATE


@dataclass(frozen=True)
class Health:
    """The content of the health page.

    Counts and heartbeats are for the installation, the rest for the reader's councils.
    """

    redis: bool
    enforcement: Enforcement
    calendar: CalendarHealth
    sweeps: list[SweepRun]
    reconciles: list[ReconcileRun]
    untold_ids: list[int]
    digests: list[DigestRun]
    failed_messages: int
    oldest_waiting_message: datetime.datetime | None
    papers: PaperQueue
    papers_are_late: bool

    @property
    def is_well(self) -> bool:
        found = self.last_difference
        return (
            self.redis
            and self.enforcement.is_well
            and self.enforcement.reconcile.state != LATE
            and self.calendar.is_well
            and not self.untold_ids
            and not self.failed_messages
            and not self.papers.failed
            and not self.papers_are_late
            and found is None
        )

    @property
    def last_difference(self) -> ReconcileRun | None:
        """Return the last full count if it changed something or could not count something."""
        run = self.enforcement.last_reconcile
        return run if run is not None and (run.written or run.problems) else None


def database_answers() -> bool:
    """Return whether PostgreSQL answers a query."""
    try:
        connection.close_if_health_check_failed()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def redis_answers() -> bool:
    """Return whether Redis answers within its time-out."""
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=REDIS_TIMEOUT_SECONDS, socket_timeout=REDIS_TIMEOUT_SECONDS
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def disk_state() -> tuple[str, int]:
    """Return how full the disk of the uploaded files is, and how many bytes are free.

    The database's own disk shows when it is full: nothing can be written, so the sweep is late.
    """
    free = shutil.disk_usage(existing_folder(Path(settings.MEDIA_ROOT))).free
    return FULL if free < DISK_FULL_BELOW else LOW if free < DISK_LOW_BELOW else OK, free


def existing_folder(path: Path) -> Path:
    """Return the path, or the nearest folder above it that exists: it is created with the first file."""
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())


def enforcement(*, now: datetime.datetime) -> Enforcement:
    """Return whether deadlines are enforced; the sweep is late 15 minutes after its last end.

    A new installation, which has never swept, is late once something has waited that long.
    """
    oldest = Deadline.objects.filter(next_stage_at__lte=now).aggregate(at=Min("next_stage_at"))["at"]
    behind = now - oldest if oldest else datetime.timedelta()
    sweep = _heartbeat(SweepRun.objects.filter(ended_at__isnull=False).first(), SWEEP_LATE_AFTER, now=now)
    if sweep.state == NEVER and behind > SWEEP_LATE_AFTER:
        sweep = Heartbeat(LATE)
    last = ReconcileRun.objects.filter(ended_at__isnull=False).first()
    return Enforcement(
        sweep=sweep, behind=behind, reconcile=_heartbeat(last, RECONCILE_LATE_AFTER, now=now), last_reconcile=last
    )


def _heartbeat(
    run: SweepRun | ReconcileRun | None, late_after: datetime.timedelta, *, now: datetime.datetime
) -> Heartbeat:
    if run is None or run.ended_at is None:
        return Heartbeat(NEVER)
    state = LATE if now - run.ended_at > late_after else OK
    return Heartbeat(state, ended_at=run.ended_at, took=run.ended_at - run.started_at)


def report(*, now: datetime.datetime) -> tuple[dict[str, Any], bool]:
    """Return what ``/healthz`` reports, and whether all is well: database up, disk not full and sweep not late.

    Without Redis, pages work and notices go out later. A calendar that ends within a year, a missed nightly
    count, or a waiting paper or message leaves time to act. These are reported but do not affect the result.
    """
    if not database_answers():
        return {"database": "down", "redis": "ok" if redis_answers() else "down"}, False
    disk, free = disk_state()
    told: dict[str, Any] = {
        "database": "ok",
        "redis": "ok" if redis_answers() else "down",
        "disk": disk,
        "disk_free_bytes": free,
    }
    try:
        found, calendar = enforcement(now=now), calendar_health(now=now)
    except Error:
        # A database without tables: migrations are about to run.
        return {**told, "sweep": NEVER, "sweep_seconds_ago": None}, disk != FULL
    last = found.last_reconcile
    told |= {
        "sweep": found.sweep.state,
        "sweep_seconds_ago": _seconds(now - found.sweep.ended_at if found.sweep.ended_at else None),
        "sweep_took_seconds": _seconds(found.sweep.took),
        "sweep_behind_seconds": _seconds(found.behind),
        "reconcile": found.reconcile.state,
        "reconcile_seconds_ago": _seconds(now - found.reconcile.ended_at if found.reconcile.ended_at else None),
        "reconcile_took_seconds": _seconds(found.reconcile.took),
        "reconcile_differences": last.written if last else None,
        "reconcile_uncounted": len(last.problems) if last else None,
        **queues(now=now),
        "calendar": OK if calendar.is_well else "ends soon",
        "calendar_until": calendar.until.isoformat() if calendar.until else None,
    }
    return told, found.is_well and disk != FULL


def queues(*, now: datetime.datetime) -> dict[str, Any]:
    """Return in seconds how long the oldest paper and message have waited, and what failed."""
    unsent = Message.objects.filter(Q(state=MessageState.WAITING) | Q(state=MessageState.SENDING), send_after__lte=now)
    message = unsent.aggregate(at=Min("send_after"))["at"]
    papers = paper_queue()
    return {
        "paper_waiting_seconds": _seconds(now - papers.oldest if papers.oldest else None),
        "papers_failed": papers.failed,
        "message_unsent_seconds": _seconds(now - message if message else None),
    }


def _seconds(span: datetime.timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds(), 1)


def health_for(user: User, *, now: datetime.datetime) -> Health:
    """Return what the health page shows ``user``; messages are those of their councils."""
    councils = user.authority_ids(*HEALTH_ROLES)
    messages = Message.objects.filter(authority__in=councils)
    waiting = messages.filter(state=MessageState.WAITING, send_after__lte=now)
    recent = SweepRun.objects.filter(started_at__gte=now - UNTOLD_WITHIN).values_list("untold_ids", flat=True)
    untold = Deadline.objects.open().filter(pk__in={pk for ids in recent for pk in ids}, authority_id__in=councils)
    papers = paper_queue()
    return Health(
        redis=redis_answers(),
        enforcement=enforcement(now=now),
        calendar=calendar_health(now=now),
        sweeps=list(SweepRun.objects.all()[:RUNS_SHOWN]),
        reconciles=list(ReconcileRun.objects.all()[:RUNS_SHOWN]),
        untold_ids=sorted(untold.values_list("pk", flat=True)),
        digests=list(DigestRun.objects.filter(authority__in=councils)[:RUNS_SHOWN]),
        failed_messages=messages.filter(state=MessageState.FAILED).count(),
        oldest_waiting_message=waiting.aggregate(at=Min("send_after"))["at"],
        papers=papers,
        papers_are_late=papers.oldest is not None and now - papers.oldest > PAPERS_LATE_AFTER,
    )
