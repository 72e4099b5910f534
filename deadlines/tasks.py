from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from deadlines import services

# Well under the broker's visibility timeout, after which a task goes to a second worker.
LONG_TASK_SECONDS = 3000


@shared_task(name="deadlines.sweep")
def sweep() -> None:
    """Tell people of the stages that have begun."""
    services.sweep(now=timezone.now())


@shared_task(name="deadlines.write_digests")
def write_digests() -> None:
    """Write the morning's digests where they are missing."""
    services.write_digests(now=timezone.now())


@shared_task(name="deadlines.reconcile_all", time_limit=LONG_TASK_SECONDS, soft_time_limit=LONG_TASK_SECONDS - 60)
def reconcile_all() -> None:
    """Recount every deadline, and record what had to change."""
    services.reconcile_everything(now=timezone.now())


@shared_task(name="deadlines.extend_calendar", time_limit=LONG_TASK_SECONDS, soft_time_limit=LONG_TASK_SECONDS - 60)
def extend_calendar() -> None:
    """Extend the working days to five years ahead, and recount what a new holiday moves."""
    now = timezone.now()
    if services.build_calendar(now=now):
        services.reconcile(now=now)
