"""The nightly count over everything, and what it found."""

from __future__ import annotations

import datetime
import time

import structlog

from deadlines.models import ReconcileRun
from deadlines.services.ledger import reconcile

logger = structlog.get_logger(__name__)


def reconcile_everything(*, now: datetime.datetime) -> ReconcileRun:
    """Count every deadline again and keep what had to be changed: each of those is a bug found.

    Whoever changes a fact counts its deadlines in the same transaction, so that this has nothing to do.
    In order: begins a run, reconciles in a transaction of its own, ends the run with what was written and with
    the facts that could not be counted. A run that was interrupted stays without an end.
    """
    started = time.monotonic()
    run = ReconcileRun.objects.create(started_at=now)
    result = reconcile(now=now)
    run.created, run.changed, run.stopped = result.created, result.changed, result.stopped
    run.deadline_ids, run.problems = result.deadline_ids, result.problems
    run.ended_at = now + datetime.timedelta(seconds=time.monotonic() - started)
    run.save()
    if result.written or result.problems:
        logger.error(
            "nightly_count_found_differences",
            created=result.created,
            changed=result.changed,
            stopped=result.stopped,
            uncounted=len(result.problems),
        )
    return run
