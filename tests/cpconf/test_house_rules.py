"""House rules that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {".py", ".html", ".scss", ".js", ".mjs", ".md", ".yaml", ".yml", ".toml", ".txt", ".sh", ""}


def files(*suffixes: str) -> list[Path]:
    """Return the project's own files: those tracked by git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    paths = [ROOT / name for name in listed]
    return [path for path in paths if path.suffix in (suffixes or TEXTS) and path.is_file() and path != Path(__file__)]


def found(pattern: str, paths: list[Path]) -> list[str]:
    expression = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if expression.search(line)
    ]


def test_no_todo_is_left():
    assert found(r"\b(TODO|FIXME|XXX)\b", files()) == []
    assert found(r"\bNotImplemented(Error)?\b", files(".py")) == []


def test_no_test_is_skipped():
    assert found(r"pytest\.(mark\.)?(skip|xfail)|unittest\.skip", files(".py")) == []


def test_a_browser_is_waited_for():
    """A window read straight after a click may still show the page before: ``expect`` reads until it is right."""
    drives_one = re.compile(r"playwright|journeys")
    tests = [path for path in files(".py") if path.is_relative_to(ROOT / "tests")]
    driving = [path for path in tests if drives_one.search(path.read_text())]
    read_once = (
        r"^\s*(assert|if|while)\b.*(\.title\(\)|page\.content\(\)|page\.url (==|!=)|page\.url\.(starts|ends)with|\.path ==|"
        r"\.is_(visible|hidden|checked|enabled)\(\)|\.input_value\(\)|\.(inner_text|text_content)\(\))"
    )
    assert found(read_once, driving) == []


def test_templates_contain_no_inline_script_or_style():
    templates = [path for path in files(".html") if path.is_relative_to(ROOT / "templates")]
    papers = [path for path in templates if "print" in path.parts or "pdf" in path.parts]
    assert found(r"\sstyle=|<style|<script>|\son[a-z]+=\"|javascript:", [p for p in templates if p not in papers]) == []


def test_no_line_of_a_template_is_longer_than_140():
    templates = [path for path in files(".html", ".txt", ".css") if path.is_relative_to(ROOT / "templates")]
    assert found(r"^.{141,}", templates) == []


@pytest.mark.parametrize("name", ["utils", "common", "helpers", "misc"])
def test_no_module_is_a_catch_all(name):
    assert [path for path in files(".py") if name in (path.stem, *path.relative_to(ROOT).parts)] == []


def test_the_lock_file_names_no_registry():
    assert found(r"\"resolved\"|https?://registry", [ROOT / "package-lock.json"]) == []


def test_every_requirement_is_pinned_with_its_hash():
    for name in ("base", "dev", "node"):
        lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
        packages = [line for line in lines if line and line[0] not in " #"]
        assert [line for line in packages if not re.match(r"[\w.\-\[\],]+==\S+( ;.*)? \\$", line)] == []


def test_no_file_is_too_long_to_read_in_one_go():
    longest = 400
    ours = [path for path in files(".py") if not {"migrations", "tests"} & set(path.parts)]
    assert [path.name for path in ours if len(path.read_text().splitlines()) > longest] == []
