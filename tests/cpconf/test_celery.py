from __future__ import annotations

import socket
import time

import pytest
from celery.schedules import crontab

from cpconf.celery import BROKER_TIMEOUT_SECONDS, PAPERS, PatientCelery, app
from reports.services.laying_out import LEASE


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_the_whole_schedule():
    schedule = {name: entry["schedule"] for name, entry in app.conf.beat_schedule.items()}
    assert schedule == {
        "accounts.anchor_reads": crontab(hour=0, minute=10),
        "accounts.clear_tallies": crontab(hour=3, minute=30),
        "accounts.seal_reads": crontab(),
        "deadlines.sweep": crontab(minute="*/5"),
        "deadlines.write_digests": crontab(minute="*/5"),
        "deadlines.reconcile_all": crontab(hour=2, minute=0),
        "deadlines.extend_calendar": crontab(day_of_week="sun", hour=3, minute=0),
        "families.chase_glass_reviews": crontab(minute=30),
        "notifications.send_due": crontab(),
        "records.finish_removals": crontab(hour=3, minute=45),
        "records.keep_to_time": crontab(hour=4, minute=15),
        "records.make_bundles": crontab(minute="*/5"),
        "reports.ask_again_for_papers": crontab(),
        "reports.remind_authors": crontab(minute=20),
        "reports.scan_waiting_files": crontab(minute="*/5"),
    }
    assert app.conf.timezone == "Europe/London"


def test_frequent_tasks_expire_before_their_next_round():
    expires = {name: entry.get("options", {}).get("expires") for name, entry in app.conf.beat_schedule.items()}
    assert expires == {
        "accounts.anchor_reads": 6 * 3600,
        "accounts.clear_tallies": None,
        "accounts.seal_reads": 60,
        "deadlines.sweep": 300,
        "deadlines.write_digests": 300,
        "deadlines.reconcile_all": 6 * 3600,
        "deadlines.extend_calendar": None,
        "families.chase_glass_reviews": 3600,
        "notifications.send_due": 60,
        "records.finish_removals": None,
        "records.keep_to_time": 6 * 3600,
        "records.make_bundles": 300,
        "reports.ask_again_for_papers": 60,
        "reports.remind_authors": 3600,
        "reports.scan_waiting_files": 300,
    }


def test_no_task_runs_longer_than_the_redelivery_time():
    app.loader.import_default_modules()
    longest = max([app.conf.task_time_limit, *(task.time_limit or 0 for task in app.tasks.values())])
    assert longest < app.conf.broker_transport_options["visibility_timeout"]


def test_only_papers_are_routed_to_the_papers_worker():
    app.loader.import_default_modules()
    own = {name for name in app.tasks if app.amqp.router.route({}, name)["queue"].name == PAPERS}
    assert own == {"reports.lay_out_paper", "reports.make_print_pack", "records.make_bundles"}


def test_a_papers_time_limit_is_shorter_than_its_lease():
    app.loader.import_default_modules()
    task = app.tasks["reports.lay_out_paper"]
    assert task.soft_time_limit < task.time_limit < LEASE.total_seconds()


def test_only_json_is_sent_to_workers():
    assert (app.conf.task_serializer, app.conf.accept_content) == ("json", ["json"])


def test_a_task_taken_by_a_dead_worker_is_redelivered():
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)


@pytest.fixture
def silent_broker():
    """A server that accepts the connection and never answers: the worst case."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(5)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def publisher(url: str) -> PatientCelery:
    made = PatientCelery("trial", set_as_current=False)
    made.conf.update(app.conf.changes, broker_url=url)
    return made


def seconds_to_publish(publisher: PatientCelery) -> float:
    started = time.perf_counter()
    assert publisher.send_task("notifications.send_due") is None
    return time.perf_counter() - started


def test_a_page_does_not_fail_while_the_broker_is_down():
    assert seconds_to_publish(publisher("redis://127.0.0.1:1/0")) < 3


def test_a_silent_broker_delays_one_page_briefly_and_no_other(silent_broker):
    trial = publisher(silent_broker)
    assert seconds_to_publish(trial) < BROKER_TIMEOUT_SECONDS + 3
    assert seconds_to_publish(trial) < 0.1
