"""What the read log costs a page, and how long a million rows take to seal, verify and search."""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.update(DJANGO_DEBUG="false", LOG_LEVEL="ERROR")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.access import record_read  # noqa: E402
from accounts.audit.chain import seal_reads  # noqa: E402
from accounts.audit.verify import Verification, problems_of_read_log  # noqa: E402
from accounts.enums import Role  # noqa: E402
from accounts.models import AccessEvent, RoleAssignment  # noqa: E402
from families.access import visible_families  # noqa: E402
from families.models import Family  # noqa: E402
from families.selectors.who_looked import looks_at  # noqa: E402

ROUNDS = 20
AT_MOST = 0.10


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def share_of_a_page() -> None:
    """Measure a family's page with and without its log row, in turns, so that load affects both."""
    held = RoleAssignment.objects.filter(role=Role.COORDINATOR).select_related("user").first()
    family = visible_families(held.user).first() if held else None
    if held is None or family is None:
        print("No family to look at: load the demo council first (make run).")
        return
    client = Client()
    client.force_login(held.user)
    address = reverse("families:family", args=[family.pk])
    client.get(address)
    spent: list[float] = []

    def timed(*args: Any, **kwargs: Any) -> AccessEvent:
        started = time.perf_counter()
        event = record_read(*args, **kwargs)
        spent[-1] += time.perf_counter() - started
        return event

    with_log, without = [], []
    for _ in range(ROUNDS):
        with_log.append(seconds(lambda: client.get(address)))
        with mock.patch("accounts.access.record_read"):
            without.append(seconds(lambda: client.get(address)))
    shares = []
    for _ in range(ROUNDS):
        spent.append(0.0)
        with mock.patch("accounts.access.record_read", timed):
            whole = seconds(lambda: client.get(address))
        shares.append(spent[-1] / whole)
    added = 1 - statistics.median(without) / statistics.median(with_log)
    print(
        f"\nThe read log takes {statistics.median(shares):.3f} of a family's page by the clock inside it, and"
        f" {added:.3f} by leaving it out (at most {AT_MOST})"
    )


def many_rows(number: int) -> None:
    """Seal, verify and search ``number`` made-up rows.

    It leaves them behind, so run it in a separate database.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_accessevent (at, kind, page, subject, subject_id, family_ids, person_ids,"
            " \"right\", session) SELECT now() - i * interval '1 second', 'page', 'families:family',"
            " 'Family', i % 50000, array_agg(DISTINCT (i * 31 + n) % 50000), '{}', 'team manager', ''"
            " FROM generate_series(1, %s) i, generate_series(1, 4) n GROUP BY i",
            [number],
        )
        cursor.execute("ANALYZE accounts_accessevent")
    seal_reads(now=timezone.now())
    sealing = seconds(lambda: seal_reads(now=timezone.now()))
    seen = Verification()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    verifying = seconds(lambda: list(problems_of_read_log(seen=seen)))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    family = Family(pk=4711)
    found = looks_at(family).count()
    looking = seconds(lambda: list(looks_at(family)[:25]))
    print(
        f"{AccessEvent.objects.count():,} rows: sealed in {sealing:.1f} s, {seen.rows:,} verified in {verifying:.1f} s"
        f" with {grown:.0f} MB more memory; who looked at a family ({found} looks) in {looking * 1000:.0f} ms"
    )


if __name__ == "__main__":
    share_of_a_page()
    if len(sys.argv) > 1:
        many_rows(int(sys.argv[1]))
