"""Many concurrent users: how many clicks a small server answers, and how long the slowest 5% wait.

``python -m benchmarks.load 500`` starts gunicorn with two workers on loopback over the development database,
lets that many users click every twelve seconds for a minute, some of them saving notes on a board, prints their
waiting times and stops everything again. It adds notes to a demonstration; load that first.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode
from urllib.request import urlopen

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.update(DJANGO_DEBUG="false", LOG_LEVEL="ERROR")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.enums import Role  # noqa: E402
from accounts.models import User  # noqa: E402
from benchmarks.people import addresses_for, everybody  # noqa: E402
from conferences.access import RULES  # noqa: E402
from conferences.enums import ConferenceStatus  # noqa: E402
from conferences.models import Conference  # noqa: E402

HOST = "127.0.0.1"
BETWEEN_CLICKS = 12.0
SECONDS = 60
MOST_PEOPLE = 1000
MOST_REQUESTS = 10_000
SAVES = 0.1
SLOWEST = 0.95
START_WITHIN = 120
# Pages that are asked for before measuring, so that each worker has answered some.
PAGES_BEFORE = 20
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CHOSEN = re.compile(r'name="(heading|nature)"[^>]*value="([^"]+)"')


@dataclass
class Seen:
    """All users' waiting times, in seconds, and the responses they got."""

    waits: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def slowest(self) -> float:
        return sorted(self.waits)[int(len(self.waits) * SLOWEST) - 1] if self.waits else 0.0


@dataclass(frozen=True)
class Person:
    cookie: str
    addresses: list[str]
    board: str


def people() -> list[Person]:
    """Return everyone in the demonstration, signed in, with the pages they open."""
    found = []
    for user in everybody():
        client = Client()
        client.force_login(user)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        found.append(Person(cookies, list(addresses_for(user).values()), _board_of(user)))
    return found


def _board_of(user: User) -> str:
    """Return the URL of a board the user may write on now; empty if there is none."""
    held = RULES["record"].visible(Conference.objects.filter(status=ConferenceStatus.OPEN), user).first()
    return reverse("meetings:board", args=[held.pk]) if held and user.holds(Role.CHAIR, Role.COORDINATOR) else ""


async def request(port: int, person: Person, address: str, body: bytes = b"", cookie: str = "") -> tuple[int, str, str]:
    """Request a page on a new connection; return status, page and cookies set."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        lines = [
            f"{'POST' if body else 'GET'} {address} HTTP/1.1",
            f"Host: localhost:{port}",
            f"Cookie: {'; '.join(filter(None, (person.cookie, cookie)))}",
            f"Referer: http://localhost:{port}{address}",
            "Connection: close",
        ]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        head, _, page = (await reader.read()).decode(errors="replace").partition("\r\n\r\n")
    finally:
        writer.close()
    cookies = "; ".join(re.findall(r"(?im)^set-cookie: ([^;]+)", head))
    return int(head.split(" ", 2)[1]), page, cookies


async def click(port: int, person: Person, dice: random.Random, seen: Seen) -> None:
    """Open a page, or save a note on the board."""
    saves = bool(person.board) and dice.random() < SAVES * 4
    address = person.board if saves else dice.choice(person.addresses)
    started = time.perf_counter()
    status, page, cookie = await request(port, person, address)
    _note(seen, started, status)
    if saves and status == 200:
        given = dict(HIDDEN.findall(page)) | dict(CHOSEN.findall(page)) | {"text": "A note of the benchmark."}
        started = time.perf_counter()
        status, _, _ = await request(port, person, address, urlencode(given).encode(), cookie)
        _note(seen, started, status)


def _note(seen: Seen, started: float, status: int) -> None:
    seen.waits.append(time.perf_counter() - started)
    seen.answers[status] += 1


async def clicking(port: int, person: Person, number: int, until: float, seen: Seen) -> None:
    dice = random.Random(number)
    await asyncio.sleep(dice.random() * BETWEEN_CLICKS)
    while time.monotonic() < until and len(seen.waits) < MOST_REQUESTS:
        await click(port, person, dice, seen)
        await asyncio.sleep(BETWEEN_CLICKS * (0.5 + dice.random()))


async def crowd(port: int, number: int, seconds: int) -> Seen:
    """Let that many users click for that long; people of the demonstration are used several times."""
    known, seen = people_cache(), Seen()
    until = time.monotonic() + seconds
    await asyncio.gather(*(clicking(port, known[n % len(known)], n, until, seen) for n in range(number)))
    return seen


_people: list[Person] = []


def people_cache() -> list[Person]:
    """Return the people, signed in once."""
    if not _people:
        _people.extend(people())
    return _people


def main(number: int, seconds: int = SECONDS) -> None:
    number = min(number, MOST_PEOPLE)
    people_cache()
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "cpconf.wsgi"],
        env={**os.environ, "WEB_BIND": f"{HOST}:{port}", "WEB_WORKERS": "2", "DJANGO_DEBUG": "false"},
        cwd=settings.BASE_DIR,
    )
    try:
        wait_for(port)
        seen = asyncio.run(crowd(port, number, seconds))
    finally:
        server.terminate()
        server.wait(timeout=30)
    errors = sum(count for status, count in seen.answers.items() if status >= 400)
    print(
        f"{number} people, {len(seen.waits)} requests, {len(seen.waits) / seconds:.0f} a second: "
        f"95 % within {seen.slowest:.2f} s (at most 1), {errors} errors, answers {dict(seen.answers)}"
    )


def wait_for(port: int) -> None:
    """Wait until pages are answered: gunicorn accepts connections long before its workers have read the application."""
    until, answered = time.monotonic() + START_WITHIN, 0
    while time.monotonic() < until:
        try:
            with urlopen(f"http://{HOST}:{port}{reverse('govuk:read-help')}", timeout=START_WITHIN):
                answered += 1
        except OSError:
            time.sleep(0.2)
        if answered == PAGES_BEFORE:
            return
    raise SystemExit("The server did not answer within two minutes.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500, int(sys.argv[2]) if len(sys.argv) > 2 else SECONDS)
