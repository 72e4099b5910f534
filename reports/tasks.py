from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.utils import timezone

from reports.services import kept_papers, laying_out, print_packs, reminders
from reports.services.files import scan_waiting_files as ask_again

# For one paper, less than laying_out.LEASE. The longest known takes four seconds and 300 MB.
SECONDS, SECONDS_TO_STOP = 120, 150
MOST_BYTES = 1024**3
# A round runs each minute; what no worker takes before the next one is asked for again.
ROUND_SECONDS = 60


@shared_task(name="reports.scan_waiting_files")
def scan_waiting_files() -> None:
    """Ask the virus scanner about files that came while it was away."""
    ask_again(now=timezone.now())


@shared_task(name="reports.remind_authors")
def remind_authors() -> None:
    """Remind authors, and their agencies' named leads, of reports that are due soon or late."""
    reminders.remind_authors(now=timezone.now())


@shared_task(name="reports.lay_out_paper", soft_time_limit=SECONDS, time_limit=SECONDS_TO_STOP)
def lay_out_paper(pk: int) -> None:
    """Lay out one recipient's copy and store it."""
    with memory_limited(MOST_BYTES):
        laying_out.lay_out(pk, now=timezone.now())


@shared_task(name="reports.make_print_pack", soft_time_limit=SECONDS * 2, time_limit=SECONDS_TO_STOP * 2)
def make_print_pack(pk: int) -> None:
    """Make the file of one print pack."""
    with memory_limited(MOST_BYTES):
        print_packs.make_pack(pk, now=timezone.now())


@shared_task(name="reports.ask_again_for_papers")
def ask_again_for_papers() -> None:
    """Ask again for papers, and packs of them, that no one laid out."""
    kept_papers.wake_for_forgotten_papers(now=timezone.now(), expires=ROUND_SECONDS)
    print_packs.wake_for_forgotten_packs(now=timezone.now())


@contextmanager
def memory_limited(most_bytes: int) -> Iterator[None]:
    """Limit this process's data to this many bytes inside the block; beyond it raises MemoryError."""
    before, ceiling = resource.getrlimit(resource.RLIMIT_DATA)
    if ceiling != resource.RLIM_INFINITY:
        most_bytes = min(most_bytes, ceiling)
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, ceiling))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, ceiling))
