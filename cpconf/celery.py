"""Background work: the Celery application and the whole schedule.

Correctness depends on the database, not on this: every task may run late, twice or not at all for a day, and
the next run catches up. So a broker that is down costs only time, and no page waits for it.
"""

from __future__ import annotations

import os
import time
from typing import Any

import structlog
from celery import Celery
from celery.result import AsyncResult
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")

logger = structlog.get_logger(__name__)

BROKER_TIMEOUT_SECONDS = 3
BROKER_PAUSE_SECONDS = 30
PAPERS = "papers"


class PatientCelery(Celery):
    """Publishing never fails, and hardly ever delays, the page that asks: the schedule does the work later."""

    _silent_until = 0.0

    def send_task(self, name: str, *args: Any, **kwargs: Any) -> AsyncResult[Any] | None:  # type: ignore[override]
        if time.monotonic() < self._silent_until:
            return None
        try:
            return super().send_task(name, *args, **kwargs)
        except (OperationalError, OSError):
            # One page now and then finds out; a broker that hangs does not delay the others.
            self._silent_until = time.monotonic() + BROKER_PAUSE_SECONDS
            logger.warning("task_not_published", task=name)
            return None


def _broker(url: str) -> str:
    """Return the broker's URL in Celery's spelling, which differs for a Unix socket."""
    return url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


app = PatientCelery("cpconf", task_cls="accounts.background:RecordedTask")
app.steps["worker"].add(DjangoStructLogInitStep)
app.conf.update(
    broker_url=_broker(settings.REDIS_URL),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "socket_connect_timeout": BROKER_TIMEOUT_SECONDS,
        "socket_timeout": BROKER_TIMEOUT_SECONDS,
        # A task that a worker took and did not finish is redelivered after this many seconds.
        "visibility_timeout": 3600,
        "max_retries": 0,
    },
    task_publish_retry=False,
    # Nothing waits for results: what a task did is in the database.
    task_ignore_result=True,
    result_expires=None,
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # Laying out takes seconds and hundreds of megabytes, so it has its own worker and no clock waits for it.
    task_routes={
        "reports.lay_out_paper": {"queue": PAPERS},
        "reports.make_print_pack": {"queue": PAPERS},
        "records.make_bundles": {"queue": PAPERS},
    },
    task_time_limit=900,
    task_soft_time_limit=840,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    timezone="Europe/London",
    enable_utc=True,
    beat_scheduler="redbeat.RedBeatScheduler",
    # Two schedulers may run; the second takes over when the first has been silent for this long.
    beat_max_loop_interval=5,
    redbeat_redis_url=settings.REDIS_URL,
    redbeat_redis_options={"retry_period": 60},
    redbeat_lock_timeout=30,
    # A task no worker took before its next round is dropped: days without a worker leave no queue behind.
    beat_schedule={
        "deadlines.sweep": {"task": "deadlines.sweep", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
        # From 7:30 in London, for councils that work that day; later rounds make up for a missed one.
        "deadlines.write_digests": {
            "task": "deadlines.write_digests",
            "schedule": crontab(minute="*/5"),
            "options": {"expires": 300},
        },
        "deadlines.reconcile_all": {
            "task": "deadlines.reconcile_all",
            "schedule": crontab(hour=2, minute=0),
            "options": {"expires": 6 * 3600},
        },
        "deadlines.extend_calendar": {
            "task": "deadlines.extend_calendar",
            "schedule": crontab(day_of_week="sun", hour=3, minute=0),
        },
        "accounts.seal_reads": {"task": "accounts.seal_reads", "schedule": crontab(), "options": {"expires": 60}},
        "accounts.clear_tallies": {"task": "accounts.clear_tallies", "schedule": crontab(hour=3, minute=30)},
        # After midnight in London, when the last reads of the day are sealed.
        "accounts.anchor_reads": {
            "task": "accounts.anchor_reads",
            "schedule": crontab(hour=0, minute=10),
            "options": {"expires": 6 * 3600},
        },
        # Once a day for each review that waits; later rounds of the day make up for a missed one.
        "families.chase_glass_reviews": {
            "task": "families.chase_glass_reviews",
            "schedule": crontab(minute=30),
            "options": {"expires": 3600},
        },
        "notifications.send_due": {"task": "notifications.send_due", "schedule": crontab(), "options": {"expires": 60}},
        "reports.scan_waiting_files": {
            "task": "reports.scan_waiting_files",
            "schedule": crontab(minute="*/5"),
            "options": {"expires": 300},
        },
        # After the sweep, by which the ledger is right.
        "reports.remind_authors": {
            "task": "reports.remind_authors",
            "schedule": crontab(minute=20),
            "options": {"expires": 3600},
        },
        "reports.ask_again_for_papers": {
            "task": "reports.ask_again_for_papers",
            "schedule": crontab(),
            "options": {"expires": 60},
        },
        "records.finish_removals": {"task": "records.finish_removals", "schedule": crontab(hour=3, minute=45)},
        "records.keep_to_time": {
            "task": "records.keep_to_time",
            "schedule": crontab(hour=4, minute=15),
            "options": {"expires": 6 * 3600},
        },
        "records.make_bundles": {
            "task": "records.make_bundles",
            "schedule": crontab(minute="*/5"),
            "options": {"expires": 300},
        },
    },
)
app.autodiscover_tasks()
# Shared tasks belong to this application in every thread of the web server, not just the importing one.
app.set_default()


@setup_logging.connect
def keep_django_logging(**kwargs: Any) -> None:
    """Do nothing: a receiver of this signal makes Celery keep the logging set up in the settings."""
