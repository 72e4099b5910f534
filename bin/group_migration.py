"""Groups operations that follow one another in a freshly generated migration, so that it runs several times faster.

    .venv/bin/python bin/group_migration.py families 0001_initial

See ``accounts.migrating.Together`` for the reason.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")

import django
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

from accounts.migrating import Together

KINDS = {"CreateModel": "tables", "AddField": "fields", "RemoveTrigger": "triggers off"} | dict.fromkeys(
    ("AddConstraint", "AddIndex", "AddTrigger"), "rules"
)


def grouped(operations: list[Operation]) -> Iterator[Operation]:
    """Yield each run of operations of one kind together, in its order, and every other operation by itself."""
    for kind, run in groupby(operations, key=lambda operation: KINDS.get(type(operation).__name__)):
        found = list(run)
        if kind is None or len(found) == 1:
            yield from found
        else:
            yield Together(operations=found)


def main(app: str, name: str) -> None:
    django.setup()
    migration = MigrationLoader(connection, ignore_no_migrations=True).disk_migrations[app, name]
    migration.operations = list(grouped(list(migration.operations)))
    writer = MigrationWriter(migration)
    Path(writer.path).write_text(writer.as_string())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
