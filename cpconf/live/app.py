"""The ASGI application: server-sent events for the pages of a meeting and for the room's screen.

Plain ASGI, because Django's own handler keeps a thread, and with it a connection to the database, for as long as
each stream lasts.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import re
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any

import structlog
from django.conf import settings
from django.urls import reverse

from cpconf.live.gate import Gate
from cpconf.live.hub import Hub, Stream
from meetings.selectors.changes import asks_for
from meetings.views.live import Followed

logger = structlog.get_logger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MEETING = re.compile(r"^/live/([a-z]?\d{1,18})/$")
ROOM = "/projector/live/"
HEALTH = "/healthz/live"
# Ours: proxies and phones drop what lasts longer, and a stream that ends by itself asks everything anew.
LASTS = 100.0
ASKED_EVERY = 30.0
# A line that says nothing, so that a browser that has gone is noticed.
PULSE = 15.0
# Pages come back at different moments, in milliseconds.
BACK_AFTER = (500, 4000)
MOST_STREAMS = int(os.environ.get("LIVE_STREAMS", "1000"))
# A desk with a page of each step open; more are polled.
MOST_FOR_ONE = 12
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Live:
    """One process's streams."""

    def __init__(self) -> None:
        self.gate = Gate()
        self.hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.hub = Hub(self.gate)
                self.hub.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self.hub:
                    await self.hub.stop()
                self.gate.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, hub = scope["path"], self.hub
        asks = asked_of_the_site(path)
        if hub is None or scope["method"] != "GET" or (asks is None and path != HEALTH):
            await _short(send, 404)
        elif asks is None:
            await _short(send, 200 if hub.is_listening else 503)
        else:
            await self._follow(scope, receive, send, asks, hub)

    async def _follow(self, scope: Scope, receive: Receive, send: Send, asks: str, hub: Hub) -> None:
        sender = _sender(scope)
        if hub.count >= MOST_STREAMS or hub.senders[sender] >= MOST_FOR_ONE or not hub.is_listening:
            # The page polls instead.
            await _short(send, 503, also=_across(scope))
            return
        hub.senders[sender] += 1
        try:
            followed = await self.gate.ask(scope, asks)
            if followed is None:
                await _short(send, 403, also=_across(scope))
                return
            await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *_across(scope)]})
            await self._stream(scope, receive, send, asks, followed, hub)
        finally:
            hub.senders[sender] -= 1

    async def _stream(
        self, scope: Scope, receive: Receive, send: Send, asks: str, followed: Followed, hub: Hub
    ) -> None:
        stream = Stream(followed.what, followed.key, followed.scope)
        gone = asyncio.create_task(_gone(receive))
        clock = asyncio.get_running_loop().time
        ends, asked, told = clock() + LASTS, clock(), ""
        is_room = asks == reverse("projector:changed")
        hub.add(stream)
        try:
            await send(_piece(f"retry: {random.randint(*BACK_AFTER)}\n\n"))  # noqa: S311 - spreads, hides nothing
            while not gone.done() and clock() < ends:
                now = clock()
                rung = stream.bell.is_set()
                stream.bell.clear()
                # The screen in the room goes dark at once, and follows from part to part.
                if now - asked >= ASKED_EVERY or (rung and is_room):
                    asked = now
                    again = await self.gate.ask(scope, asks)
                    if again is None or (again.part_id, again.scope) != (followed.part_id, followed.scope):
                        await send(_piece("event: closed\ndata: -\n\n"))
                        break
                    stream.key = again.key
                if stream.key != told:
                    told = stream.key
                    await send(_piece(f"event: changed\ndata: {told}\n\n"))
                else:
                    await send(_piece(": \n\n"))
                wait = min(PULSE, ends - clock(), asked + ASKED_EVERY - clock())
                ring = asyncio.create_task(stream.bell.wait())
                await asyncio.wait({ring, gone}, timeout=max(0.0, wait), return_when=asyncio.FIRST_COMPLETED)
                ring.cancel()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            pass
        finally:
            gone.cancel()
            hub.remove(stream)


def asked_of_the_site(path: str) -> str | None:
    """Return the address of the ordinary site that decides about a stream; None where there is no such stream."""
    if path == ROOM:
        return reverse("projector:changed")
    found = MEETING.match(path)
    return asks_for(found[1]) if found else None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _piece(text: str) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


async def _short(send: Send, status: int, *, also: list[tuple[bytes, bytes]] | None = None) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), *(also or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _sender(scope: Scope) -> str:
    """Return a hash that tells browsers apart, by their cookie for us."""
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    cookie = SimpleCookie(sent).get(settings.SESSION_COOKIE_NAME)
    return hashlib.sha256((cookie.value if cookie else sent).encode()).hexdigest()


def _across(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Let pages of the same machine read this from their other port: on a developer's machine there is no proxy."""
    if not settings.LIVE_PORT:
        return []
    origin = next((value for name, value in scope["headers"] if name == b"origin"), b"")
    host = next((value for name, value in scope["headers"] if name == b"host"), b"").rpartition(b":")[0]
    if not host or not re.fullmatch(rb"https?://" + re.escape(host) + rb":\d+", origin):
        return []
    return [(b"access-control-allow-origin", origin), (b"access-control-allow-credentials", b"true")]
