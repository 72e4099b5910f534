"""The nightly count of everything, and what it found."""

from __future__ import annotations

import datetime
import time

import structlog

from deadlines.models import ReconcileRun
from deadlines.services.ledger import reconcile
from deadlines.services.settling import settle_notices

logger = structlog.get_logger(__name__)


def reconcile_everything(*, now: datetime.datetime) -> ReconcileRun:
    """Recount every deadline and record what had to change: each such change reveals a bug.

    Services that change a fact count its deadlines in the same transaction, so there should be nothing to do.
    In order: starts a run, reconciles in a transaction of its own, ends the run with what was written and the
    facts that could not be counted; then notes which notices are settled. An interrupted run stays without an end.
    """
    started = time.monotonic()
    run = ReconcileRun.objects.create(started_at=now)
    result = reconcile(now=now)
    run.created, run.changed, run.stopped = result.created, result.changed, result.stopped
    run.deadline_ids, run.problems = result.deadline_ids, result.problems
    run.ended_at = now + datetime.timedelta(seconds=time.monotonic() - started)
    run.save()
    settle_notices(now=now)
    if result.written or result.problems:
        logger.error(
            "nightly_count_found_differences",
            created=result.created,
            changed=result.changed,
            stopped=result.stopped,
            uncounted=len(result.problems),
        )
    return run
