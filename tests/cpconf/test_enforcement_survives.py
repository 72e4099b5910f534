"""Every notice exactly once, whatever happens to the processes: with real workers, schedulers and connections."""

from __future__ import annotations

import contextlib
import datetime
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from celery import Celery
from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from accounts.enums import Role
from deadlines.models import Deadline, DeadlineNotice, SweepRun
from deadlines.services import escalation, sweep
from notifications.models import Message, Notice
from tests.cpconf.test_compose import ROOT, database_url, private_redis
from tests.cpconf.test_when_the_database_is_down import wait_until
from tests.deadlines.test_reconcile import run_at_once
from tests.factories import DeadlineFactory, FamilyFactory, user_with_role

BIN = Path(sys.executable).parent


@pytest.fixture
def environment(worker_id: str) -> Iterator[dict[str, str]]:
    """Return what a process of this test needs to find the test's own database and Redis."""
    url = private_redis(worker_id)
    store = redis.Redis.from_url(url)
    store.flushdb()
    yield {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "DATABASE_URL": database_url(),
        "REDIS_URL": url,
        "LOG_LEVEL": "ERROR",
    }
    store.flushdb()


@contextlib.contextmanager
def running(command: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process and everything it starts until the end of the block."""
    with log.open("w") as output:
        process = subprocess.Popen(
            shlex.split(command),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def a_worker(environment: dict[str, str], log: Path) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    return running(
        "celery --quiet -A cpconf worker --loglevel ERROR --concurrency 1 --without-gossip --without-mingle",
        environment,
        log,
    )


def ask_for(task: str, environment: dict[str, str]) -> None:
    url = environment["REDIS_URL"].replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    with Celery(broker=url, set_as_current=False) as publisher:
        publisher.send_task(task)


def late_deadlines(number: int, *, people: int = 2) -> None:
    """Create deadlines that became late yesterday and that no one has been told of."""
    family = FamilyFactory()
    users = [user_with_role(Role.SOCIAL_WORKER, authority=family.authority, team=family.team) for _ in range(people)]
    now = timezone.now()
    given = {
        "family": family,
        "responsible_ids": [user.pk for user in users],
        "due_on": timezone.localdate(now) - datetime.timedelta(days=2),
        "warn_at": now - datetime.timedelta(days=9),
        "due_from": now - datetime.timedelta(days=2),
        "late_from": now - datetime.timedelta(days=1),
        "manager_from": now + datetime.timedelta(days=1),
        "service_manager_from": now + datetime.timedelta(days=3),
    }
    Deadline.objects.bulk_create(DeadlineFactory.build_batch(number, **given), batch_size=1000)
    with connection.cursor() as cursor:
        # A running server analyses its tables by itself; a test ends before it does.
        cursor.execute("ANALYZE")


def assert_everybody_was_told_once(number: int, *, people: int = 2) -> None:
    notices = DeadlineNotice.objects.values("deadline", "stage").annotate(told=Count("user", distinct=True))
    assert (notices.count(), set(notices.values_list("told", flat=True))) == (number, {people})
    assert Notice.objects.count() == number * people
    lines = 0
    for message in Message.objects.all():
        more = message.body.partition("And ")[2].partition(" more.")[0]
        lines += message.body.count("Late: ") + int(more or 0)
    assert lines == number * people
    assert Deadline.objects.exclude(next_stage_at=F("manager_from")).count() == 0


def server_runs(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.rowcount == 1


def blocked_sweeps() -> list[int]:
    """Return the server processes that wait for a lock inside the statement of a sweep."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND query LIKE '%sealed_child AS MATERIALIZED%'"
        )
        return [pid for (pid,) in cursor.fetchall()]


@contextlib.contextmanager
def blocking_transaction(deadline: Deadline) -> Iterator[None]:
    """Hold an open transaction that has written one of the notices, so that others must wait."""
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": False}) as other:
        other.execute(
            "INSERT INTO deadlines_deadlinenotice (deadline_id, stage, user_id, late_from, raised_at)"
            " VALUES (%s, 'late', %s, %s, now())",
            [deadline.pk, deadline.responsible_ids[0], deadline.late_from],
        )
        yield
        other.rollback()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_during_a_sweep_loses_and_repeats_nothing(environment, tmp_path):
    number = escalation.BATCH + 10
    late_deadlines(number, people=1)
    last = Deadline.objects.order_by("-next_stage_at", "-pk").first()
    with a_worker(environment, tmp_path / "worker.log") as worker, blocking_transaction(last):
        ask_for("deadlines.sweep", environment)
        wait_until(blocked_sweeps)
        assert DeadlineNotice.objects.count() in {0, escalation.BATCH}
        (orphan,) = blocked_sweeps()
        os.killpg(worker.pid, signal.SIGKILL)
    wait_until(lambda: not server_runs(orphan))
    sweep(now=timezone.now())
    assert_everybody_was_told_once(number, people=1)


SWEEP_WHEN_TOLD = (
    "import django; django.setup()\n"
    "from django.utils import timezone\n"
    "from deadlines.services import escalation, sweep\n"
    "escalation.BATCH = 20\n"
    "print('ready', flush=True)\n"
    "input()\n"
    "sweep(now=timezone.now())\n"
)


@pytest.mark.django_db(transaction=True)
def test_two_concurrent_processes_tell_everyone_once(environment, tmp_path):
    late_deadlines(200)
    command = shlex.join([sys.executable, "-c", SWEEP_WHEN_TOLD])
    environment["DJANGO_SETTINGS_MODULE"] = "cpconf.settings"
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    with running(command, environment, logs[0]) as first, running(command, environment, logs[1]) as second:
        wait_until(lambda: [log.read_text() for log in logs] == ["ready\n", "ready\n"])
        for process in (first, second):
            process.stdin.write(b"\n")
            process.stdin.flush()
        assert [first.wait(timeout=60), second.wait(timeout=60)] == [0, 0]
    assert sum(SweepRun.objects.values_list("raised", flat=True)) == 400
    assert_everybody_was_told_once(200)


@pytest.mark.django_db(transaction=True)
def test_ten_concurrent_sweeps_tell_everyone_once(monkeypatch):
    monkeypatch.setattr(escalation, "BATCH", 7)
    late_deadlines(100)
    now = timezone.now()
    assert run_at_once([lambda: sweep(now=now)] * 10) == []
    assert sum(SweepRun.objects.values_list("raised", flat=True)) == 200
    assert_everybody_was_told_once(100)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_fails_half_way_keeps_its_notices_and_continues_later(monkeypatch):
    monkeypatch.setattr(escalation, "BATCH", 20)
    late_deadlines(50)
    last = Deadline.objects.order_by("-next_stage_at", "-pk").first()
    with blocking_transaction(last), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
        with contextlib.suppress(Exception):
            sweep(now=timezone.now())
        cursor.execute("RESET lock_timeout")
    assert DeadlineNotice.objects.count() < 100
    sweep(now=timezone.now())
    assert_everybody_was_told_once(50)


@pytest.mark.django_db
def test_after_three_days_without_a_scheduler_each_notice_is_sent_once():
    late_deadlines(20)
    now = timezone.now()
    later = {"manager_from": datetime.timedelta(days=5), "service_manager_from": datetime.timedelta(days=7)}
    Deadline.objects.update(**{name: now + after for name, after in later.items()})
    three_days_later = now + datetime.timedelta(days=3)
    for _ in range(3):
        sweep(now=three_days_later)
    assert_everybody_was_told_once(20)
    assert SweepRun.objects.earliest("pk").behind > datetime.timedelta(days=11)


@pytest.mark.django_db(transaction=True)
def test_after_redis_lost_everything_the_schedule_resumes_without_repeats(environment, tmp_path):
    late_deadlines(3)
    sweep(now=timezone.now())
    supervised = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())["beat"]
    quicker = supervised.replace("sleep 5", "sleep 0.1").replace(" beat ", " beat --max-interval 1 ")
    store = redis.Redis.from_url(environment["REDIS_URL"])
    with running(shlex.join(["sh", "-c", quicker]), environment, tmp_path / "beat.log"):
        wait_until(lambda: store.exists("redbeat::lock", "redbeat:deadlines.sweep") == 2)
        store.flushdb()
        wait_until(lambda: store.exists("redbeat::lock", "redbeat:deadlines.sweep") == 2)
    sweep(now=timezone.now())
    assert_everybody_was_told_once(3)
