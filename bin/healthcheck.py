"""Tells the container runtime whether a process is healthy: ``bin/healthcheck.py web|live|worker|papers|beat``."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from http import HTTPStatus

import redis


def web() -> bool:
    """Return whether /healthz/web answers 200, requested under a host name the site accepts."""
    port = os.environ.get("WEB_BIND", "127.0.0.1:8000").rpartition(":")[2]
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz/web", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return bool(response.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def live() -> bool:
    """Return whether the service of live pages hears what happens in meetings."""
    try:
        with urllib.request.urlopen("http://127.0.0.1:8001/healthz/live", timeout=5) as response:
            return bool(response.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def worker() -> bool:
    """Return whether this machine's worker answers a ping through the broker."""
    return _answers(os.environ.get("WORKER_NAME", f"celery@{socket.gethostname()}"))


def papers() -> bool:
    """Return whether this machine's papers worker answers a ping, even while laying out."""
    return _answers(os.environ.get("WORKER_NAME", f"papers@{socket.gethostname()}"))


def _answers(destination: str) -> bool:
    command = ["celery", "-A", "cpconf", "inspect", "ping", "--destination", destination, "--timeout", "5"]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def beat() -> bool:
    """Return whether a scheduler holds the lock, which expires half a minute after the last tick."""
    client = redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, socket_connect_timeout=5)
    return bool(client.exists("redbeat::lock"))


if __name__ == "__main__":
    checks = {"web": web, "live": live, "worker": worker, "papers": papers, "beat": beat}
    sys.exit(0 if checks[sys.argv[1]]() else 1)
