"""Files of copies: requested, laid out by a worker, deleted."""

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

# Copies someone is waiting for on a page go before those made ready for later (0 is first).
FOR_SOMEBODY, FOR_LATER = 0, 6
# The most waiting papers that one scheduled round asks for.
ROUND = 50


def ask_for_papers(
    document: Document, recipients: Collection[int], *, now: datetime.datetime, is_large: bool = False
) -> None:
    """Have these recipients' copies laid out before anyone asks for them; existing ones stay."""
    LaidOutPaper.objects.bulk_create(
        [
            LaidOutPaper(
                document=document, is_large=is_large, requested_at=now, take_after=now, **document.to(recipient)
            )
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
    """Ask a worker to lay one paper out; without a broker, the next round of the schedule asks again."""
    # Sent by name: the task imports the services, which call this function.
    current_app.send_task("reports.lay_out_paper", args=[pk], ignore_result=True, priority=priority, expires=expires)


def wake_for_forgotten_papers(*, now: datetime.datetime, expires: int) -> int:
    """Ask again for papers that no worker took, and return how many.

    This happens after a failed attempt's pause, with a dead worker, or after a broker lost everything.
    ``expires`` is in seconds.
    """
    forgotten = LaidOutPaper.objects.filter(state=PaperState.WAITING, take_after__lte=now)
    pks = list(forgotten.order_by("take_after", "pk").values_list("pk", flat=True)[:ROUND])
    for pk in pks:
        wake_worker(pk, priority=FOR_LATER, expires=expires)
    return len(pks)


def retire_papers(papers: QuerySet[LaidOutPaper], because: PaperRetired, *, now: datetime.datetime) -> int:
    """Retire files and return how many; the rows stay and say why.

    The bytes are deleted when the transaction commits.
    """
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
