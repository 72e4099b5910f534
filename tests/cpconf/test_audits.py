from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def script(name: str):
    """Return a script of bin/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "bin" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_file_of_ours_contains_a_secret():
    done = subprocess.run(
        [sys.executable, "bin/scan_secrets.py"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout.startswith("No secrets in ")) == (0, True), done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN RSA PRIVATE " + "KEY-----",
        "aws = AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a1B2" * 10,
        "EMAIL_URL=smtp+tls://robot:" + "s3cretPassw0rd@mail.council.example:587",
        "SECRET_KEY = '" + "q8Zr1xT0vLm4Kp7WnE2s" + "'",
        'api_key: "' + "9f8a7c6b5d4e3f2a1b0c9d8e" + '"',
        "token = eyJ" + "hbGciOiJIUzI1NiJ9abc" + ".eyJ" + "zdWIiOiIxMjM0NTY3ODkw" + "." + "abcdefghijklmnop",
    ],
)
def test_the_scan_finds_a_secret_in_a_file(tmp_path, line):
    path = tmp_path / "notes.md"
    path.write_text(f"Some words\n{line}\n")
    assert [found.split(": ")[0] for found in script("scan_secrets").secrets_in(path)] == [f"{path}:2"]


@pytest.mark.parametrize(
    "line",
    [
        'password = "correct horse battery"',
        "SECRET_KEY = env.str('SECRET_KEY')",
        "DATABASE_URL: postgres://cpconf_app:${APPLICATION_DATABASE_PASSWORD}@database/cpconf",
        'secret = "' + "q8Zr1xT0vLm4Kp7WnE2s" + '"  # made up',
    ],
)
def test_the_scan_ignores_words_and_names(tmp_path, line):
    path = tmp_path / "notes.md"
    path.write_text(line)
    assert script("scan_secrets").secrets_in(path) == []


FAULT = {"name": "django", "version": "1.0", "vulns": [{"id": "PYSEC-0000-1"}]}
FINE = {"name": "django", "version": "5.2", "vulns": []}
UNKNOWN = {"name": "ours", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("told", "result", "words"),
    [
        ([FINE, FAULT], 1, "django 1.0: PYSEC-0000-1\n"),
        ([FINE, UNKNOWN], 0, "No known fault in 1 dependencies; 1 could not be asked about.\n"),
        ([UNKNOWN], 0, "Dependencies NOT audited: the service that was asked knows none of them.\n"),
    ],
)
def test_a_known_vulnerability_in_a_dependency_fails(capsys, told, result, words):
    assert (script("audit_dependencies").verdict(told), capsys.readouterr().out) == (result, words)


def test_without_a_network_the_audit_says_it_was_not_done(monkeypatch, capsys):
    audit = script("audit_dependencies")
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, "", "no route"))
    assert audit.main() == 0
    assert capsys.readouterr().out.startswith("Dependencies NOT audited: ")


def test_make_check_runs_every_audit():
    recipe = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    for wanted in ("bin/scan_secrets.py", "bin/audit_dependencies.py", "bin/check_production.py", "ruff check"):
        assert wanted in recipe


def test_secrets_reach_the_containers_only_from_the_environment():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    named = [
        (name, value)
        for service in services.values()
        for name, value in (service.get("environment") or {}).items()
        if any(word in name for word in ("SECRET", "PASSWORD", "EMAIL_URL"))
    ]
    assert [name for name, value in named if not str(value).startswith("${")] == []
    assert len(named) > 5
