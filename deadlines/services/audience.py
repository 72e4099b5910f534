"""Who may be told: the rules of ``families.access`` and ``deadlines.access`` as parts of an SQL statement."""

from __future__ import annotations

import datetime
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from families.access import belonging, knowing

# No one is told about a child whose record is sealed, nor of a family whose children are all sealed.
_SEALED = """
sealed_child AS MATERIALIZED (
    SELECT child.id, child.person_id
    FROM families_child child JOIN families_person person ON person.id = child.person_id
    WHERE person.sealed_at IS NOT NULL
), closed_family AS MATERIALIZED (
    SELECT DISTINCT member.family_id
    FROM sealed_child JOIN families_familymember member ON member.person_id = sealed_child.person_id
    WHERE NOT EXISTS (
        SELECT FROM families_familymember sibling
        JOIN families_child child ON child.person_id = sibling.person_id
        JOIN families_person person ON person.id = sibling.person_id
        WHERE sibling.family_id = member.family_id AND person.sealed_at IS NULL
    )
)"""


_RESTRICTED = "restricted_case AS MATERIALIZED (SELECT id FROM families_family WHERE restricted)"


# Every sweep asks for the same words: writing them takes longer than PostgreSQL takes to sweep.
@cache
def never_told() -> str:
    """Return three CTEs: ``sealed_child (id)``, ``closed_family (family_id)``, ``barred (family_id, user_id)``."""
    return f"{_SEALED}, barred (family_id, user_id) AS MATERIALIZED ({_text(belonging())})"


@lru_cache(maxsize=2)
def told_of_restricted(*, on: datetime.date) -> str:
    """Return two CTEs: ``restricted_case (id)`` and ``knowing (family_id, user_id)``.

    Users not in ``knowing`` learn at most that there is a restricted case. Both are small and are used with
    ``IN`` beside another condition, so that PostgreSQL hashes them once instead of joining them row by row.
    """
    return f"{_RESTRICTED}, knowing (family_id, user_id) AS MATERIALIZED ({_text(knowing(on=on))})"


def _text(rows: QuerySet[Any, Any]) -> str:
    """Return a query with its parameters inlined, for use in a statement that has parameters of its own."""
    sql, params = rows.query.sql_with_params()
    text = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]
    return str(text).replace("%", "%%")
