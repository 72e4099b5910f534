"""Asks the worker to empty the outbox now rather than at its next round."""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)


def wake_sender_after_commit() -> None:
    """Wake the sender once when the current transaction commits, however many messages it wrote."""
    registered = transaction.get_connection().run_on_commit
    if not any(callback is wake_sender for _, callback, _ in registered):
        transaction.on_commit(wake_sender, robust=True)


def wake_sender() -> None:
    """Request a round of sending; without a broker nothing is lost, as the schedule runs every minute."""
    try:
        # By name: the task imports the services, which call this.
        current_app.send_task("notifications.send_due")
    except (OperationalError, OSError):
        logger.warning("sender_not_woken")
