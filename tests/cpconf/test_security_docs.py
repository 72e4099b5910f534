"""What docs/security.md and docs/threat-model.md claim must exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = [ROOT / "docs" / "security.md", ROOT / "docs" / "threat-model.md"]


def named_tests(paper: Path) -> list[str]:
    return re.findall(r"`(tests/[\w./-]+\.py(?:::\w+)?)`", paper.read_text())


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_named_test_exists(paper):
    missing = []
    for name in named_tests(paper):
        path, _, test = name.partition("::")
        file = ROOT / path
        if not file.exists() or (test and not re.search(rf"def {test}\(", file.read_text())):
            missing.append(name)
    assert (missing, len(named_tests(paper)) > 20) == ([], True)


def rows() -> list[list[str]]:
    table = (ROOT / "docs" / "security.md").read_text()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if re.match(r"\| \d+\.\d+\.\d+ \|", line)
    ]


def test_every_requirement_is_listed_once_with_how_it_is_met_or_why_not():
    numbers = [row[0] for row in rows()]
    assert len(numbers) == len(set(numbers)) > 150
    assert [row[0] for row in rows() if not row[3]] == []
    assert [row[0] for row in rows() if not row[4] and not row[3].startswith("**Not met:**")] == []


def test_only_levels_one_and_two_are_claimed():
    assert {row[1] for row in rows()} == {"1", "2"}


def test_every_threat_has_a_countermeasure():
    text = (ROOT / "docs" / "threat-model.md").read_text()
    for danger in (
        "A violent ex-partner with a guest link", "The other father", "A curious colleague",
        "A social worker who is an aunt", "A stolen laptop", "One administrator alone", "Somebody who wants the chair away on the morning", "A leaver", "A compromised professional mailbox",
        "A malicious upload",
    ):  # fmt: skip
        assert f"| **{danger}** |" in text
