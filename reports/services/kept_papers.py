"""Files of copies: asked for, waited for by a worker, taken away."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet

from reports.enums import PaperRetired, PaperState
from reports.models import Document, LaidOutPaper
from reports.uploads import storing

# Whoever waits in front of a page goes before what is made ready for later (0 is first).
FOR_SOMEBODY, FOR_LATER = 0, 6
# Of what waits, a round of the schedule asks for so many at a time.
ROUND = 50


def ask_for_papers(document: Document, recipients: Collection[int], *, now: datetime.datetime) -> None:
    """Have these recipients' copies laid out before anybody asks for them; one that is there already stays."""
    LaidOutPaper.objects.bulk_create(
        [
            LaidOutPaper(document=document, recipient_id=recipient, requested_at=now, take_after=now)
            for recipient in recipients
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(lambda: _wake_for(document.pk), robust=True)


def _wake_for(document_pk: int) -> None:
    waiting = LaidOutPaper.objects.filter(document=document_pk, state=PaperState.WAITING)
    for pk in waiting.values_list("pk", flat=True):
        wake_worker(pk, priority=FOR_LATER)


def wake_worker(pk: int, *, priority: int, expires: int | None = None) -> None:
    """Ask a worker to lay one paper out; without a broker nothing is lost, the schedule comes round every minute."""
    # By name: the task imports the services, which call this.
    current_app.send_task(
        "reports.lay_out_paper", args=[pk], ignore_result=True, priority=priority, expires=expires
    )


def wake_for_forgotten_papers(*, now: datetime.datetime, expires: int) -> int:
    """Ask again for what nobody took: after a pause, a dead worker or a broker that lost everything.

    ``expires`` is in seconds. Gives for how many it asked.
    """
    forgotten = LaidOutPaper.objects.filter(state=PaperState.WAITING, take_after__lte=now)
    pks = list(forgotten.order_by("take_after", "pk").values_list("pk", flat=True)[:ROUND])
    for pk in pks:
        wake_worker(pk, priority=FOR_LATER, expires=expires)
    return len(pks)


def retire_papers(papers: QuerySet[LaidOutPaper], because: PaperRetired, *, now: datetime.datetime) -> int:
    """Take files away; the rows stay and say why. The bytes go when the transaction commits. Gives how many."""
    with transaction.atomic():
        rows = list(
            papers.exclude(state=PaperState.RETIRED)
            .select_for_update(of=("self",))
            .order_by("pk")
            .values_list("pk", "stored_as")
        )
        LaidOutPaper.objects.filter(pk__in=[pk for pk, _ in rows]).update(
            state=PaperState.RETIRED, retired_at=now, retired_because=because
        )
        names = [name for _, name in rows]
        if names:
            transaction.on_commit(lambda: _drop(names), robust=True)
    return len(rows)


def _drop(names: Collection[uuid.UUID]) -> None:
    for name in names:
        storing.drop(name)
