"""The database writes today's time into the history, whatever time a story has: this moves it to the story's."""

from __future__ import annotations

import datetime

from django.apps import apps
from django.db import connection

LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def tables_of_versions() -> list[str]:
    """Return every table that triggers write versions into."""
    by_name = {model._meta.db_table: model for model in apps.get_models()}
    stored = sorted(by_name.keys() & set(connection.introspection.table_names()))
    return [name for name in stored if any(field.name == "pgh_created_at" for field in by_name[name]._meta.fields)]


def move_history(since: datetime.datetime, to: datetime.datetime) -> None:
    """Move all versions written after ``since`` to ``to``."""
    with connection.cursor() as cursor:
        for table in tables_of_versions():
            cursor.execute(
                f'UPDATE "{table}" SET pgh_created_at = %s WHERE pgh_created_at > %s',  # noqa: S608 - our tables
                [to, since],
            )
