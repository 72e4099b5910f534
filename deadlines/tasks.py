from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from deadlines import services


@shared_task(name="deadlines.sweep")
def sweep() -> None:
    """Tell people of the stages that have begun."""
    services.sweep(now=timezone.now())


@shared_task(name="deadlines.reconcile_all")
def reconcile_all() -> None:
    """Count every deadline again."""
    services.reconcile(now=timezone.now())


@shared_task(name="deadlines.extend_calendar")
def extend_calendar() -> None:
    """Know the working days of five years ahead, and count again what a new holiday moves."""
    now = timezone.now()
    if services.build_calendar(now=now):
        services.reconcile(now=now)
