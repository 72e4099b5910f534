"""The database functions that overwrite, at night, what a council's procedures no longer keep.

The application's role may not change what is append-only, nor history. These run as the owner of the tables. They take
no day from whoever calls them: each reads the council's procedures in force today and the legal holds, and leaves
everything else as it is.
"""

from __future__ import annotations

import json

import pghistory.models
from django.apps import apps
from django.db.models import DateTimeField, Model

from accounts.case_data import REMOVED, case_tables, overwritten
from deadlines.policies import baseline
from plans.models import ListAnswer, ListCheck
from records.models import Disclosure, DisclosureDecision, Disposal, SealedCover

OVERWRITE = "overwrite_out_of_time"
REMOVE_READS = "remove_reads_out_of_time"

# Cases and children under a legal hold in any council: a hold about a child covers every case of that child.
_HELD = """
    v_families := ARRAY(
        SELECT family_id FROM records_legalhold WHERE lifted_at IS NULL
        UNION
        SELECT member.family_id FROM records_legalhold AS hold
        JOIN families_child AS child ON child.id = hold.child_id
        JOIN families_familymember AS member ON member.person_id = child.person_id WHERE hold.lifted_at IS NULL
        UNION
        SELECT conference.family_id FROM records_legalhold AS hold
        JOIN conferences_conferencechild AS row ON row.child_id = hold.child_id
        JOIN conferences_conference AS conference ON conference.id = row.conference_id WHERE hold.lifted_at IS NULL
        UNION
        SELECT discussion.family_id FROM records_legalhold AS hold
        JOIN families_enquiry AS enquiry ON enquiry.child_id = hold.child_id
        JOIN families_strategydiscussion AS discussion ON discussion.id = enquiry.discussion_id
        WHERE hold.lifted_at IS NULL
    );
    v_persons := ARRAY(
        SELECT person_id FROM families_familymember WHERE family_id = ANY(v_families)
        UNION
        SELECT child.person_id FROM records_legalhold AS hold
        JOIN families_child AS child ON child.id = hold.child_id WHERE hold.lifted_at IS NULL
    );
    v_children := ARRAY(
        SELECT id FROM families_child WHERE person_id = ANY(v_persons)
        UNION SELECT child_id FROM records_legalhold WHERE lifted_at IS NULL AND child_id IS NOT NULL
    );"""

_POLICY = """(
        SELECT version.data -> 'values' FROM deadlines_policyversion AS version
        WHERE version.authority_id = {authority} AND version.in_force_from <= current_date
        ORDER BY version.in_force_from DESC, version.number DESC LIMIT 1)"""

_OVERWRITE = """
CREATE OR REPLACE FUNCTION public.{name}(p_authority bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A column may be called like a variable that every function has, such as "found".
#variable_conflict use_column
DECLARE
    -- What a stored version lacks reads as the baseline's.
    v_values jsonb := '{defaults}'::jsonb || coalesce({policy}, '{{}}'::jsonb);
    v_families bigint[];
    v_persons bigint[];
    v_children bigint[];
    v_ids bigint[];
    v_shift integer := floor(random() * 365)::integer - 182;
    v_counts jsonb := '{{}}';
BEGIN
    {held}
    PERFORM set_config('pgtrigger.ignore', coalesce((
        SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger\\_%'
    ), ''), true);
{statements}
    PERFORM set_config('pgtrigger.ignore', '', true);
    RETURN v_counts;
END;
$$;
REVOKE ALL ON FUNCTION public.{name}(bigint) FROM PUBLIC;
"""

_REMOVE_READS = """
CREATE OR REPLACE FUNCTION public.{name}() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A column may be called like a variable that every function has, such as "found".
#variable_conflict use_column
DECLARE
    v_families bigint[];
    v_persons bigint[];
    v_children bigint[];
    v_piece record;
    v_rows bigint;
    v_all bigint := 0;
BEGIN
    {held}
    PERFORM set_config('pgtrigger.ignore', coalesce((
        SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger\\_%'
    ), ''), true);
    FOR v_piece IN
        WITH times AS (
            SELECT council.id, {before} AS before
            FROM accounts_authority AS council,
            LATERAL (SELECT '{defaults}'::jsonb || coalesce({policy}, '{{}}'::jsonb) AS v_values) AS procedures
        )
        SELECT seal.number, seal.after_id, seal.last_id FROM accounts_auditseal AS seal
        WHERE seal.made_at < (SELECT max(before) FROM times) AND cardinality(seal.event_ids) > 0
          AND NOT EXISTS (SELECT FROM accounts_auditpieceremoved AS gone WHERE gone.seal_number = seal.number)
          AND NOT EXISTS (
            SELECT FROM accounts_accessevent AS event LEFT JOIN times ON times.id = event.authority_id
            WHERE event.id > seal.after_id AND event.id <= seal.last_id AND (
                event.at >= coalesce(times.before, (SELECT min(before) FROM times))
                OR event.family_ids && v_families OR event.person_ids && v_persons))
        ORDER BY seal.number LIMIT {most}
    LOOP
        DELETE FROM accounts_accessevent WHERE id > v_piece.after_id AND id <= v_piece.last_id;
        GET DIAGNOSTICS v_rows = ROW_COUNT;
        INSERT INTO accounts_auditpieceremoved (seal_number, removed_at, count)
        VALUES (v_piece.number, now(), v_rows);
        v_all := v_all + v_rows;
    END LOOP;
    PERFORM set_config('pgtrigger.ignore', '', true);
    RETURN v_all;
END;
$$;
REVOKE ALL ON FUNCTION public.{name}() FROM PUBLIC;
"""
# Pieces removed in one night: more than a day makes, so that a backlog is worked off.
MOST_PIECES = 10_000

_STATEMENT = """
    v_ids := ARRAY({chosen});
    {updates}
    v_counts := v_counts || jsonb_build_object('{title}', cardinality(v_ids));"""


def overwrite_function() -> str:
    """Return the function that overwrites one council's checks of the list, bundles and certificates."""
    return _OVERWRITE.format(
        name=OVERWRITE,
        defaults=_defaults(),
        policy=_POLICY.format(authority="p_authority"),
        held=_HELD,
        statements=f"{_checks()}{_bundles()}{_certificates()}",
    )


def remove_reads_function() -> str:
    """Return the function that removes whole sealed pieces of the read log that no council keeps any longer."""
    return _REMOVE_READS.format(
        name=REMOVE_READS,
        defaults=_defaults(),
        policy=_POLICY.format(authority="council.id"),
        before=_before("keep-read-log"),
        held=_HELD,
        most=MOST_PIECES,
    )


def _defaults() -> str:
    """Return the baseline's times for what these functions keep, as JSON."""
    keys = ("keep-list-checks", "keep-disclosures", "keep-certificates", "keep-read-log")
    kept = {key: {"value": baseline()["values"][key]["value"]} for key in keys}
    return json.dumps(kept)


def _before(key: str) -> str:
    """Return the moment before which the council no longer keeps something, as SQL over ``v_values``."""
    amount, unit = (f"v_values -> '{key}' -> 'value' ->> '{part}'" for part in ("amount", "unit"))
    return f"now() - (({amount}) || ' ' || ({unit}))::interval"


def _checks() -> str:
    over = _before("keep-list-checks")
    chosen = (
        f"SELECT id FROM plans_listcheck AS one WHERE authority_id = p_authority AND at < {over}"
        f" AND why <> '{REMOVED}' AND NOT EXISTS (SELECT FROM plans_listanswer AS answer"
        " WHERE answer.check_of_list_id = one.id"
        " AND (answer.child_id = ANY(v_children) OR answer.candidate_ids && v_children))"
    )
    return _statement("list checks", chosen, (ListAnswer, "check_of_list_id"), (ListCheck, "id"))


def _bundles() -> str:
    over = _before("keep-disclosures")
    chosen = (
        f"SELECT id FROM records_disclosure WHERE authority_id = p_authority AND made_at < {over}"
        f" AND covers <> '{REMOVED}' AND family_id <> ALL(v_families) AND person_id <> ALL(v_persons)"
    )
    parts = ((DisclosureDecision, "disclosure_id"), (SealedCover, "disclosure_id"), (Disclosure, "id"))
    return _statement("bundles", chosen, *parts)


def _certificates() -> str:
    over = _before("keep-certificates")
    chosen = (
        "SELECT disposal.id FROM records_disposal AS disposal"
        " JOIN families_family AS family ON family.id = disposal.family_id WHERE family.authority_id = p_authority"
        f" AND disposal.done_at < {over} AND disposal.case_mark <> ''"
    )
    gone = {"stub": "'{}'::jsonb", "counts": "'{}'::jsonb", "case_mark": "''", "sha256": "''"}
    return _statement("certificates", chosen, (Disposal, "id"), own={Disposal: gone})


def _statement(
    title: str, chosen: str, *parts: tuple[type[Model], str], own: dict[type[Model], dict[str, str]] | None = None
) -> str:
    updates = []
    for model, column in parts:
        changes = (own or {}).get(model) or _changes(model)
        if not changes:
            continue
        table = model._meta.db_table
        # History first: which of its rows they are is read from the rows themselves.
        for event in events_of(model):
            columns = {one.column for one in event._meta.concrete_fields}
            sets = ", ".join(f'"{name}" = {value}' for name, value in changes.items() if name in columns)
            updates.append(
                f'UPDATE "{event._meta.db_table}" SET {sets} WHERE pgh_obj_id IN'
                f' (SELECT id FROM "{table}" WHERE "{column}" = ANY(v_ids));'
            )
        sets = ", ".join(f'"{name}" = {value}' for name, value in changes.items())
        updates.append(f'UPDATE "{table}" SET {sets} WHERE "{column}" = ANY(v_ids);')
    return _STATEMENT.format(chosen=chosen, updates="\n    ".join(updates), title=title)


def _changes(model: type[Model]) -> dict[str, str]:
    """Return what is written over a row, as a disposal writes it; only the times of what was done stay."""
    (table,) = (one for one in case_tables() if one.model is model)
    times = {one.column for one in model._meta.concrete_fields if isinstance(one, DateTimeField)}
    return {str(name): sql for name, sql in overwritten(table).items() if name not in times}


def events_of(model: type[Model]) -> list[type[Model]]:
    """Return the tables that keep the earlier versions of a model's rows."""
    return [
        found
        for found in apps.get_models()
        if issubclass(found, pghistory.models.Event)
        and getattr(found, "pgh_tracked_model", None) is model
        and any(column.name == "pgh_obj" for column in found._meta.concrete_fields)
    ]
