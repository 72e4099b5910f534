"""Background tasks; each may run late or twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from families.services import chase_reviews


@shared_task(name="families.chase_glass_reviews")
def chase_glass_reviews() -> int:
    """Remind service managers of break-glass reviews that are a day old."""
    return chase_reviews(now=timezone.now())
