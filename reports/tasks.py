from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reports.disclosure import services as disclosing
from reports.retention import services as retaining
from reports.services.files import scan_waiting_files as ask_again


@shared_task(name="reports.scan_waiting_files")
def scan_waiting_files() -> None:
    """Ask the virus scanner about the files that came while it was away."""
    ask_again(now=timezone.now())


@shared_task(name="reports.make_bundles")
def make_bundles() -> None:
    """Make the bundles that two people agreed to."""
    disclosing.make_bundles(now=timezone.now())


@shared_task(name="reports.finish_removals")
def finish_removals() -> None:
    """Take away files whose removal people decided and a crash cut short."""
    retaining.finish_removals()
