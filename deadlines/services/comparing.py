"""The SQL that compares what was counted with the ledger, and writes what differs with its history."""

from __future__ import annotations

from deadlines.clocks import registry
from deadlines.facts import GIVEN, Families
from deadlines.services.counting import counted

# Columns of the ledger that follow from the facts; who answers follows too, while a deadline is open.
FROM_FACTS = (
    "authority_id", "family_id", "child_id", "conference_id", "what", "starts_on", "starts_at",
    "policy_version_id", "limit_key", "own_amount", "own_unit", "due_on", "due_at", "plan_for_on",
    "due_on_in_england", "outer_on", "other_limit_key", "other_starts_on", "other_due_on", "warn_at",
    "due_from", "late_from", "manager_from", "service_manager_from", "met_at", "not_needed",
)  # fmt: skip


STAGES = ("warn_at", "due_from", "late_from", "manager_from", "service_manager_from")


_COMPARED = """
SELECT
    present.id AS deadline_id, counted.*,
    present.due_on AS due_on_before, present.starts_on AS starts_on_before,
    present.met_at IS NULL AND present.not_needed = '' AS was_open,
    counted.met_at IS NULL AND counted.not_needed = '' AS is_open,
    counted.kind IS NULL AS is_gone,
    (present.due_on, present.due_at) IS DISTINCT FROM (counted.due_on, counted.due_at) AS has_moved,
    CASE
        WHEN (present.starts_on, present.starts_at) IS DISTINCT FROM (counted.starts_on, counted.starts_at)
            THEN 'event'
        WHEN (present.policy_version_id, present.limit_key) <> (counted.policy_version_id, counted.limit_key)
            THEN 'procedures'
        WHEN (present.own_amount, present.own_unit) IS DISTINCT FROM (counted.own_amount, counted.own_unit)
            THEN 'own_figure'
        ELSE 'calendar'
    END AS why_moved,
    present.next_stage_at AS stage_before,
    (%(stages_present)s) IS DISTINCT FROM (%(stages_counted)s)
        OR present.responsible_ids <> counted.responsible_ids AS tells_anew
FROM (%(counted)s) AS counted
FULL JOIN (SELECT * FROM deadlines_deadline AS row WHERE row.kind IN (%(kinds)s) %(of_families)s) AS present
    ON present.kind = counted.kind AND present.fact_id = counted.fact_id
WHERE CASE
    WHEN counted.kind IS NULL THEN present.met_at IS NULL AND present.not_needed = ''
    WHEN counted.problem = 'dropped' THEN
        present.id IS NOT NULL AND present.met_at IS NULL AND present.not_needed = ''
    WHEN counted.problem <> '' OR present.id IS NULL THEN true
    ELSE (%(present)s) IS DISTINCT FROM (%(columns)s)
        OR (
            counted.met_at IS NULL AND counted.not_needed = ''
            AND present.responsible_ids <> counted.responsible_ids
        )
END
"""


_INSERTED = f"""
INSERT INTO deadlines_deadline (kind, fact_id, responsible_ids, {", ".join(FROM_FACTS)}, next_stage_at, created_at)
SELECT kind, fact_id, responsible_ids, {", ".join(FROM_FACTS)}, %(next_stage)s, %(now)s
FROM %(source)s
WHERE %(condition)s
"""


_PROBLEMS = """
    SELECT jsonb_agg(jsonb_build_object('kind', kind, 'problem', problem, 'number', number, 'day', day))
    FROM (
        SELECT kind, problem, count(*) AS number, min(starts_on) AS day
        FROM %s WHERE problem NOT IN ('', 'dropped') GROUP BY kind, problem ORDER BY kind, problem
    ) AS problems
"""


_NEW = {
    "next_stage": "CASE WHEN is_open THEN warn_at END",
    "now": "%(now)s",
    "source": "differing",
    "condition": "deadline_id IS NULL AND problem = ''",
}


_ALL_NEW = {
    **_NEW,
    "next_stage": "CASE WHEN met_at IS NULL AND not_needed = '' THEN warn_at END",
    "source": "counted",
    "condition": "problem = ''",
}


_FIRST_BUILD = f"""
WITH counted AS MATERIALIZED (%(counted)s),
inserted AS ({_INSERTED % _ALL_NEW} RETURNING id)
SELECT (SELECT count(*) FROM inserted), 0, 0,
    (SELECT array_agg(id) FROM (SELECT id FROM inserted LIMIT 1000) AS written), ({_PROBLEMS % "counted"})
"""


_WRITE = f"""
WITH differing AS MATERIALIZED (%(compared)s),
inserted AS (
    {_INSERTED % _NEW}
    -- It may belong to another family, or another transaction may be writing it at this moment.
    ON CONFLICT (kind, fact_id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in (*FROM_FACTS, "responsible_ids", "next_stage_at"))}
    RETURNING id
),
updated AS (
    UPDATE deadlines_deadline AS row SET
        {", ".join(f"{name} = differing.{name}" for name in FROM_FACTS)},
        responsible_ids = CASE
            WHEN differing.is_open THEN differing.responsible_ids ELSE row.responsible_ids
        END,
        next_stage_at = CASE
            WHEN NOT differing.is_open THEN NULL
            WHEN NOT differing.was_open OR differing.tells_anew THEN differing.warn_at
            ELSE row.next_stage_at
        END
    FROM differing
    WHERE row.id = differing.deadline_id AND NOT differing.is_gone AND differing.problem = ''
    RETURNING row.id
),
stopped AS (
    UPDATE deadlines_deadline AS row SET not_needed = %(gone)s, next_stage_at = NULL
    FROM differing
    WHERE row.id = differing.deadline_id AND (differing.is_gone OR differing.problem = 'dropped')
    RETURNING row.id
),
told_of AS (
    INSERT INTO deadlines_deadlinechange (
        deadline_id, at, kind, due_on_before, due_on_after, starts_on_before, starts_on_after, why_moved, reason
    )
    SELECT deadline_id, %(now)s, 'moved', due_on_before, due_on, starts_on_before, starts_on, why_moved, ''
    FROM differing
    WHERE deadline_id IS NOT NULL AND NOT is_gone AND problem = '' AND has_moved
    UNION ALL
    SELECT deadline_id, %(now)s,
        CASE WHEN is_open THEN 'reopened' WHEN met_at IS NOT NULL THEN 'met' ELSE 'not_needed' END,
        due_on_before, due_on, starts_on_before, starts_on, '', CASE WHEN is_open THEN '' ELSE not_needed END
    FROM differing
    WHERE deadline_id IS NOT NULL AND NOT is_gone AND problem = '' AND was_open <> is_open
    UNION ALL
    SELECT deadline_id, %(now)s, 'not_needed', due_on_before, due_on_before, starts_on_before, starts_on_before,
        '', %(gone)s
    FROM differing
    WHERE deadline_id IS NOT NULL AND (is_gone OR problem = 'dropped')
)
SELECT
    (SELECT count(*) FROM inserted), (SELECT count(*) FROM updated), (SELECT count(*) FROM stopped),
    (
        SELECT array_agg(id) FROM (
            SELECT id FROM inserted UNION ALL SELECT id FROM updated UNION ALL SELECT id FROM stopped
            LIMIT 1000
        ) AS written
    ),
    ({_PROBLEMS % "differing"})
"""


def compared(families: Families) -> str:
    """Return a SELECT of every deadline that differs from its facts, with what it should be."""
    return _COMPARED % {
        "counted": counted(families),
        "kinds": ", ".join(f"'{kind}'" for kind in registry),
        "of_families": "" if families.everybody else f"AND row.family_id = ANY({GIVEN})",
        "present": ", ".join(f"present.{name}" for name in FROM_FACTS),
        "columns": ", ".join(f"counted.{name}" for name in FROM_FACTS),
        "stages_present": ", ".join(f"present.{name}" for name in STAGES),
        "stages_counted": ", ".join(f"counted.{name}" for name in STAGES),
    }


def write(source: str, *, now: str, gone: str) -> str:
    """Return one statement that writes what differs, and its history; ``source`` is a SELECT such as ``compared``."""
    return _WRITE % {"compared": source, "now": now, "gone": gone}


def first_build(families: Families) -> str:
    """Return one statement that fills an empty ledger, with the same result as ``write``."""
    return _FIRST_BUILD % {"counted": counted(families), "now": families.now}
