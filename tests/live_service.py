"""The service of live pages, run beside a live server in a thread of the test."""

from __future__ import annotations

import copy
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from cpconf.live.app import Live


@contextmanager
def running(settings: Any) -> Iterator[int]:
    """Run the service and let pages ask it; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.LIVE_PORT = port
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["connect-src"] += [f"http://{host}:{port}" for host in ("localhost", "127.0.0.1")]
    settings.CONTENT_SECURITY_POLICY = policy
    live = Live()
    server = uvicorn.Server(uvicorn.Config(live, host="127.0.0.1", port=port, log_level="critical", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not (live.hub and live.hub.is_listening):
        assert time.monotonic() < until, "The service of live pages does not listen."
        time.sleep(0.02)
    try:
        yield port
    finally:
        server.force_exit = server.should_exit = True
        thread.join(timeout=20)
