from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.checks import drafts_are_sealed
from accounts.encryption import key_from

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "CPCONF_PRODUCTION": "true",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,  # made up
    "DRAFT_KEYS": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG=",
    "ALLOWED_HOSTS": "cpconf.example",
    "PUBLIC_URL": "https://cpconf.example",
    "DATABASE_URL": "postgres://nobody@database/cpconf",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://mail:25",
    "CLAMAV_URL": "tcp://clamav:3310",
}


def check(**changed: str | None) -> str:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return run(command, **changed)


def run(command: list[str], **changed: str | None) -> str:
    environment = {**os.environ, **PRODUCTION, **changed}
    environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = None  # set for the browser tests only
    environment = {name: value for name, value in environment.items() if value is not None}
    result = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True)
    return "ok" if result.returncode == 0 else result.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "ok"),
        ({"SECRET_KEY": None}, "Set the SECRET_KEY environment variable"),
        ({"DATABASE_URL": None}, "DATABASE_URL must be set in production."),
        ({"REDIS_URL": None}, "REDIS_URL must be set in production."),
        ({"EMAIL_URL": None}, "Set the EMAIL_URL environment variable"),
    ],
)
def test_production_settings(changed, said):
    assert said in check(**changed)


FORBIDDEN = {
    "CPCONF_DEMO": "true",
    "DJANGO_DEBUG": "true",
    "PUBLIC_URL": "http://cpconf.example",
    "CPCONF_REQUIRE_SECOND_FACTOR": "false",
}


def test_each_forbidden_setting_is_named():
    """All in one process, because each takes seconds to start."""
    said = check(**FORBIDDEN, CLAMAV_URL=None, DRAFT_KEYS=None)
    assert re.findall(r"cpconf\.\w\d+", said) == [
        "cpconf.E001", "cpconf.E002", "cpconf.E003", "cpconf.E005", "cpconf.W001",
    ]  # fmt: skip
    assert "(cpconf.W001) Uploaded files are not scanned for viruses." in said
    assert "(accounts.E001) DRAFT_KEYS must be set in production." in said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("short", "(accounts.E002) Key 1 of DRAFT_KEYS is not 32 bytes in base64."),
        (key_from(PRODUCTION["SECRET_KEY"]), "(accounts.E003) DRAFT_KEYS holds the key of development machines."),
    ],
)
def test_keys_of_drafts_are_checked(settings, keys, said):
    settings.PRODUCTION, settings.SECRET_KEY, settings.DRAFT_KEYS = True, PRODUCTION["SECRET_KEY"], [keys]
    assert [said in str(problem) for problem in drafts_are_sealed(None)] == [True]


def test_the_web_server_starts_with_these_settings_and_with_none_that_is_forbidden():
    start = [sys.executable, "-c", "import cpconf.wsgi"]
    assert run(start) == "ok"
    said = run(start, **FORBIDDEN)
    assert "(cpconf.E001) Demo mode can't run in production." in said
    assert "(cpconf.E002) Debugging can't be on in production." in said
    assert "(cpconf.E005) The second factor can't be switched off in production." in said
