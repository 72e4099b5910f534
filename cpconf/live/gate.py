"""Asks the ordinary site whether a page may follow its meeting, on a few threads that all streams share."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections, connections

from meetings.selectors.changes import key_for
from meetings.views.live import Followed, FollowedResponse

T = TypeVar("T")
# Each has one connection to the database, however many streams there are.
THREADS = int(os.environ.get("LIVE_THREADS", "3"))


class Gate:
    """The site's own answer to a request for a meeting's key."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="gate")
        self._site = BaseHandler()
        self._site.load_middleware()

    async def ask(self, scope: dict[str, Any], path: str) -> Followed | None:
        """Return what the sender of a request may follow by asking for ``path``; None where nothing, or no longer."""
        return await self._run(lambda: self._ask(scope, path))

    async def key_for(self, what: str, scope: str) -> str:
        """Return the key of what is followed as it is now."""
        return await self._run(lambda: key_for(what, scope))

    def close(self) -> None:
        """Close every connection and end the threads."""
        for _ in range(THREADS):
            self._threads.submit(connections.close_all)
        self._threads.shutdown(wait=False)

    def _ask(self, scope: dict[str, Any], path: str) -> Followed | None:
        # Nobody's hand: a stream never keeps a session from ending.
        kept = [pair for pair in scope["headers"] if pair[0] not in {b"sec-fetch-mode", b"if-none-match"}]
        asked = {**scope, "path": path, "raw_path": path.encode(), "query_string": b"", "method": "GET"}
        asked["headers"] = [*kept, (b"sec-fetch-mode", b"cors")]
        response = self._site.get_response(ASGIRequest(asked, io.BytesIO()))
        response.close()
        return response.followed if isinstance(response, FollowedResponse) else None

    async def _run(self, work: Callable[[], T]) -> T:
        def cleanly() -> T:
            close_old_connections()
            try:
                return work()
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._threads, cleanly)
