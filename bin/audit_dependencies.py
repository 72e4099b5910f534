"""Checks pinned packages for known vulnerabilities; a known one fails, a missing network does not.

Without a network nothing can be checked: the line it prints says so, and the build server checks again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The development requirements include the runtime ones.
LISTS = ("requirements/dev.txt",)
# Vulnerabilities that do not affect us, by name, with the reason.
KNOWN_AND_HARMLESS: dict[str, str] = {}
SECONDS = 20


def main() -> int:
    command = [
        *(sys.executable, "-m", "pip_audit", "--require-hashes", "--no-deps", "--disable-pip", "--format", "json"),
        *("--progress-spinner", "off", "--timeout", "5"),
        *(f"--ignore-vuln={name}" for name in KNOWN_AND_HARMLESS),
        *(part for name in LISTS for part in ("--requirement", name)),
    ]
    try:
        done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
        told = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("Dependencies NOT audited: the service that knows of faults can't be reached from here.")
        return 0
    return verdict(told)


def verdict(told: list[dict[str, object]]) -> int:
    """Print what pip-audit found, and return the exit code."""
    faulty = [row for row in told if row.get("vulns")]
    passed_over = sum("skip_reason" in row for row in told)
    for row in faulty:
        names = ", ".join(fault["id"] for fault in row["vulns"])  # type: ignore[attr-defined]
        print(f"{row['name']} {row['version']}: {names}")
    if faulty:
        return 1
    if passed_over == len(told):
        print("Dependencies NOT audited: the service that was asked knows none of them.")
        return 0
    print(f"No known fault in {len(told) - passed_over} dependencies; {passed_over} could not be asked about.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
