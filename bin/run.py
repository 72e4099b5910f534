"""Runs the whole site for a newcomer or a developer: servers, migrations, demo data, web, worker and beat.

Started by ``make run``. Ctrl-C (or a TERM signal) stops everything that this started.
"""

from __future__ import annotations

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
ADDRESS = f"http://{BIND.replace('127.0.0.1', 'localhost')}"


def main() -> int:
    if port_is_taken():
        print(
            f"Something already listens on {BIND}. Stop it, or choose another: make run WEB_BIND=127.0.0.1:8001"
        )
        return 1
    servers_were_running = local_services.running()
    # Taken before anything is started, so that a stop at any moment ends in the lines under `finally`.
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)
    processes = None
    try:
        prepare()
        processes = subprocess.Popen(
            [str(PROGRAMS / "honcho"), "start"],
            cwd=ROOT,
            env={**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        )
        threading.Thread(target=announce_when_ready, daemon=True).start()
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


def prepare() -> None:
    """Migrate, and fill an empty database with the demo council."""
    import django  # noqa: PLC0415 - importing Django starts the servers, which needs the signals in place
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_demo", if_empty=True)


def announce_when_ready() -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{ADDRESS}/healthz", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    print(f"\n  cpconf is ready: {ADDRESS}\n", flush=True)
    subprocess.run([sys.executable, "manage.py", "show_demo_sign_ins"], check=False, cwd=ROOT)
    print("\n  Ctrl-C stops everything.\n", flush=True)


def port_is_taken() -> bool:
    host, _, port = BIND.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        return connection.connect_ex((host, int(port))) == 0


if __name__ == "__main__":
    sys.exit(main())
