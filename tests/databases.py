"""The tests' database, copied from a template that is migrated once for each state of the migrations."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from psycopg import sql

from deadlines.services.calendar import seed_calendar

TEMPLATES = "cpconf_tests_"
# Any number will do, as long as every run on the server uses the same one.
LOCK = 4_170_926
MIGRATE = "import django, sys; django.setup(); from tests.databases import migrate; migrate(sys.argv[1])"
FIND_TEMPLATES = """
SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)
"""


def create_test_database() -> None:
    """Create an empty, migrated database for this process and connect Django to it.

    Building the template takes half a minute and happens once; copying it takes a moment. Whatever follows from
    code rather than from migrations (functions installed after migrating) is updated in the copy.
    """
    name = connection.creation._get_test_db_name()
    with _maintenance() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        template = _template(server)
        _drop(server, name)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    _connect_to(name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
    _create_tables_of_tests()
    # The first temporary table of a connection changes where names are looked up, and every statement is planned
    # anew. Where that was undone with a test, the next test pays for it again.
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE first_of_all (); DROP TABLE first_of_all")


def _create_tables_of_tests() -> None:
    """Create the tables that only tests have; later, one would be created among a story and taken back with it."""
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model.__module__.startswith("tests."):
                editor.create_model(model)


def drop_test_database() -> None:
    """Drop the database created by create_test_database."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with _maintenance() as server:
        # A thread of a live server may still hold a connection.
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def empty_tables() -> None:
    """Delete what a test has committed, so that the next one finds what a new installation has.

    Django's flush truncates every table and creates permissions and calendars again, which takes a second or more.
    """
    tables = [
        sql.Identifier(name)
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False)
        if name not in {ContentType._meta.db_table, Permission._meta.db_table}
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        # Waits for what a live server is still writing.
        cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.SQL(", ").join(tables)))
        rows = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        cursor.execute(sql.SQL(" UNION ALL ").join(rows.format(table.as_string(), table) for table in tables))
        filled = [table for (table,) in cursor.fetchall()]
        # Without the triggers that forbid it, and without checking keys between tables that are all emptied.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.SQL(table)))
    seed_calendar(using=connection.alias)


def _template(server: psycopg.Connection) -> str:
    """Return the name of the template for the current migrations, building it if necessary.

    A template that was built before the newest migrations were written is carried on from where it stands, and kept:
    a migration that is still being written is applied to it again and again.
    """
    # Under a temporary name until it is complete: an interrupted run leaves no template behind.
    building = f"{TEMPLATES}building"
    _drop(server, building)
    migrations = _migrations()
    wanted = TEMPLATES + hashlib.sha256(json.dumps(migrations).encode()).hexdigest()[:16]
    found = dict(server.execute(FIND_TEMPLATES, [TEMPLATES]).fetchall())
    if wanted in found:
        return wanted
    applied = {name: json.loads(comment) for name, comment in found.items() if comment}
    earlier = [name for name in applied if applied[name].items() <= migrations.items()]
    source = max(earlier, key=lambda name: len(applied[name]), default="template1")
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(building), sql.Identifier(source)))
    # In a process of its own: the models of every step of every migration would stay in the memory of this one.
    subprocess.run([sys.executable, "-c", MIGRATE, building], cwd=settings.BASE_DIR, check=True)
    for outdated in found.keys() - {source}:
        _drop(server, outdated)
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    server.execute(comment.format(sql.Identifier(building), sql.Literal(json.dumps(migrations))))
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(wanted)))
    return wanted


def migrate(name: str) -> None:
    """Apply every migration to a database of this name."""
    _connect_to(name)
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    call_command("createcachetable")
    connection.close()


def _migrations() -> dict[str, str]:
    """Return what each migration holds, in short, by its file."""
    return {"django": version("django")} | {
        f"{config.label}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for config in apps.get_app_configs()
        for path in sorted((Path(config.path) / "migrations").glob("*.py"))
    }


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection]:
    """Return a connection to the server on which databases are created and dropped."""
    with connection._nodb_cursor() as cursor:
        yield cursor.connection


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
