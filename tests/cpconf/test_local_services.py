from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from cpconf import local_services

ROOT = Path(__file__).resolve().parents[2]


class Checkout:
    """A folder with a copy of the module, and so with its own servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "cpconf").mkdir(parents=True)
        shutil.copy(local_services.__file__, folder / "cpconf" / "local_services.py")
        (folder / "cpconf" / "__init__.py").touch()

    def begin(self, command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "cpconf.local_services", command],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def call(self, command: str) -> str:
        process = self.begin(command)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0, output
        return output

    def urls(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.call("start").splitlines() if "_URL=" in line)

    def query(self, text: str) -> str:
        with psycopg.connect(self.urls()["DATABASE_URL"]) as connection:
            return connection.execute(text).fetchone()[0]

    def postgres_pid(self) -> int:
        return int((self.folder / ".local/postgres/postmaster.pid").read_text().splitlines()[0])

    def redis_pid(self) -> int:
        return int((self.folder / ".local/redis/redis.pid").read_text())


@pytest.fixture
def checkout(tmp_path):
    made = Checkout(tmp_path / "project")
    yield made
    made.call("stop")


def test_both_servers_start_on_demand_and_stop(checkout):
    urls = checkout.urls()
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_setting('server_encoding')").fetchone() == ("UTF8",)
        assert connection.execute("SELECT lower('ÉŁ')").fetchone() == ("éł",)
        assert connection.execute("SELECT current_setting('listen_addresses')").fetchone() == ("",)
    assert redis.Redis.from_url(urls["REDIS_URL"]).ping() is True

    checkout.call("stop")

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(urls["DATABASE_URL"])
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(urls["REDIS_URL"]).ping()


def test_several_processes_may_start_them_at_once(checkout):
    processes = [checkout.begin("start") for _ in range(4)]
    outputs = {process.communicate(timeout=60)[0].splitlines()[-1] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert len(outputs) == 1


def test_killed_servers_start_again_with_their_data(checkout):
    with psycopg.connect(checkout.urls()["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'still here' AS words")
    os.kill(checkout.postgres_pid(), signal.SIGKILL)
    os.kill(checkout.redis_pid(), signal.SIGKILL)
    assert checkout.query("SELECT words FROM kept") == "still here"
    assert redis.Redis.from_url(checkout.urls()["REDIS_URL"]).ping() is True


def test_a_stale_pid_of_another_process_does_not_stop_the_start(checkout):
    checkout.urls()
    pid_file = checkout.folder / ".local/postgres/postmaster.pid"
    lines = pid_file.read_text().splitlines()
    checkout.call("stop")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert checkout.query("SELECT 'started'") == "started"


def test_an_interrupted_first_start_is_repeated(checkout):
    half = checkout.folder / ".local/postgres/base"
    half.mkdir(parents=True)
    (half / "1").touch()
    assert checkout.query("SELECT 'started'") == "started"


def test_a_long_path_gets_a_short_socket(tmp_path):
    deep = Checkout(tmp_path / ("long-" * 20) / "project")
    try:
        assert deep.query("SELECT 'started'") == "started"
        assert redis.Redis.from_url(deep.urls()["REDIS_URL"]).ping() is True
    finally:
        deep.call("stop")


def test_getting_the_urls_of_running_servers_is_quick():
    local_services.database_url()
    local_services.redis_url()
    started = time.perf_counter()
    local_services.database_url()
    local_services.redis_url()
    assert time.perf_counter() - started < 0.05
