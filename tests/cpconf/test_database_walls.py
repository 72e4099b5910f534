"""What the application's own database role cannot do, tried on a connection signed in as that role."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pghistory.models
import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from psycopg import errors, sql

from accounts.history import append_only
from cpconf.management.commands.grant_application_role import TECHNICAL_APPS, TECHNICAL_TABLES, rights_by_table

PASSWORD = "of-the-test-only"


@pytest.fixture
def application(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A separate connection, signed in as a role set up by ``grant_application_role``."""
    role = f"cpconf_trial_{os.getpid()}"
    name = sql.Identifier(role)
    with connection.cursor() as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, sql.Literal(PASSWORD)))
        call_command("grant_application_role", role=role, verbosity=0)
        given = connection.get_connection_params()
        wanted = {key: given[key] for key in ("dbname", "host", "port") if given.get(key)}
        try:
            with psycopg.connect(**wanted, user=role, password=PASSWORD, autocommit=True) as line:
                yield line
        finally:
            owner.execute(sql.SQL("DROP OWNED BY {}").format(name))
            owner.execute(sql.SQL("DROP ROLE {}").format(name))


def tables() -> dict[str, type]:
    """Return every table that a model has."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def is_append_only(model: type) -> bool:
    return issubclass(model, pghistory.models.Event) or append_only in getattr(model._meta, "triggers", ())


def is_technical(table: str, model: type) -> bool:
    """Return whether rows are no one's record, or links whose adding and removing has its own history."""
    return table in TECHNICAL_TABLES or model._meta.app_label in TECHNICAL_APPS or bool(model._meta.auto_created)


def refused(line: psycopg.Connection, statement: str, table: str = "", key: str = "") -> bool:
    """Return whether the server itself refuses, before it looks at a single row."""
    try:
        line.execute(sql.SQL(statement).format(table=sql.Identifier(table), key=sql.Identifier(key)))
    except (errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState):
        return True
    return False


def test_no_table_can_be_emptied_altered_dropped_or_lose_its_triggers(application):
    tried = [
        "TRUNCATE {table}",
        "DROP TABLE {table}",
        "ALTER TABLE {table} ADD COLUMN mine int",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE {table} OWNER TO CURRENT_USER",
        "CREATE TRIGGER mine BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    ]
    found = [(table, one) for table in tables() for one in tried if not refused(application, one, table)]
    assert (found, len(tables()) > 100) == ([], True)


def test_append_only_tables_cannot_be_updated_or_deleted_from(application):
    kept = [table for table, model in tables().items() if is_append_only(model)]
    found = [
        (table, statement)
        for table in kept
        for statement in ("DELETE FROM {table}", "UPDATE {table} SET {key} = {key}")
        if not refused(application, statement, table, tables()[table]._meta.pk.column)
    ]
    assert found == []
    assert {"accounts_accessevent", "families_personevent", "reports_attachmentevent"} <= set(kept)


def test_no_record_of_a_case_can_be_removed(application):
    kept = [table for table, model in tables().items() if not is_technical(table, model)]
    assert [table for table in kept if not refused(application, "DELETE FROM {table}", table)] == []


LIFTING = (
    "SET session_replication_role = replica",
    "ALTER SYSTEM SET fsync = off",
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "GRANT pg_write_all_data TO CURRENT_USER",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY accounts_user TO '/tmp/users'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "DELETE FROM django_migrations",
    "CREATE OR REPLACE FUNCTION public.pgtrigger_mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
)


def test_the_application_cannot_grant_itself_more_rights(application):
    assert [statement for statement in LIFTING if not refused(application, statement)] == []


def test_the_application_owns_nothing(application):
    owned = application.execute(
        "SELECT relname FROM pg_class WHERE pg_has_role(current_user, relowner, 'USAGE')"
        " UNION ALL SELECT proname FROM pg_proc WHERE pg_has_role(current_user, proowner, 'USAGE')"
    ).fetchall()
    assert owned == []


def test_every_append_only_table_is_known_to_the_grants():
    rights = rights_by_table()
    wrong = [
        table
        for table, model in tables().items()
        if is_append_only(model) and rights.get(table) != ("SELECT", "INSERT")
    ]
    assert wrong == []


def removals() -> tuple[set[str], int]:
    """Return the models whose rows the application's code removes, and how often it removes anything."""
    root = Path(__file__).resolve().parents[2]
    sources = [
        path.read_text()
        for app in {config.name for config in apps.get_app_configs()}
        if (root / app).is_dir()
        for path in (root / app).rglob("*.py")
        if "migrations" not in path.parts
    ]
    named = [found for text in sources for found in re.findall(r"\b(\w+)\.objects\b[^\n]*\.delete\(\)", text)]
    return set(named), sum(text.count(".delete()") for text in sources) - len(named)


def test_what_the_code_removes_the_role_may_remove():
    named, unnamed = removals()
    rights = rights_by_table()
    models = {model.__name__: model._meta.db_table for model in apps.get_models()}
    assert unnamed == 0, "Write Model.objects.filter(...).delete() on one line, so that this test reads it."
    assert {"Tally", "UserSession", "EmailAddress", "Authenticator"} <= named
    assert [name for name in named if "DELETE" not in rights.get(models[name], ())] == []
