"""Asking ClamAV: its daemon takes the bytes over a socket and answers in one line."""

from __future__ import annotations

import contextlib
import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

from reports.enums import Scan

CHUNK = 64 * 1024
SECONDS = 20
LONGEST_ANSWER = 4096


def scan(content: bytes) -> Scan:
    """Return the scanner's result; WAITING if it cannot be reached, because unscanned files stay closed."""
    if not settings.CLAMAV_URL:
        return Scan.NOT_ASKED
    try:
        answer = _ask(settings.CLAMAV_URL, content)
    except (OSError, ValueError):
        return Scan.WAITING
    if answer == "stream: OK":
        return Scan.CLEAN
    return Scan.FOUND if answer.endswith(" FOUND") else Scan.WAITING


def _ask(url: str, content: bytes) -> str:
    with contextlib.closing(_connect(url)) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            piece = content[start : start + CHUNK]
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (got := line.recv(CHUNK)):
            answer += got
    return answer.rstrip(b"\0\n").decode("ascii", "replace")


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(parts.path)
        return line
    if parts.scheme != "tcp" or not parts.hostname:
        msg = "CLAMAV_URL is tcp://host:port or unix:///path"
        raise ValueError(msg)
    return socket.create_connection((parts.hostname, parts.port or 3310), timeout=SECONDS)
