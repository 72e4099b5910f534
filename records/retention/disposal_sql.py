"""The database functions that overwrite a case, regenerated from the declarations after each migration.

The application's role may not change history, append-only tables or frozen columns. ``dispose_of_case`` runs as
the owner of the tables and does so for one case, after checking for itself that two different people agreed,
that the case is closed and its time is over, and that no hold is in force. There is no other way.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connection

from accounts.case_data import PAGES, SETS, Subject, Table, case_tables, overwritten
from records.retention.upkeep_sql import events_of, overwrite_function, remove_reads_function

DISPOSE = "dispose_of_case"
REACH = "reach_of_case"

# Every record of the same person as those given, whichever was merged into which.
_ONE_PERSON = """
        WITH RECURSIVE same(id) AS (
            {of}
            UNION
            SELECT other.id FROM same JOIN families_person AS one ON one.id = same.id
            JOIN families_person AS other ON other.id = one.merged_into_id OR other.merged_into_id = one.id
        ) SELECT id FROM same"""

# Whose records a case reaches: its children who are in no other case still kept, and the people around them who are
# unknown to any other such case and have no post or account. Everyone else's records stay as they are.
_REACH = f"""
CREATE OR REPLACE FUNCTION public.{REACH}(
    p_family bigint, OUT families bigint[], OUT children bigint[], OUT persons bigint[], OUT conferences bigint[],
    OUT plans bigint[], OUT core_groups bigint[], OUT addresses bigint[]
) LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    v_all_children bigint[];
    v_around bigint[];
BEGIN
    families := ARRAY[p_family];
    conferences := ARRAY(SELECT id FROM conferences_conference WHERE family_id = p_family);
    core_groups := ARRAY(SELECT id FROM core_groups_coregroup WHERE conference_id = ANY(conferences));
    v_all_children := ARRAY(
        SELECT child.id FROM families_familymember AS member
        JOIN families_child AS child ON child.person_id = member.person_id WHERE member.family_id = p_family
        UNION
        SELECT child_id FROM conferences_conferencechild WHERE conference_id = ANY(conferences)
        UNION
        SELECT enquiry.child_id FROM families_enquiry AS enquiry
        JOIN families_strategydiscussion AS discussion ON discussion.id = enquiry.discussion_id
        WHERE discussion.family_id = p_family
    );
    children := ARRAY(
        SELECT child.id FROM families_child AS child
        WHERE child.id = ANY(v_all_children)
          AND NOT EXISTS (
            SELECT FROM families_familymember AS member JOIN families_family AS family ON family.id = member.family_id
            WHERE member.person_id = child.person_id AND family.id <> p_family AND family.disposed_at IS NULL)
          AND NOT EXISTS (
            SELECT FROM conferences_conferencechild AS row
            JOIN conferences_conference AS conference ON conference.id = row.conference_id
            JOIN families_family AS family ON family.id = conference.family_id
            WHERE row.child_id = child.id AND family.id <> p_family AND family.disposed_at IS NULL)
          AND NOT EXISTS (
            SELECT FROM families_enquiry AS enquiry
            JOIN families_strategydiscussion AS discussion ON discussion.id = enquiry.discussion_id
            JOIN families_family AS family ON family.id = discussion.family_id
            WHERE enquiry.child_id = child.id AND family.id <> p_family AND family.disposed_at IS NULL)
    );
    plans := ARRAY(SELECT id FROM plans_plan WHERE child_id = ANY(children));
    v_around := ARRAY(
        SELECT person_id FROM families_familymember WHERE family_id = p_family
        UNION SELECT person_id FROM families_child WHERE id = ANY(children)
        UNION SELECT person_id FROM families_relationship WHERE child_id = ANY(children)
        UNION SELECT person_id FROM families_parentalresponsibility
            WHERE child_id = ANY(children) AND person_id IS NOT NULL
        UNION SELECT pregnancy.mother_id FROM families_child AS child
            JOIN families_pregnancy AS pregnancy ON pregnancy.id = child.pregnancy_id WHERE child.id = ANY(children)
        UNION SELECT risk.person_id FROM families_contactrisk AS risk
            JOIN families_contactrisk_children AS link ON link.contactrisk_id = risk.id
            WHERE link.child_id = ANY(children)
        UNION SELECT person_id FROM conferences_participant
            WHERE conference_id = ANY(conferences) AND post_id IS NULL
        UNION SELECT person_id FROM core_groups_coregroupmember WHERE core_group_id = ANY(core_groups)
        UNION SELECT person_id FROM plans_consent WHERE plan_id = ANY(plans)
    );
    -- Records that were merged, one after the other, are one person's.
    v_around := ARRAY({_ONE_PERSON.format(of="SELECT unnest(v_around)")});
    persons := ARRAY(
        SELECT person.id FROM families_person AS person
        WHERE person.id = ANY(v_around) AND person.user_id IS NULL
          AND NOT EXISTS (SELECT FROM families_post AS post WHERE post.person_id = person.id)
          AND NOT EXISTS (
            SELECT FROM families_child AS child WHERE child.person_id = person.id AND child.id <> ALL(children)
              AND NOT EXISTS (
                SELECT FROM families_familymember AS member
                JOIN families_family AS family ON family.id = member.family_id
                WHERE member.person_id = child.person_id AND family.disposed_at IS NOT NULL))
          AND NOT EXISTS (
            SELECT FROM families_familymember AS member JOIN families_family AS family ON family.id = member.family_id
            WHERE member.person_id = person.id AND family.id <> p_family AND family.disposed_at IS NULL)
          AND NOT EXISTS (
            SELECT FROM conferences_participant AS participant
            JOIN conferences_conference AS conference ON conference.id = participant.conference_id
            JOIN families_family AS family ON family.id = conference.family_id
            WHERE participant.person_id = person.id AND family.id <> p_family AND family.disposed_at IS NULL)
          AND NOT EXISTS (
            SELECT FROM (
                SELECT child_id FROM families_relationship WHERE person_id = person.id
                UNION SELECT child_id FROM families_parentalresponsibility WHERE person_id = person.id
                UNION SELECT child.id FROM families_child AS child
                    JOIN families_pregnancy AS pregnancy ON pregnancy.id = child.pregnancy_id
                    WHERE pregnancy.mother_id = person.id
            ) AS tie
            JOIN families_child AS child ON child.id = tie.child_id
            JOIN families_familymember AS member ON member.person_id = child.person_id
            JOIN families_family AS family ON family.id = member.family_id
            WHERE family.id <> p_family AND family.disposed_at IS NULL)
    );
    -- Where one of somebody's records stays, the others stay with it.
    persons := ARRAY(SELECT id FROM unnest(persons) AS id WHERE id NOT IN ({
    _ONE_PERSON.format(of="SELECT id FROM unnest(v_around) AS id WHERE id <> ALL(persons)")
}));
    addresses := ARRAY(
        SELECT DISTINCT home.address_id FROM families_residence AS home
        WHERE home.person_id = ANY(persons)
          AND NOT EXISTS (
            SELECT FROM families_residence AS other
            WHERE other.address_id = home.address_id AND other.person_id <> ALL(persons))
    );
END;
$$;
"""

_DISPOSE = """
CREATE OR REPLACE FUNCTION public.{name}(p_disposal bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- A column may be called like a variable that every function has, such as "found".
#variable_conflict use_column
DECLARE
    v_disposal records_disposal%%ROWTYPE;
    v_family families_family%%ROWTYPE;
    {sets};
    v_reach record;
    v_pages text;
    -- Kept nowhere: with it one could count back to the true days.
    v_shift integer := floor(random() * 365)::integer - 182;
    v_rows bigint;
    v_counts jsonb := '{{}}';
    v_history bigint := 0;
BEGIN
    SELECT * INTO v_disposal FROM records_disposal WHERE id = p_disposal FOR UPDATE;
    IF NOT FOUND OR v_disposal.state <> 'agreed' OR v_disposal.done_at IS NOT NULL
        OR v_disposal.proposed_by_id IS NULL OR v_disposal.settled_by_id IS NULL
        OR v_disposal.proposed_by_id = v_disposal.settled_by_id THEN
        RAISE EXCEPTION 'two people have to agree'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disposal_agreed_by_two';
    END IF;
    SELECT * INTO v_family FROM families_family WHERE id = v_disposal.family_id FOR UPDATE;
    IF v_family.closed_on IS NULL OR v_family.disposed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the case is open or gone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disposal_of_a_closed_case';
    END IF;
    IF v_disposal.kept_until > current_date OR EXISTS (
        SELECT FROM records_keeplonger WHERE family_id = v_family.id AND until > current_date
    ) THEN
        RAISE EXCEPTION 'its time is not over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disposal_after_its_time';
    END IF;
    SELECT * INTO v_reach FROM public.{reach}(v_family.id);
    {reached}
    IF EXISTS (
        SELECT FROM records_legalhold AS hold
        WHERE hold.lifted_at IS NULL AND (
            hold.family_id = v_family.id
            OR hold.child_id IN (
                SELECT child.id FROM families_child AS child
                JOIN families_familymember AS member ON member.person_id = child.person_id
                WHERE member.family_id = v_family.id
                UNION
                SELECT child_id FROM conferences_conferencechild WHERE conference_id = ANY(v_conferences)
                UNION
                SELECT enquiry.child_id FROM families_enquiry AS enquiry
                JOIN families_strategydiscussion AS discussion ON discussion.id = enquiry.discussion_id
                WHERE discussion.family_id = v_family.id))
    ) THEN
        RAISE EXCEPTION 'a legal hold stands'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disposal_under_no_hold';
    END IF;
    IF EXISTS (SELECT FROM plans_plan WHERE child_id = ANY(v_children) AND ends_on IS NULL) THEN
        RAISE EXCEPTION 'a plan is open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disposal_without_open_plans';
    END IF;
    v_pages := {pages};
    -- No history is written of what is overwritten, and what protects rows from everybody else stands aside.
    PERFORM set_config('pgtrigger.ignore', coalesce((
        SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger\\_%%'
    ), ''), true);
{statements}
    UPDATE deadlines_deadline SET not_needed = 'The records were disposed of', next_stage_at = NULL
    WHERE family_id = v_family.id AND met_at IS NULL AND not_needed IN ('', 'removed');
    UPDATE families_family SET disposed_at = now() WHERE id = v_family.id;
    UPDATE records_disposal SET
        state = 'done', done_at = now(), counts = v_counts,
        number = 'DC' || to_char(now(), 'YY') || '-' || lpad(p_disposal::text, 5, '0')
    WHERE id = p_disposal;
    PERFORM set_config('pgtrigger.ignore', '', true);
    RETURN v_counts;
END;
$$;
REVOKE ALL ON FUNCTION public.{name}(bigint) FROM PUBLIC;
"""

_STATEMENT = """
    {update}
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    IF v_rows > 0 THEN v_counts := v_counts || jsonb_build_object({title}, v_rows); END IF;"""
_HISTORY = """
    {update}
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_history := v_history + v_rows;"""
_SUM = """
    IF v_history > 0 THEN
        v_counts := v_counts || jsonb_build_object('Earlier versions of all these', v_history);
    END IF;"""

# Any session may set what the library reads; only the owner's setting is obeyed.
_OWNER_ONLY = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean AS $$
DECLARE
    v_ignored text := current_setting('pgtrigger.ignore', true);
BEGIN
    IF coalesce(v_ignored, '') = '' THEN
        RETURN false;
    END IF;
    RETURN trigger_name = ANY(v_ignored::text[]) AND pg_has_role(
        current_user, (SELECT relowner FROM pg_class WHERE oid = 'public.families_person'::regclass), 'USAGE'
    );
END;
$$ LANGUAGE plpgsql;
"""


def install(sender: AppConfig | None = None, **kwargs: Any) -> None:  # noqa: ARG001 - as signals call it
    """Create the functions; called after each migration, as the owner of the tables."""
    with connection.cursor() as cursor:
        if "families_person" not in connection.introspection.table_names(cursor):
            return
        for statement in (_OWNER_ONLY, _REACH, dispose_function(), overwrite_function(), remove_reads_function()):
            cursor.execute(statement)


def dispose_function() -> str:
    """Return the function that overwrites one case, according to all apps' declarations."""
    statements = "".join(_statements_of(table) for table in case_tables()) + _SUM
    return _DISPOSE.replace("%%", "%").format(
        name=DISPOSE,
        reach=REACH,
        sets=";\n    ".join(f"v_{name} bigint[]" for name in SETS),
        reached=" ".join(f"v_{name} := v_reach.{name};" for name in SETS),
        pages=_pages(),
        statements=statements,
    )


# Pages about the keeping of records, for which no set of ids is gathered.
_PAGES_OF_RECORDS = (
    ("records/bundles", "records_disclosure"),
    ("records/holds", "records_legalhold"),
    ("records/disposals", "records_disposal"),
    ("conferences/requests", "conferences_conferencerequest"),
    ("incidents", "incidents_incident"),
)


def _pages() -> str:
    """Return the regular expression for the URLs of a case's pages, as SQL."""
    ids = [(start, f"v_{name}") for start, name in PAGES]
    ids += [
        (start, f"ARRAY(SELECT id FROM {table} WHERE family_id = v_family.id)") for start, table in _PAGES_OF_RECORDS
    ]
    parts = " || '|' || ".join(
        f"'{start}/(' || coalesce(nullif(array_to_string({found}, '|'), ''), '0') || ')'" for start, found in ids
    )
    return f"'^/(' || {parts} || ')(/|\\?|$)'"


def _statements_of(table: Table) -> str:
    rows = table.rows(Subject.of_variables()).values("pk")
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        chosen = cursor.mogrify(sql, params) if params else sql
    title = "'" + table.title.replace("'", "''") + "'"
    meta = table.model._meta
    changes = overwritten(table)
    # Tables without words are counted too: the certificate says what there was.
    sets = ", ".join(f'"{column}" = {value}' for column, value in changes.items())
    update = (
        f'UPDATE "{meta.db_table}" SET {sets} WHERE "{meta.pk.column}" IN ({chosen});'
        if sets
        else f'PERFORM 1 FROM "{meta.db_table}" WHERE "{meta.pk.column}" IN ({chosen});'
    )
    found = _STATEMENT.format(update=update, title=title)
    for event in events_of(table.model):
        columns = {column.column for column in event._meta.concrete_fields}
        own = {column: value for column, value in changes.items() if column in columns}
        of_event = {**own, "pgh_created_at": "date_trunc('year', pgh_created_at)"}
        sets = ", ".join(f'"{column}" = {value}' for column, value in of_event.items())
        found += _HISTORY.format(update=f'UPDATE "{event._meta.db_table}" SET {sets} WHERE pgh_obj_id IN ({chosen});')
    return found
