"""Tells people that a deadline is near, due or late, once each."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

import structlog

from deadlines.models import SweepRun
from deadlines.services import escalation

logger = structlog.get_logger(__name__)

# A sweep ends in time for the next one, which continues with what is left.
LONGEST = datetime.timedelta(minutes=4)
# A run records the ids of at most this many deadlines with no one to tell.
UNTOLD_KEPT = 1000


@dataclass(frozen=True)
class SweepResult:
    """How many notices went to how many people, how late the oldest was, and what reached no one."""

    raised: int
    told: int
    behind: datetime.timedelta
    untold: int


def sweep(*, now: datetime.datetime) -> SweepResult:
    """Tell each person a stage reaches of every stage that has begun and that they haven't been told of.

    Level-triggered: only a deadline's current state matters, so a missed run loses nothing, a repeated one does
    nothing, and two at once share the rows. Works in batches, each a transaction and a statement of its own
    (``escalation.raise_stages``), until nothing is left or the next sweep is near; then records a heartbeat.

    Anyone without an account or a role in the council is passed over: their items go up the line, to their
    manager and to the service managers. Where no one is left the deadline is listed in the heartbeat, which the
    health page shows, and is retried an hour later.
    """
    started = time.monotonic()
    run = SweepRun.objects.create(started_at=now)
    notices, told, untold, behind = 0, set[int](), set[int](), datetime.timedelta()
    while True:
        batch = escalation.raise_stages(now=now)
        notices += batch.notices
        told |= batch.told
        untold.update(batch.untold_ids)
        behind = max(behind, now - batch.oldest) if batch.oldest else behind
        took = datetime.timedelta(seconds=time.monotonic() - started)
        if batch.claimed < escalation.BATCH or took > LONGEST:
            break
    if untold:
        logger.warning("deadlines_told_to_nobody", number=len(untold), first=min(untold))
    run.raised, run.behind, run.ended_at = notices, behind, now + took
    run.untold_ids = sorted(untold)[:UNTOLD_KEPT]
    run.save(update_fields=["raised", "behind", "ended_at", "untold_ids"])
    return SweepResult(raised=notices, told=len(told), behind=behind, untold=len(untold))
