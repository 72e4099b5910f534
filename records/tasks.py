from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from records.disclosure import services as disclosing
from records.retention import services as retaining
from records.retention import upkeep


@shared_task(name="records.make_bundles")
def make_bundles() -> None:
    """Make the bundles that two people agreed to."""
    disclosing.make_bundles(now=timezone.now())


@shared_task(name="records.keep_to_time")
def keep_to_time() -> None:
    """Overwrite what no council's procedures keep any longer."""
    upkeep.keep_to_time(now=timezone.now())


@shared_task(name="records.finish_removals")
def finish_removals() -> None:
    """Delete files whose removal was decided but interrupted by a crash."""
    retaining.finish_removals()
