"""The backup and its rehearsal, by the scripts that run beside the database."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from cpconf import local_services
from tests.factories import FamilyFactory

TOOLS = Path(settings.BASE_DIR) / "deploy" / "backup"
SCRATCH = "cpconf_rehearsal_of_a_test"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def surroundings(tmp_path):
    """The environment of the database's container, with this test's database in it."""
    values = connection.settings_dict
    yield {
        "PATH": f"{local_services.postgres_binaries()}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": values["HOST"] or values["OPTIONS"]["host"], "PGPORT": str(values["PORT"] or 5432),
        "PGPASSWORD": values["PASSWORD"], "POSTGRES_USER": values["USER"], "POSTGRES_DB": values["NAME"],
    }  # fmt: skip
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)")


def run(script: str, *arguments: object, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([TOOLS / script, *map(str, arguments)], check=False, capture_output=True, env=env, text=True)


def test_a_backup_restores_to_the_same_rows_and_a_changed_one_is_noticed(surroundings, tmp_path):
    FamilyFactory(name="Brambley")
    made = run("back-up", tmp_path, env=surroundings)
    assert (made.returncode, made.stderr) == (0, "")
    FamilyFactory(name="Written after the backup")
    rehearsed = run("rehearse", tmp_path, SCRATCH, env=surroundings)
    assert (rehearsed.returncode, rehearsed.stderr) == (0, "")
    assert "tables are as they were backed up" in rehearsed.stdout
    where = {"host": surroundings["PGHOST"], "port": surroundings["PGPORT"], "password": surroundings["PGPASSWORD"]}
    with psycopg.connect(dbname=SCRATCH, user=surroundings["POSTGRES_USER"], **where) as restored:
        assert restored.execute("SELECT name FROM families_family").fetchall() == [("Brambley",)]

    figures = tmp_path / "figures"
    figures.write_text(figures.read_text().replace("families_family|1|", "families_family|2|"))
    noticed = run("rehearse", tmp_path, SCRATCH, env=surroundings)
    assert (noticed.returncode, "< families_family|2|" in noticed.stdout) == (1, True)


def test_a_backup_that_fails_leaves_the_one_before_it(surroundings, tmp_path):
    (tmp_path / "cpconf.dump").write_text("the one before")
    failed = run("back-up", tmp_path, env={**surroundings, "POSTGRES_DB": "no_such_database"})
    assert failed.returncode != 0
    assert (tmp_path / "cpconf.dump").read_text() == "the one before"
    broken = tmp_path / "programs"
    broken.mkdir()
    (broken / "pg_dump").write_text("#!/bin/sh\nexit 1\n")
    (broken / "pg_dump").chmod(0o755)
    failed = run("back-up", tmp_path, env={**surroundings, "PATH": f"{broken}{os.pathsep}{surroundings['PATH']}"})
    assert (failed.returncode != 0, sorted(path.name for path in tmp_path.iterdir() if path.is_file())) == (
        True, ["cpconf.dump"],
    )  # fmt: skip
