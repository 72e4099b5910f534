"""Measures what people wait for. Reads the development database and writes nothing but the read log."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.setdefault("DJANGO_DEBUG", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.enums import Role  # noqa: E402
from accounts.models import RoleAssignment  # noqa: E402
from deadlines.calendars import ONE_DAY, WorkingCalendar, calendar_for  # noqa: E402

PAGES = ("deadlines:my-work", "families:families", "conferences:conferences", "plans:plans")
ROLES = (Role.SOCIAL_WORKER, Role.CHAIR, Role.SERVICE_MANAGER)
ROUNDS = 15
DISTANCE = 60


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def pages() -> None:
    for role in ROLES:
        held = (
            RoleAssignment.objects.current(on=timezone.localdate())
            .filter(role=role)
            .select_related("user")
            .first()
        )
        if held is None:
            print("Nobody to sign in as: load the demo council first (make run).")
            return
        client = Client()
        client.force_login(held.user)
        bare = milliseconds(lambda client=client: client.get(reverse("govuk:read-help")))
        print(f"\nPages as {held.get_role_display().lower()} (the help page, {bare:.0f} ms here, is 1)")
        for name in PAGES:
            address = reverse(name)
            with CaptureQueriesContext(connection) as captured:
                status = client.get(address).status_code
            queries = len(captured)
            ratio = milliseconds(lambda client=client, address=address: client.get(address)) / bare
            print(f"  {name:<26} {ratio:5.1f} times  {queries:3} queries  status {status}")


def by_walking(calendar: WorkingCalendar, days: int) -> object:
    day = calendar.first + ONE_DAY * 3000
    while days:
        day += ONE_DAY
        days -= calendar.is_working(day)
    return day


def counting() -> None:
    held = RoleAssignment.objects.first()
    if held is None:
        return
    calendar = calendar_for(held.authority_id)
    start = calendar.first + ONE_DAY * 3000
    assert calendar.add(start, DISTANCE) == by_walking(calendar, DISTANCE)
    walked = milliseconds(lambda: by_walking(calendar, DISTANCE), rounds=200)
    counted = milliseconds(lambda: calendar.add(start, DISTANCE), rounds=200)
    print(
        f"\nCounting {DISTANCE} working days by ordinals takes {counted / walked:.3f} of the time of walking them"
    )


if __name__ == "__main__":
    pages()
    counting()
