"""Telling people that a deadline comes near, is due or is late: each of them once."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

import structlog

from deadlines.models import SweepRun
from deadlines.services import escalation

logger = structlog.get_logger(__name__)

# A sweep ends in time for the next one, which goes on with what is left.
LONGEST = datetime.timedelta(minutes=4)
# A run keeps the ids of so many deadlines with nobody to tell.
UNTOLD_KEPT = 1000


@dataclass(frozen=True)
class SweepResult:
    """How many notices were written for how many people, how late the oldest came, and for what nobody was found."""

    raised: int
    told: int
    behind: datetime.timedelta
    untold: int


def sweep(*, now: datetime.datetime) -> SweepResult:
    """Tell everybody whom a stage reaches of each one that has begun and that they have not been told of.

    Level-triggered: what counts is how a deadline stands now, so a missed run loses nothing, a repeated
    one does nothing, and two at once share the rows between them. Goes through batches, each a
    transaction and a statement of its own (``escalation.raise_stages``), until nothing is left or the next
    sweep is near; then leaves a heartbeat.

    Somebody without an account or a role in the council is passed over: what was theirs goes up the line,
    to their manager and to the service managers. Where nobody is left the deadline stands in the
    heartbeat, which the health page shows, and is tried again an hour later.
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
