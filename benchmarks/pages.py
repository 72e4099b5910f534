"""Measures what pages cost: processor time of one process for each request, and the number of queries.

Reads the development database and writes only the read log. It measures processor time rather than wall-clock
time, because other work on the same machine must not count towards the page.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
os.environ.setdefault("DJANGO_DEBUG", "false")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.admin import site  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402

from accounts.models import RoleAssignment, User  # noqa: E402
from benchmarks.people import HELP, ROLES, addresses_for, somebody  # noqa: E402
from conferences.models import Conference  # noqa: E402
from deadlines.working_days.calendars import ONE_DAY, WorkingCalendar, calendar_for  # noqa: E402
from families.models import Family  # noqa: E402
from plans.models import Plan  # noqa: E402

# Milliseconds of processor time that a page may take.
AT_MOST = {HELP: 8, "family": 60}
AT_MOST_OTHERS = 35
# The same rows in Django admin's changelist, and how many times its cost our list may take.
IN_ADMIN = {"families": Family, "conferences": Conference, "plans": Plan}
AT_MOST_OF_ADMIN = 1.5
ROUNDS = 15
DISTANCE = 60


def milliseconds(
    work: Callable[[], object], rounds: int = ROUNDS, clock: Callable[[], float] = time.process_time
) -> float:
    """Return the median of several runs, after one that fills the caches."""
    work()
    times = []
    for _ in range(rounds):
        started = clock()
        work()
        times.append(clock() - started)
    return statistics.median(times) * 1000


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that run inside."""
    ran: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        ran.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield ran


def changelist(model: type[Any]) -> Callable[[], object]:
    """Return a function that renders Django admin's list of a model's rows for a superuser."""
    admin = site.get_model_admin(model)
    admin.list_select_related = True
    user = User(pk=0, is_superuser=True, name="Bench")
    user.is_staff = True  # type: ignore[attr-defined]
    user.current_roles = []

    def draw() -> object:
        request = RequestFactory().get("/")
        request.user = user
        return admin.changelist_view(request).render()

    return draw


def pages() -> None:
    import_module(settings.ROOT_URLCONF)
    in_admin = {name: milliseconds(changelist(model)) for name, model in IN_ADMIN.items()}
    for role in ROLES:
        user = somebody(role)
        if user is None:
            print("Nobody to sign in as: load the demo council first (make run).")
            return
        client = Client()
        client.force_login(user)
        print(f"\nPages as {role.label.lower()}: ms of processor time, queries")
        for name, address in addresses_for(user).items():
            show = partial(client.get, address)
            with counted() as ran:
                status = show().status_code
            assert status == 200, (name, status)
            took, limit = milliseconds(show), AT_MOST.get(name, AT_MOST_OTHERS)
            beside = ""
            if name in in_admin:
                times = took / in_admin[name]
                beside = f"{times:4.1f} of Django admin's list, at most {AT_MOST_OF_ADMIN}"
            print(f"  {name:<14} {took:6.1f}  at most {limit:>2}  {len(ran):3} queries  {beside}")


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
    took = milliseconds(lambda: calendar.add(start, DISTANCE), rounds=200)
    print(f"\nCounting {DISTANCE} working days by ordinals takes {took / walked:.3f} of the time of walking them")


if __name__ == "__main__":
    pages()
    counting()
