from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
        ({"CLAMAV_URL": None}, "(cpconf.W001) Uploaded files are not scanned for viruses."),
        ({"DRAFT_KEYS": None}, "(accounts.E001) DRAFT_KEYS must be set in production."),
        ({"DRAFT_KEYS": "short"}, "(accounts.E002) Key 1 of DRAFT_KEYS is not 32 bytes in base64."),
        (
            {"DRAFT_KEYS": key_from(PRODUCTION["SECRET_KEY"])},
            "(accounts.E003) DRAFT_KEYS holds the key of development machines.",
        ),
    ],
)
def test_production_settings(changed, said):
    assert said in check(**changed)


def test_each_forbidden_setting_is_named():
    said = check(
        CPCONF_DEMO="true",
        DJANGO_DEBUG="true",
        PUBLIC_URL="http://cpconf.example",
        CPCONF_REQUIRE_SECOND_FACTOR="false",
    )
    assert re.findall(r"cpconf\.E\d+", said) == ["cpconf.E001", "cpconf.E002", "cpconf.E003", "cpconf.E005"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "ok"),
        ({"CPCONF_DEMO": "true"}, "(cpconf.E001) Demo mode can't run in production."),
        ({"DJANGO_DEBUG": "true"}, "(cpconf.E002) Debugging can't be on in production."),
        (
            {"CPCONF_REQUIRE_SECOND_FACTOR": "false"},
            "(cpconf.E005) The second factor can't be switched off in production.",
        ),
    ],
)
def test_the_web_server_refuses_to_start_with_forbidden_settings(changed, said):
    assert said in run([sys.executable, "-c", "import cpconf.wsgi"], **changed)
