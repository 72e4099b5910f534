"""The streams of this process, and the one connection on which it hears which meetings have changed."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, defaultdict

import psycopg
import structlog
from django.db import connection
from psycopg import sql

from cpconf.live.gate import Gate
from meetings.selectors.changes import CHANNEL

logger = structlog.get_logger(__name__)

AGAIN_AFTER = 2.0
# Proof that the connection is alive, while nothing happens in any meeting.
QUIET = 20.0
# The writes of one act are told once.
TOGETHER = 0.05


class Stream:
    """One page that follows a meeting, or what its reader hears of it: the newest key to be told, and a bell."""

    def __init__(self, what: str, key: str, scope: str = "") -> None:
        self.what = what
        self.scope = scope
        self.key = key
        self.bell = asyncio.Event()

    def ring(self, key: str) -> None:
        """Let the stream tell this key, if it is another one.

        Whoever hears of a part of a meeting alone is sent nothing about the rest, not even a pulse.
        """
        if key != self.key or not self.scope:
            self.key = key
            self.bell.set()


class Hub:
    """Rings the streams of a conference when it has changed."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.is_listening = False
        self.senders: Counter[str] = Counter()
        self._streams: dict[str, set[Stream]] = defaultdict(set)
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._tell())]

    async def stop(self) -> None:
        """Stop listening."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    @property
    def count(self) -> int:
        return sum(self.senders.values())

    def add(self, stream: Stream) -> None:
        self._streams[stream.what].add(stream)

    def remove(self, stream: Stream) -> None:
        rest = self._streams[stream.what]
        rest.discard(stream)
        if not rest:
            del self._streams[stream.what]

    def _note(self, what: str) -> None:
        if what in self._streams:
            self._changed.add(what)
            self._wake.set()

    async def _tell(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(TOGETHER)
            self._wake.clear()
            changed, self._changed = self._changed, set()
            scopes = {(what, stream.scope) for what in changed for stream in self._streams.get(what, ())}
            for what, scope in scopes:
                try:
                    key = await self.gate.key_for(what, scope)
                except Exception as fault:  # noqa: BLE001 - the database is away: the next check tells
                    logger.warning("live_key_failed", kind=type(fault).__name__)
                    continue
                for stream in [one for one in self._streams.get(what, ()) if one.scope == scope]:
                    stream.ring(key)

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (psycopg.Error, OSError) as fault:
                logger.warning("live_not_listening", kind=type(fault).__name__)
            finally:
                self.is_listening = False
            await asyncio.sleep(AGAIN_AFTER)

    async def _hear(self) -> None:
        known = {
            name: value
            for name, value in connection.get_connection_params().items()
            if name not in {"cursor_factory", "context", "prepare_threshold", "server_side_binding"}
        }
        async with await psycopg.AsyncConnection.connect(**known, autocommit=True) as line:
            await line.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self.is_listening = True
            # What happened while nobody listened.
            for what in list(self._streams):
                self._note(what)
            while True:
                async for told in line.notifies(timeout=QUIET):
                    self._note(told.payload)
                await line.execute("SELECT 1")
