"""Scheduled sealing and anchoring of the read log."""

from __future__ import annotations

import structlog
from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from accounts import once, throttling
from accounts.audit.chain import anchor_in_words, anchor_reads, seal_reads, yesterday

logger = structlog.get_logger(__name__)


@shared_task(name="accounts.seal_reads")
def seal() -> None:
    """Link what was read since the last run into the chain."""
    seal_reads(now=timezone.now())


@shared_task(name="accounts.anchor_reads")
def anchor() -> None:
    """Anchor the previous day, in the log and by e-mail to whoever keeps it outside the database.

    The next anchor covers a missed day; if a mail fails, the anchor is still in the log and the database.
    """
    now = timezone.now()
    seal_reads(now=now)
    made = anchor_reads(day=yesterday(now), now=now)
    if made is None or made.made_at != now:
        return
    line = anchor_in_words(made)
    logger.info("read_log_anchored", anchor=line, rows=made.count)
    if not settings.AUDIT_ANCHOR_EMAILS:
        return
    try:
        send_mail("Anchor of the read log", line + "\n", None, settings.AUDIT_ANCHOR_EMAILS)
    except OSError:
        logger.warning("read_log_anchor_not_mailed", day=made.day.isoformat())


@shared_task(name="accounts.clear_tallies")
def clear_tallies() -> None:
    """Remove attempt counts that no limit needs any more, and notes of forms sent long ago."""
    throttling.clear_old(now=timezone.now())
    once.clear_old(now=timezone.now())
