from __future__ import annotations

import base64
import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
import yaml
from django.conf import settings
from django.db import connection

from tests.cpconf.test_when_the_database_is_down import answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
ANSWERS = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,  # made up
    "SITE_HOST": "localhost",
    "APPLICATION_DATABASE_PASSWORD": "application",
    "OWNER_DATABASE_PASSWORD": "owner",
    "EMAIL_URL": "smtp://mailpit:1025",
    "DRAFT_KEYS": base64.urlsafe_b64encode(b"k" * 32).decode(),
    "DEFAULT_FROM_EMAIL": "conferences@council.example",
}


def filled_in(text: str, answers: dict[str, str]) -> str:
    """Replace ${NAME}, ${NAME:-default} and ${NAME:?message} as Compose does."""

    def value(found: re.Match[str]) -> str:
        name, _, default = found[1].partition(":")
        if name in answers:
            return answers[name]
        assert default.startswith("-"), f"{name} has no value"
        return default[1:]

    return re.sub(r"\$\{([^}]+)\}", value, text)


class Process:
    """One service's own command line in its own environment, with different server URLs."""

    def __init__(self, service: str, replaced: dict[str, str], log: Path) -> None:
        given = SERVICES[service]["environment"]
        declared = {name: filled_in(value, {**ANSWERS, **replaced}) for name, value in given.items()}
        self.environment = {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(log.parent),
            **declared,
            **{name: value for name, value in replaced.items() if name in declared},
        }
        self.log = log
        command = shlex.split(filled_in(SERVICES[service]["command"], ANSWERS))
        with log.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )

    def is_healthy(self, service: str) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        command = SERVICES[service]["healthcheck"]["test"]
        assert command[:2] == ["CMD", "python"]
        return (
            subprocess.run([sys.executable, *command[2:]], check=False, cwd=ROOT, env=self.environment).returncode == 0
        )


def private_redis(worker_id: str) -> str:
    """Return the URL of a Redis database that no other test uses."""
    number = 8 + int(re.sub(r"\D", "", worker_id) or "0") % 8
    return re.sub(r"\d+$", str(number), settings.REDIS_URL)


def database_url() -> str:
    values = connection.settings_dict
    if values["HOST"]:
        return f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT'] or 5432}/{values['NAME']}"
    return f"postgres://{values['USER']}@/{values['NAME']}?host={values['OPTIONS']['host']}"


@pytest.mark.django_db(transaction=True)
def test_web_worker_and_beat_run_from_the_command_lines_of_the_compose_file(tmp_path, worker_id):
    url = private_redis(worker_id)
    store = redis.Redis.from_url(url, decode_responses=True)
    store.flushdb()
    port = free_port()
    replaced = {"DATABASE_URL": database_url(), "REDIS_URL": url, "WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1"}
    running = {
        service: Process(service, replaced, tmp_path / f"{service}.log")
        for service in ("web", "worker", "papers", "beat-1", "beat-2")
    }
    try:
        wait_until(lambda: answers(port))
        assert health(port) == {"database": "ok", "redis": "ok", "sweep": "never"}
        assert running["web"].is_healthy("web")

        wait_until(lambda: store.exists("redbeat::lock"))
        assert running["beat-1"].is_healthy("beat-1")
        make_due(store, "deadlines.sweep")
        wait_until(lambda: health(port)["sweep"] == "ok")
        # Asked last: each question starts a process, and one that comes too early waits for its answer.
        wait_until(lambda: running["worker"].is_healthy("worker"))
        wait_until(lambda: running["papers"].is_healthy("papers"))
    finally:
        for process in running.values():
            process.process.terminate()
        codes = {service: process.process.wait(timeout=60) for service, process in running.items()}
        store.flushdb()
    assert codes == {"web": 0, "worker": 0, "papers": 0, "beat-1": 0, "beat-2": 0}
    complaints = "".join(process.log.read_text() for process in running.values())
    assert "Traceback" not in complaints, complaints


def health(port: int) -> dict[str, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"})
    with urllib.request.urlopen(request, timeout=90) as response:
        report = json.load(response)
    return {name: report[name] for name in ("database", "redis", "sweep")}


def make_due(store: redis.Redis, task: str) -> None:
    """Make the scheduler believe that the task last ran yesterday, instead of waiting a full minute."""
    meta = json.loads(store.hget(f"redbeat:{task}", "meta"))
    long_ago = {
        "__type__": "datetime",
        "year": 2020,
        "month": 1,
        "day": 1,
        "hour": 0,
        "minute": 0,
        "second": 0,
        "microsecond": 0,
        "timezone": "UTC",
    }
    store.hset(f"redbeat:{task}", "meta", json.dumps({**meta, "last_run_at": long_ago}))
    store.zadd("redbeat::schedule", {f"redbeat:{task}": 0})


def test_every_long_running_service_has_a_health_check_and_restarts():
    lasting = {name: service for name, service in SERVICES.items() if name not in {"migrations", "mailpit"}}
    assert {name: service["restart"] for name, service in lasting.items()} == dict.fromkeys(lasting, "unless-stopped")
    assert [name for name, service in SERVICES.items() if "healthcheck" not in service] == ["migrations"]


def test_the_application_does_not_own_the_database():
    urls = {
        name: urlsplit(filled_in(SERVICES[name]["environment"]["DATABASE_URL"], ANSWERS))
        for name in SERVICES
        if "DATABASE_URL" in SERVICES[name].get("environment", {})
    }
    assert {name: url.username for name, url in urls.items()} == {
        "web": "cpconf_app",
        "live": "cpconf_app",
        "worker": "cpconf_app",
        "papers": "cpconf_app",
        "beat-1": "cpconf_app",
        "beat-2": "cpconf_app",
        "migrations": "cpconf_owner",
    }
    assert SERVICES["database"]["environment"]["POSTGRES_USER"] == "cpconf_owner"


def test_secrets_have_no_default():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "APPLICATION_DATABASE_PASSWORD", "OWNER_DATABASE_PASSWORD"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


def test_development_runs_the_same_programs():
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert procfile["web"] == SERVICES["web"]["command"]
    assert procfile["worker"] == SERVICES["worker"]["command"]
    assert procfile["papers"] == SERVICES["papers"]["command"]
    assert procfile["beat"] == f"until {SERVICES['beat-1']['command']}; do sleep 5; done"


def test_the_image_runs_as_an_unprivileged_user():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER cpconf"]
    assert lines[-1] == f"CMD {json.dumps(shlex.split(SERVICES['web']['command']))}"
