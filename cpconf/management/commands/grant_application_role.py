from __future__ import annotations

from typing import Any

import pghistory.models
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg import sql

from accounts.history import append_only

# Rows that are no one's record: sessions, rate limits, sign-in library data, what is computed anew.
TECHNICAL_TABLES = frozenset(
    {
        "django_session",
        "django_cache",
        "accounts_sentform",
        "accounts_tally",
        "deadlines_calendarday",
        "reports_paperprogress",
    }
)
TECHNICAL_APPS = frozenset({"account", "mfa", "usersessions"})
# Written only by migrations.
OWNER_TABLES = frozenset({"django_migrations", "django_content_type", "auth_permission"})


class Command(BaseCommand):
    help = "Gives the application's database role what it needs and no more. Run it as the owner after each migration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default="cpconf_app")

    @transaction.atomic
    def handle(self, *args: Any, role: str, **options: Any) -> None:
        rights = rights_by_table()
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no database role {role}.")
            if found[0]:
                raise CommandError(f"The database role {role} is a super-user: no grant would limit it.")
            name = sql.Identifier(role)
            database = sql.Identifier(connection.settings_dict["NAME"])
            for statement in (
                sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name),
                sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name),
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
                sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
            ):
                cursor.execute(statement)
            for table in connection.introspection.table_names(cursor, include_views=True):
                granted = sql.SQL(", ").join(
                    sql.SQL(right) for right in rights.get(table, ("SELECT", "INSERT", "UPDATE"))
                )
                cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(granted, sql.Identifier(table), name))
            # Run as the owner: for a case that two people agreed to dispose of, and for what a council's procedures
            # no longer keep. Each checks that for itself.
            for function in ("dispose_of_case(bigint)", "overwrite_out_of_time(bigint)", "remove_reads_out_of_time()"):
                granted = sql.SQL("GRANT EXECUTE ON FUNCTION public.{} TO {}").format(sql.SQL(function), name)
                cursor.execute(granted)
        self.stdout.write(f"{role} may read and write; it owns nothing and removes technical rows only.")


def rights_by_table() -> dict[str, tuple[str, ...]]:
    """Return the rights for tables that differ from select, insert and update."""
    rights: dict[str, tuple[str, ...]] = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if issubclass(model, pghistory.models.Event) or append_only in getattr(model._meta, "triggers", ()):
            rights[table] = ("SELECT", "INSERT")
        elif model._meta.auto_created or model._meta.app_label in TECHNICAL_APPS:
            # A row's links are changed by adding and removing them; their history keeps both.
            rights[table] = ("SELECT", "INSERT", "UPDATE", "DELETE")
    rights |= dict.fromkeys(TECHNICAL_TABLES, ("SELECT", "INSERT", "UPDATE", "DELETE"))
    rights |= dict.fromkeys(OWNER_TABLES, ("SELECT",))
    return rights
