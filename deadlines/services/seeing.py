"""Who is never told: the rules of ``families.access`` and ``deadlines.access`` as parts of a larger statement."""

from __future__ import annotations

from families.access import belonging

# Nobody is told about a child whose record is sealed, nor of a family all of whose children are.
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


def never_told() -> str:
    """Three parts of a WITH: ``sealed_child (id)``, ``closed_family (family_id)``, ``barred (family_id, user_id)``."""
    sql, params = belonging().query.sql_with_params()
    if params:
        raise ValueError("the families that people belong to are asked for without parameters")
    return f"{_SEALED}, barred (family_id, user_id) AS MATERIALIZED ({sql})"
