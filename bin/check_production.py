"""Runs Django's deployment checks with production settings; any warning fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "CPCONF_PRODUCTION": "true",
    "SECRET_KEY": "checked-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "DRAFT_KEYS": "Y2hlY2tlZC1vbmx5LWNoZWNrZWQtb25seS1jaGVja2U=",
    "ALLOWED_HOSTS": "cpconf.example",
    "PUBLIC_URL": "https://cpconf.example",
    "DATABASE_URL": "postgres://cpconf_app@database/cpconf",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp://mail:25",
    "CLAMAV_URL": "tcp://clamav:3310",
}
EMPTIED = ("CPCONF_DEMO", "DJANGO_DEBUG")

if __name__ == "__main__":
    environment = {name: value for name, value in os.environ.items() if name not in EMPTIED} | PRODUCTION
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    sys.exit(subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode)
