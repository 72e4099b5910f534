"""Detects and rebuilds a development database laid out by migrations that no longer exist."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from accounts.signin.selectors import DEMO_DOMAIN

REFUSED = """\
This database was laid out by an earlier version whose migrations have been replaced, and it holds accounts that
are not of the demonstration, so it is left as it is. Go back to the earlier version to read it, or name another
database in DATABASE_URL."""


class OutdatedDatabaseError(RuntimeError):
    """The database can neither be migrated nor dropped; the message says what to do."""


def rebuild_outdated_demonstration(*, is_ours: bool) -> bool:
    """Empty a database that cannot be migrated, if it contains only the demonstration.

    ``is_ours``: the server was started by this checkout, for development. Returns whether the database was
    emptied. Raises OutdatedDatabaseError for an outdated database on another server, or one with real accounts.
    """
    if not is_outdated():
        return False
    if not is_ours or not holds_demonstration_only():
        raise OutdatedDatabaseError(REFUSED)
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as server:  # noqa: SLF001 - a connection to the server itself
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return True


def is_outdated() -> bool:
    """Return whether migrations of our apps were applied here that no longer exist."""
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    return any(app in ours and (app, name) not in loader.disk_migrations for app, name in loader.applied_migrations)


def holds_demonstration_only() -> bool:
    """Return whether every account is an invented one.

    Queries the table directly, because the models may no longer match it.
    """
    with connection.cursor() as cursor:
        if "accounts_user" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT count(*) FROM accounts_user WHERE email NOT LIKE %s", [f"%{DEMO_DOMAIN}"])
        return bool(cursor.fetchone() == (0,))
