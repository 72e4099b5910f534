from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from notifications.services import outbox

BATCH = 200


@shared_task(name="notifications.send_due")
def send_due() -> None:
    """Send what is due in the outbox."""
    outbox.send_due(now=timezone.now(), limit=BATCH)
