"""Groups operations that follow one another in a freshly generated migration, so that it runs several times faster.

    .venv/bin/python bin/group_migration.py families 0001_initial

See ``accounts.migrating.Together`` for the reason.
"""

from __future__ import annotations

import ast
import re
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Tables are created whole, so what is added to them later stands apart.
KINDS = {"CreateModel": "tables"} | dict.fromkeys(
    (
        "AddField",
        "AlterField",
        "RemoveField",
        "AddConstraint",
        "RemoveConstraint",
        "AddIndex",
        "RemoveIndex",
        "AddTrigger",
        "RemoveTrigger",
    ),
    "changes",
)


def grouped(source: str) -> str:
    """Return the migration's source with each run of operations of one kind together, in its order."""
    lines = source.splitlines()
    # From the last run to the first, so that the places of the others stay right.
    for run in reversed(_runs(source)):
        first, last = run[0].lineno - 1, run[-1].end_lineno
        lines[first:last] = [
            "        accounts.migrating.Together(",
            "            operations=[",
            *(f"        {line}" for line in lines[first:last]),
            "            ],",
            "        ),",
        ]
    text = "\n".join(lines) + "\n"
    if "import accounts.migrating\n" in text:
        return text
    return re.sub(r"^(?=import |from (?!__future__))", "import accounts.migrating\n", text, count=1, flags=re.MULTILINE)


def _runs(source: str) -> list[list[ast.expr]]:
    """Return the runs of at least two operations that can be applied to the state at once."""
    operations = next(
        statement.value.elts
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and node.name == "Migration"
        for statement in node.body
        if isinstance(statement, ast.Assign)
        and ast.unparse(statement.targets[0]) == "operations"
        and isinstance(statement.value, ast.List)
    )
    runs = [(kind, list(run)) for kind, run in groupby(operations, key=_kind)]
    return [run for kind, run in runs if kind is not None and len(run) > 1]


def _kind(operation: ast.expr) -> str | None:
    return KINDS.get(ast.unparse(operation.func).rpartition(".")[2]) if isinstance(operation, ast.Call) else None


def main(app: str, name: str) -> None:
    path = ROOT / app / "migrations" / f"{name}.py"
    source = path.read_text()
    if _runs(source):
        path.write_text(grouped(source))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
