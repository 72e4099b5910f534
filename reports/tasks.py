from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reports.services.files import scan_waiting_files as ask_again


@shared_task(name="reports.scan_waiting_files")
def scan_waiting_files() -> None:
    """Ask the virus scanner about the files that came while it was away."""
    ask_again(now=timezone.now())
