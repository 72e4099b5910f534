"""Runs the whole site for newcomers and developers: servers, migrations, demo data, web, workers and beat.

Started by ``make run``. Ctrl-C (or a TERM signal) stops everything it started.
"""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")
os.environ.setdefault("CPCONF_TEMPLATE_RELOAD", "true")
os.environ.setdefault("WEB_RELOAD", "true")
os.environ.setdefault("WEB_WORKERS", "1")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from cpconf import local_services  # noqa: E402 - what it reads is set above

BIND = os.environ.setdefault("WEB_BIND", "127.0.0.1:8000")
# Without a proxy in front, pages that follow a meeting ask the next port.
os.environ.setdefault("LIVE_PORT", str(int(BIND.rpartition(":")[2]) + 1))
ADDRESS = f"http://{BIND.replace('127.0.0.1', 'localhost')}"
os.environ.setdefault("PUBLIC_URL", ADDRESS)


def main() -> int:
    if port_is_taken():
        print(f"Something already listens on {BIND}. Stop it, or choose another: make run WEB_BIND=127.0.0.1:8001")
        return 1
    servers_were_running = local_services.running()
    # Installed before anything is started, so that a stop at any moment reaches the lines under `finally`.
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)
    processes = None
    try:
        sign_ins = prepare()
        if sign_ins is None:
            return 1
        processes = subprocess.Popen(
            [str(PROGRAMS / "honcho"), "start"],
            cwd=ROOT,
            env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        )
        threading.Thread(target=announce_when_ready, args=(sign_ins,), daemon=True).start()
        return processes.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if processes is not None and processes.poll() is None:
            processes.terminate()
            try:
                processes.wait(timeout=30)
            except subprocess.TimeoutExpired:
                processes.kill()
        if not servers_were_running:
            local_services.stop()
        print("Stopped.")


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def prepare() -> str | None:
    """Migrate, fill an empty database with the demo council, and return the sign-ins available.

    Returns None if the database cannot be used, after printing what to do.
    """
    import django  # noqa: PLC0415 - importing Django starts the servers, which needs the signals in place
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    from demo.outdated import OutdatedDatabaseError, rebuild_outdated_demonstration  # noqa: PLC0415

    try:
        if rebuild_outdated_demonstration(is_ours="DATABASE_URL" not in os.environ):
            print("==> The demonstration was of an earlier version: it is made anew", flush=True)
    except OutdatedDatabaseError as outdated:
        print(outdated)
        return None
    print("==> Preparing the database (a minute the first time, then seconds)", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    if not settings.DEMO:
        return ""
    call_command("load_demo", if_empty=True)
    sign_ins = io.StringIO()
    call_command("show_demo_sign_ins", stdout=sign_ins)
    return sign_ins.getvalue()


def announce_when_ready(sign_ins: str) -> None:
    while True:
        try:
            urllib.request.urlopen(f"{ADDRESS}/healthz/web", timeout=5).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    print(f"\n  cpconf is ready: {ADDRESS}\n\n{sign_ins}\n  Ctrl-C stops everything.\n", flush=True)


def port_is_taken() -> bool:
    host, _, port = BIND.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        return connection.connect_ex((host, int(port))) == 0


if __name__ == "__main__":
    sys.exit(main())
