"""The scanner's protocol, against a server that speaks it."""

from __future__ import annotations

import socketserver
import struct
import threading

import pytest

from reports.enums import Scan
from reports.uploads.scanning import scan

HARMFUL = b"harmful-for-the-test"


class Scanner(socketserver.StreamRequestHandler):
    """Answers as clamd does to INSTREAM: pieces with their length, then a word."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        if content == b"too large for it":
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif HARMFUL in content:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture
def scanner(settings):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"words", Scan.CLEAN),
        (b"x" * 300_000, Scan.CLEAN),
        (b"x" * 300_000 + HARMFUL, Scan.FOUND),
        (b"too large for it", Scan.WAITING),
    ],
)
def test_the_scanner_is_asked_over_a_socket(scanner, content, said):
    assert scan(content) == said


def test_the_scanner_is_asked_over_a_unix_socket(settings, tmp_path):
    with socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd"), Scanner) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMAV_URL = f"unix://{tmp_path}/clamd"
        assert scan(HARMFUL) == Scan.FOUND
        server.shutdown()


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd", "http://127.0.0.1", "clamd"])
def test_a_scanner_that_cannot_be_asked_leaves_the_file_waiting(settings, url):
    settings.CLAMAV_URL = url
    assert scan(b"words") == Scan.WAITING


def test_without_a_scanner_the_file_is_marked_as_not_asked(settings):
    settings.CLAMAV_URL = ""
    assert scan(b"words") == Scan.NOT_ASKED


def test_only_scanned_files_open():
    assert {state: state.opens for state in Scan} == {
        Scan.CLEAN: True,
        Scan.WAITING: False,
        Scan.FOUND: False,
        Scan.NOT_ASKED: True,
    }
