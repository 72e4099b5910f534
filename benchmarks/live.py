"""Open pages that follow a meeting: how soon they have what a colleague wrote, and what that costs everybody else.

``python -m benchmarks.live 300`` starts gunicorn and the service of live pages over the development database, lets
thirty people click as in ``benchmarks.load``, first alone and then beside that many open pages, in which somebody
writes a note twice a second. It prints both, stops everything, and adds notes to a demonstration; load that first.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.request import urlopen

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.update(DJANGO_DEBUG="false", LOG_LEVEL="ERROR")

import django

django.setup()

from asgiref.sync import sync_to_async  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.enums import Role  # noqa: E402
from accounts.models import RoleAssignment, User  # noqa: E402
from benchmarks.load import HOST, SLOWEST, START_WITHIN, Person, Seen, clicking, people_cache, request, wait_for  # noqa: E402
from conferences.access import RULES  # noqa: E402
from conferences.enums import ConferenceStatus  # noqa: E402
from conferences.models import Conference  # noqa: E402
from conferences.selectors.procedures import policy_of_conference  # noqa: E402
from meetings.services.board import add_entry  # noqa: E402

CLICKING = 30
SECONDS = 45
WRITES_EVERY = 0.5
# As many as the service gives one browser, less some to come back with.
FOR_ONE = 10
# Recorders and readers of one meeting.
PAGES_OF_ONE = 5
SPREAD = 0.3


@dataclass
class Told:
    """Seconds from the commit of a note until a page was told, and until it had asked for itself again."""

    events: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    refused: int = 0


@dataclass
class Meeting:
    conference: Conference
    writer: User
    heading: str
    written_at: float = 0.0


def meetings(most: int) -> list[Meeting]:
    """Return meetings that somebody may record now, up to ``most``."""
    now_held = RoleAssignment.objects.current(on=timezone.localdate()).filter(role__in=[Role.COORDINATOR, Role.CHAIR])
    found: dict[int, Meeting] = {}
    for user in User.objects.filter(pk__in=now_held.values("user"), is_active=True).order_by("pk"):
        rows = Conference.objects.filter(status__in=[ConferenceStatus.OPEN, ConferenceStatus.SCHEDULED])
        for conference in RULES["record"].visible(rows, user):
            heading = policy_of_conference(conference).framework.headings[0].key
            found.setdefault(conference.pk, Meeting(conference, user, heading))
    return list(found.values())[:most]


def signed_in(user: User) -> str:
    """Return the cookies of a session of its own."""
    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


async def follow(web: int, live: int, meeting: Meeting, cookie: str, told: Told, until: float) -> None:
    """Be one page: hold a stream, and ask for the board again when told, as js/live.js does."""
    address = reverse("meetings:board", args=[meeting.conference.pk])
    person = Person(cookie, [address], address)
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection(HOST, live)
        try:
            head = f"GET /live/{meeting.conference.pk}/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
            writer.write(head.encode())
            await writer.drain()
            if b" 200 " not in await reader.readline():
                told.refused += 1
                await asyncio.sleep(2)
                continue
            first = True
            while time.monotonic() < until:
                line = await asyncio.wait_for(reader.readline(), max(0.1, until - time.monotonic()))
                if not line:
                    break
                if not line.startswith(b"event: changed"):
                    continue
                if not first and meeting.written_at:
                    began = meeting.written_at
                    told.events.append(time.perf_counter() - began)
                    await asyncio.sleep(random.random() * SPREAD)
                    status, _, _ = await request(web, person, address)
                    told.refused += status != 200
                    told.pages.append(time.perf_counter() - began)
                first = False
        except (TimeoutError, OSError):
            pass
        finally:
            writer.close()


async def write(known: list[Meeting], until: float) -> None:
    """Write notes, one meeting after the other."""
    number = 0
    while time.monotonic() < until:
        meeting = known[number % len(known)]
        number += 1
        await sync_to_async(_note)(meeting, number)
        await asyncio.sleep(WRITES_EVERY)


def _note(meeting: Meeting, number: int) -> None:
    add_entry(
        conference=meeting.conference,
        heading=meeting.heading,
        text=f"Note {number} of the benchmark at {time.time()}.",
        nature="fact",
        by=meeting.writer,
        now=timezone.now(),
    )
    meeting.written_at = time.perf_counter()


async def crowd(web: int, seconds: float) -> Seen:
    """Let the same people click for that long."""
    known, seen = people_cache(), Seen()
    until = time.monotonic() + seconds
    await asyncio.gather(*(clicking(web, known[n % len(known)], n, until, seen) for n in range(CLICKING)))
    return seen


async def beside(web: int, live: int, streams: list[tuple[Meeting, str]], known: list[Meeting]) -> tuple[Seen, Told]:
    """Let them click while pages follow their meetings."""
    told, until = Told(), time.monotonic() + SECONDS + 15
    pages = [asyncio.create_task(follow(web, live, meeting, cookie, told, until)) for meeting, cookie in streams]
    await asyncio.sleep(15)
    writing = asyncio.create_task(write(known, until))
    seen = await crowd(web, SECONDS)
    await asyncio.gather(*pages, writing)
    return seen, told


def main(number: int) -> None:
    people_cache()
    known = meetings(max(1, number // PAGES_OF_ONE))
    if not known:
        raise SystemExit("No meeting can be recorded now: load the demonstration first.")
    cookies = [[signed_in(meeting.writer) for _ in range(1 + number // len(known) // FOR_ONE)] for meeting in known]
    streams = [(known[n % len(known)], cookies[n % len(known)][n // len(known) // FOR_ONE]) for n in range(number)]
    web, live = free_port(), free_port()
    environment = {**os.environ, "WEB_BIND": f"{HOST}:{web}", "WEB_WORKERS": "2", "DJANGO_DEBUG": "false"}
    servers = [
        subprocess.Popen([sys.executable, "-m", *command], env=environment, cwd=settings.BASE_DIR)
        for command in (
            ["gunicorn", "cpconf.wsgi"],
            ["uvicorn", "cpconf.asgi_live:application", "--port", str(live), "--log-level", "warning"],
        )
    ]
    try:
        wait_for(web)
        _wait_for_live(live)
        alone = asyncio.run(crowd(web, SECONDS))
        seen, told = asyncio.run(beside(web, live, streams, known))
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(timeout=30)
    print(f"{number} open pages of {len(known)} meetings, {len(told.events)} times told, {told.refused} refused")
    print(
        f"told: 95 % within {slowest(told.events):.2f} s; asked for again: 95 % within {slowest(told.pages):.2f} s (2)"
    )
    print(
        f"other pages, median: {median(alone.waits):.3f} s alone, {median(seen.waits):.3f} s beside them: "
        f"{median(seen.waits) / median(alone.waits):.2f} (at most 1.1); "
        f"95 %: {alone.slowest:.2f} s and {seen.slowest:.2f} s"
    )


def slowest(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * SLOWEST) - 1] if waits else float("nan")


def median(waits: list[float]) -> float:
    return sorted(waits)[len(waits) // 2] if waits else float("nan")


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _wait_for_live(port: int) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        with suppress(OSError), urlopen(f"http://{HOST}:{port}/healthz/live", timeout=5):
            return
        time.sleep(0.2)
    raise SystemExit("The service of live pages did not answer within two minutes.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
