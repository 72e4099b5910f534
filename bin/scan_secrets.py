"""Looks for keys, tokens and passwords in files tracked by git, or in those named; finding one fails.

A made-up value that looks like one is marked on its own line: ``# made up``.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Lists of hashes, and pictures.
PASSED_OVER = re.compile(r"^(requirements/\w+\.txt|package-lock\.json)$|\.(png|ico|jpe?g|pdf|woff2?)$")
KNOWN = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "code host's token": re.compile(r"\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_\w{50,}|glpat-[\w-]{20,})"),
    "chat token": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}"),
    "package index token": re.compile(r"\bpypi-[0-9A-Za-z_-]{50,}"),
    "payment key": re.compile(r"\b[sr]k_live_[0-9A-Za-z]{20,}"),
    "GOV.UK Notify key": re.compile(r"\b[\w-]+(?:-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}){2}\b"),
    "signed token": re.compile(r"\beyJ[0-9A-Za-z_-]{15,}\.eyJ[0-9A-Za-z_-]{15,}\.[0-9A-Za-z_-]{15,}"),
    "password in an address": re.compile(
        r"\b[a-z][a-z0-9+]{2,}://[\w.-]+:(?=[^@/\s]*\d)(?=[^@/\s]*[A-Za-z])[^@/\s{}$'\"<>]{8,}@"
    ),
}
# A name that suggests a secret, with a literal value beside it.
ASSIGNED = re.compile(
    r"(?i)\b[\w.-]*(?:secret|token|passw(?:or)?d|api_?key|private_?key)\w*[\"']?\s*[:=]\s*[\"']([0-9A-Za-z+/=_.!@#%^&*-]{16,})[\"']"
)
# Random text has nearly as many bits per letter as its alphabet allows; words and names have fewer.
RANDOM_BITS = 3.7


def main(named: list[str]) -> int:
    paths = [Path(name) for name in named] or [ROOT / name for name in tracked()]
    found = [line for path in paths for line in secrets_in(path)]
    print("\n".join(found) or f"No secrets in {len(paths)} files.")
    return 1 if found else 0


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.splitlines() if not PASSED_OVER.search(name)]


def secrets_in(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = path.read_text(errors="replace").splitlines()
    return [
        f"{path}:{number}: looks like a {kind}"
        for number, line in enumerate(lines, 1)
        if "made up" not in line
        for kind in kinds_in(line)
    ]


def kinds_in(line: str) -> list[str]:
    kinds = [kind for kind, pattern in KNOWN.items() if pattern.search(line)]
    if any(bits(value) > RANDOM_BITS and re.search(r"\d", value) for value in ASSIGNED.findall(line)):
        kinds.append("secret written out")
    return kinds


def bits(text: str) -> float:
    """Return the entropy in bits per letter, from the letter frequencies."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
