"""Counting, sweeping and showing the deadlines of all of England; prints the measurements as JSON."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.update(DJANGO_DEBUG="false", LOG_LEVEL="ERROR")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.enums import Role  # noqa: E402
from accounts.models import User  # noqa: E402
from benchmarks.england import build_england  # noqa: E402
from deadlines.facts import EVERYBODY  # noqa: E402
from deadlines.models import Deadline, DeadlineNotice  # noqa: E402
from deadlines.services import comparing, counting, reconcile, sweep  # noqa: E402
from families.models import Family  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
FAMILIES = 200
ROUNDS_OF_PAGE = 60
PAGES = {
    "my work": (Role.SOCIAL_WORKER, "deadlines:my-work"),
    "families": (Role.SERVICE_MANAGER, "families:families"),
    "conferences": (Role.SERVICE_MANAGER, "conferences:conferences"),
    "plans": (Role.SERVICE_MANAGER, "plans:plans"),
    "team": (Role.TEAM_MANAGER, "deadlines:team"),
    "council": (Role.SERVICE_MANAGER, "deadlines:council"),
}
RAISED = 20_000
COLUMNS = ", ".join(comparing.FROM_FACTS)


def main(scale: float) -> None:
    # In a separate process: migrating must not count towards the cost of counting.
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
    build_england(scale=scale)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        found: dict[str, Any] = {"rounds": ROUNDS, "server": f"PostgreSQL {cursor.fetchone()[0]}"}
        cursor.execute("SET work_mem = '256MB'")
    whole_ledger(found)
    one_family(found)
    sweeps(found)
    pages(found)
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(found))


def whole_ledger(found: dict[str, Any]) -> None:
    counted = f"SELECT kind, fact_id, responsible_ids, {COLUMNS}, now(), warn_at FROM ({counting.counted(EVERYBODY)}) AS counted"
    bare = f"INSERT INTO deadlines_deadline (kind, fact_id, responsible_ids, {COLUMNS}, created_at, next_stage_at) {counted}"
    found["insert"] = seconds(lambda: run(bare), before=empty)
    found["build"] = seconds(lambda: reconcile(now=timezone.now()), before=empty)
    # Settle the rows, so that what follows measures the comparison and not the first read of the table.
    run("VACUUM ANALYZE deadlines_deadline")
    found["open"] = Deadline.objects.open().count()
    found["ended"] = Deadline.objects.count() - found["open"]
    found["select"] = seconds(lambda: run(f"{counted} OFFSET 1000000000"))
    before = wal()
    assert reconcile(now=timezone.now()).written == 0
    found["wal"] = (wal() - before) // 1_000_000
    found["unchanged"] = seconds(lambda: reconcile(now=timezone.now()))


def one_family(found: dict[str, Any]) -> None:
    ids = list(
        Family.objects.order_by("pk").values_list("pk", flat=True)[:: max(Family.objects.count() // FAMILIES, 1)]
    )
    reconcile(family_ids=[ids[0]], now=timezone.now())
    times = [timed(partial(reconcile, family_ids=[pk], now=timezone.now())) for pk in ids]
    found["family"] = statistics.median(times) * 1000
    with CaptureQueriesContext(connection) as captured:
        reconcile(family_ids=[ids[0]], now=timezone.now())
    found["family_queries"] = len(captured)


def sweeps(found: dict[str, Any]) -> None:
    now = timezone.now()
    sweep(now=now)
    Deadline.objects.exclude(next_stage_at=None).filter(next_stage_at__lte=now).update(next_stage_at=None)
    found["idle"] = seconds(lambda: sweep(now=now), rounds=21) * 1000
    chosen = list(
        Deadline.objects.open().filter(late_from__gt=now).order_by("pk").values_list("pk", flat=True)[:RAISED]
    )
    found["raised"] = len(chosen)
    waiting = Deadline.objects.filter(pk__in=chosen)

    def come_near() -> None:
        DeadlineNotice.objects.filter(deadline__in=chosen).delete()
        run("DELETE FROM notifications_notice; DELETE FROM notifications_message")
        waiting.update(next_stage_at=now, warn_at=now)

    rows = "SELECT deadline_id, stage, user_id, late_from, raised_at FROM copied_notice"
    messages = "SELECT * FROM copied_message"
    come_near()
    assert sweep(now=now).raised >= len(chosen)
    run(
        f"CREATE TEMPORARY TABLE copied_notice AS SELECT * FROM deadlines_deadlinenotice WHERE deadline_id = ANY(ARRAY{chosen})"
    )
    run("CREATE TEMPORARY TABLE copied_words AS SELECT * FROM notifications_notice")
    run("CREATE TEMPORARY TABLE copied_message AS SELECT * FROM notifications_message")

    def bare() -> None:
        run(f"INSERT INTO deadlines_deadlinenotice (deadline_id, stage, user_id, late_from, raised_at) {rows}")
        run("INSERT INTO notifications_notice SELECT * FROM copied_words")
        run(f"INSERT INTO notifications_message {messages}")
        waiting.update(next_stage_at=None)

    found["notices"] = seconds(bare, before=come_near)
    found["sweep"] = seconds(lambda: sweep(now=now), before=come_near)


def pages(found: dict[str, Any]) -> None:
    # With the settings of an installation, not of the counting above.
    run("RESET work_mem")
    for page, (role, name) in PAGES.items():
        client = Client()
        client.force_login(User.objects.filter(roles__role=role).order_by("pk")[0])
        show = partial(client.get, reverse(name))
        assert show().status_code == 200
        with CaptureQueriesContext(connection) as captured:
            show()
        found[f"{page} queries"] = len(captured)
        times = sorted(timed(show) for _ in range(ROUNDS_OF_PAGE if page != "council" else 10))
        found[f"{page} p95"] = times[int(len(times) * 0.95) - 1] * 1000


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def empty() -> None:
    run("TRUNCATE deadlines_deadline CASCADE")


def wal() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'")
        return int(cursor.fetchone()[0])


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def seconds(work: Callable[[], object], *, before: Callable[[], object] | None = None, rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        if before:
            before()
        times.append(timed(work))
    return statistics.median(times)


if __name__ == "__main__":
    main(float(sys.argv[1]))
