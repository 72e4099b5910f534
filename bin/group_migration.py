"""Groups the operations of a large, freshly generated migration, so that it runs several times faster.

    .venv/bin/python bin/group_migration.py families 0001_initial

See ``accounts.migrating.Together`` for the reason.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpconf.settings")

import django
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

from accounts.migrating import Together

RULES = {"AddConstraint", "AddIndex", "AddTrigger"}


def grouped(operations: list[Operation], app: str) -> list[Operation]:
    """Tables, then fields that close circles, then tables that build on those, then every rule and trigger."""
    flat = [
        inner
        for outer in operations
        for inner in (outer.operations if isinstance(outer, Together) else [outer])
    ]
    if not {kind(operation) for operation in flat} <= RULES | {"CreateModel", "AddField"}:
        raise SystemExit("This migration changes what exists: leave it as it is.")
    tables = [operation for operation in flat if kind(operation) == "CreateModel"]
    # The table of a many-to-many relation appears with its field; a model may stand for it, others refer to that one.
    known = {f"{app}.{operation.name}".lower() for operation in tables}
    late: set[str] = set()
    for operation in tables:
        uses = {name for name in names(operation) if name.startswith(f"{app}.")}
        if not uses <= known or uses & late:
            late.add(f"{app}.{operation.name}".lower())
    phases = [
        [operation for operation in tables if f"{app}.{operation.name}".lower() not in late],
        [operation for operation in flat if kind(operation) == "AddField"],
        [operation for operation in tables if f"{app}.{operation.name}".lower() in late],
        [operation for operation in flat if kind(operation) in RULES],
    ]
    return [Together(operations=phase) for phase in phases if phase]


def kind(operation: Operation) -> str:
    return type(operation).__name__


def names(operation: Operation) -> set[str]:
    """Return the models that a table refers to."""
    found = [base for base in operation.bases if isinstance(base, str)]
    for _, field in operation.fields:
        if field.remote_field:
            found += [
                target
                for target in (field.remote_field.model, getattr(field.remote_field, "through", None))
                if isinstance(target, str)
            ]
    return {name.lower() for name in found}


def main(app: str, name: str) -> None:
    django.setup()
    migration = MigrationLoader(connection, ignore_no_migrations=True).disk_migrations[app, name]
    migration.operations = grouped(list(migration.operations), app)
    writer = MigrationWriter(migration)
    Path(writer.path).write_text(writer.as_string())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
