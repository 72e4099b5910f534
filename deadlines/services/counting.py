"""The SQL that counts the dates of every fact.

Each is one set-based statement, the same for one family and for all of England. Working days are counted by
joining the table of days on its ordinals (see ``deadlines.working_days.calendars``), which gives the same day
as ``deadlines.working_days.arithmetic``.
"""

from __future__ import annotations

from deadlines.clocks import registry
from deadlines.facts import Families, sql_of

LONDON_DAY = "({moment} AT TIME ZONE 'Europe/London')::date"
START_OF_DAY = "(({day})::timestamp AT TIME ZONE 'Europe/London')"


_RECOUNTED_OF_ALL = """
LEFT JOIN (
    SELECT DISTINCT ON (row.kind, row.fact_id) row.kind, row.fact_id, act.version_id
    FROM deadlines_recounteddeadline AS item
    JOIN deadlines_recount AS act ON act.id = item.recount_id
    JOIN deadlines_deadline AS row ON row.id = item.deadline_id
    ORDER BY row.kind, row.fact_id, item.id DESC
) AS recounted ON recounted.kind = told.kind AND recounted.fact_id = told.fact_id
"""
_RECOUNTED_OF_SOME = """
LEFT JOIN LATERAL (
    SELECT act.version_id
    FROM deadlines_deadline AS row
    JOIN deadlines_recounteddeadline AS item ON item.deadline_id = row.id
    JOIN deadlines_recount AS act ON act.id = item.recount_id
    WHERE row.kind = told.kind AND row.fact_id = told.fact_id
    ORDER BY item.id DESC
    LIMIT 1
) AS recounted ON true
"""

_COUNTED_FROM = """
    CASE {unit}
        WHEN 'working days' THEN {target}.day
        WHEN 'days' THEN {start} + {rule}.sign * {amount}
        WHEN 'weeks' THEN {start} + {rule}.sign * 7 * {amount}
        WHEN 'months' THEN ({start} + make_interval(months => {rule}.sign * {amount}))::date
        WHEN 'hours' THEN ((told.starts_at + make_interval(hours => {rule}.sign * {amount}))
            AT TIME ZONE 'Europe/London')::date
    END"""
_FIRST_ON = _COUNTED_FROM.format(
    rule="rule",
    unit="coalesce(told.own_unit, rule.unit)",
    target="target",
    start="CASE WHEN rule.day_zero_before THEN start.last_working_day ELSE told.starts_on END",
    amount="coalesce(told.own_amount, rule.amount)",
)
_OTHER_ON = _COUNTED_FROM.format(
    rule="other",
    unit="other.unit",
    target="other_target",
    start="CASE WHEN other.day_zero_before THEN other_start.last_working_day ELSE told.other_starts_on END",
    amount="other.amount",
)

# A council's first version also applies to what began before it: a case entered late.
_LIMITS = f"""
WITH in_force AS NOT MATERIALIZED (
    SELECT id, authority_id,
        CASE WHEN lag(id) OVER versions IS NULL THEN '-infinity' ELSE in_force_from END AS since,
        coalesce(lead(in_force_from) OVER versions, 'infinity') AS until
    FROM deadlines_policyversion
    WINDOW versions AS (PARTITION BY authority_id ORDER BY in_force_from, number)
)
SELECT
    told.kind, told.authority_id, told.family_id, told.fact_id, told.child_id, told.conference_id,
    told.responsible_ids, told.what, told.starts_on, told.starts_at, told.own_amount,
    coalesce(told.own_unit, '') AS own_unit,
    told.other_starts_on, told.other_not_after, told.met_at, told.not_needed, told.not_before, told.due_not_before,
    told.limit_key, told.other_limit_key, england.id AS england_id,
    coalesce(own_calendar.id, england.id) AS calendar_id,
    version.id AS policy_version_id, rule.id AS rule_id,
    rule.sign, coalesce(told.own_unit, rule.unit) AS unit, coalesce(told.own_amount, rule.amount) AS amount,
    rule.warn, rule.last_call, rule.manager_after, rule.service_manager_after,
    other.warn AS other_warn, other.last_call AS other_last_call, other.manager_after AS other_manager_after,
    other.service_manager_after AS other_service_manager_after,
    rule.outer_amount, rule.outer_unit, rule.day_zero_before, rule.sooner_with,
    other.id AS other_rule_id, other.sign AS other_sign, other.unit AS other_unit, other.amount AS other_amount,
    other.day_zero_before AS other_day_zero_before,
    {_FIRST_ON} AS first_on,
    {_OTHER_ON} AS second_on,
    CASE WHEN coalesce(told.own_unit, rule.unit) = 'hours' THEN
        told.starts_at + make_interval(hours => rule.sign * coalesce(told.own_amount, rule.amount))
    END AS moment,
    CASE WHEN other.unit = 'hours' THEN
        told.starts_at + make_interval(hours => other.sign * other.amount)
    END AS other_moment
FROM (%(facts)s) AS told
CROSS JOIN (SELECT min(id) AS id FROM deadlines_calendar WHERE authority_id IS NULL) AS england
%(recounted)s
LEFT JOIN in_force ON coalesce(recounted.version_id, told.policy_version_id) IS NULL
    AND in_force.authority_id = told.authority_id
    AND coalesce(told.began_on, told.starts_on) >= in_force.since
    AND coalesce(told.began_on, told.starts_on) < in_force.until
LEFT JOIN in_force AS other_in_force ON coalesce(recounted.version_id, told.policy_version_id) IS NULL
    AND told.other_limit_key IS NOT NULL AND other_in_force.authority_id = told.authority_id
    AND coalesce(told.began_on, told.other_starts_on) >= other_in_force.since
    AND coalesce(told.began_on, told.other_starts_on) < other_in_force.until
LEFT JOIN deadlines_policyversion AS version
    ON version.id = coalesce(recounted.version_id, told.policy_version_id, in_force.id)
LEFT JOIN deadlines_policylimit AS rule ON rule.version_id = version.id AND rule.key = told.limit_key
LEFT JOIN deadlines_calendar AS own_calendar
    ON rule.closures_count AND own_calendar.authority_id = told.authority_id
LEFT JOIN deadlines_calendarday AS start
    ON start.calendar_id = coalesce(own_calendar.id, england.id) AND start.day = told.starts_on
LEFT JOIN deadlines_calendarday AS target
    ON coalesce(told.own_unit, rule.unit) = 'working days' AND target.is_working
    AND target.calendar_id = coalesce(own_calendar.id, england.id)
    AND target.ordinal = start.ordinal + rule.sign * coalesce(told.own_amount, rule.amount)
        + CASE WHEN rule.sign < 0 AND NOT (start.is_working OR rule.day_zero_before) THEN 1 ELSE 0 END
LEFT JOIN deadlines_policylimit AS other
    ON other.version_id = coalesce(recounted.version_id, told.policy_version_id, other_in_force.id)
    -- A council may have chosen that nothing ends the first limit sooner.
    AND other.key = told.other_limit_key AND coalesce(rule.sooner_with, told.other_limit_key) = told.other_limit_key
LEFT JOIN deadlines_calendar AS other_calendar
    ON other.closures_count AND other_calendar.authority_id = told.authority_id
LEFT JOIN deadlines_calendarday AS other_start
    ON (other.unit = 'working days' OR other.day_zero_before) AND other_start.day = told.other_starts_on
    AND other_start.calendar_id = coalesce(other_calendar.id, england.id)
LEFT JOIN deadlines_calendarday AS other_target
    ON other.unit = 'working days' AND other_target.is_working
    AND other_target.calendar_id = coalesce(other_calendar.id, england.id)
    AND other_target.ordinal = other_start.ordinal + other.sign * other.amount
        + CASE WHEN other.sign < 0 AND NOT (other_start.is_working OR other.day_zero_before) THEN 1 ELSE 0 END
OFFSET 0
"""

_SOONER = """
SELECT limits.*, kept_first, kept_second,
    greatest(least(kept_first, kept_second), due_not_before) AS due_on,
    coalesce(
        -- If two end on the same day, take the one with the earlier moment.
        (kept_second, coalesce(other_moment, 'infinity')) < (kept_first, coalesce(moment, 'infinity')),
        kept_first IS NULL AND kept_second IS NOT NULL
    ) AS second_counts
FROM (%(limits)s) AS limits
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN first_on >= coalesce(not_before, first_on) THEN first_on END AS kept_first,
        CASE WHEN second_on >= coalesce(not_before, second_on) THEN least(second_on, other_not_after) END AS kept_second
) AS kept
OFFSET 0
"""

_CHOSEN = f"""
SELECT sooner.*,
    CASE WHEN CASE WHEN second_counts THEN other_moment ELSE moment END IS NOT NULL THEN greatest(
        CASE WHEN second_counts THEN other_moment ELSE moment END, {START_OF_DAY.format(day="due_not_before")}
    ) END AS due_at,
    CASE WHEN second_counts THEN other_warn ELSE warn END AS counted_warn,
    CASE WHEN second_counts THEN other_last_call ELSE last_call END AS counted_last_call,
    CASE WHEN second_counts THEN other_manager_after ELSE manager_after END AS counted_manager_after,
    CASE WHEN second_counts THEN other_service_manager_after ELSE service_manager_after END
        AS counted_service_manager_after,
    CASE WHEN second_counts THEN other_limit_key ELSE limit_key END AS counted_key,
    CASE WHEN second_counts THEN other_starts_on ELSE starts_on END AS counted_from,
    CASE WHEN second_counts THEN other_sign ELSE sign END AS counted_sign,
    CASE WHEN second_counts THEN other_day_zero_before ELSE day_zero_before END AS counted_day_zero_before,
    CASE WHEN second_counts THEN other_unit ELSE unit END AS counted_unit,
    CASE WHEN second_counts THEN other_amount ELSE amount END AS counted_amount,
    CASE WHEN second_counts THEN limit_key WHEN sooner_with = '' THEN '' ELSE coalesce(other_limit_key, '') END
        AS spared_key,
    CASE WHEN second_counts THEN starts_on WHEN sooner_with = '' THEN NULL ELSE other_starts_on END AS spared_from,
    CASE WHEN second_counts THEN first_on WHEN second_on IS NOT NULL THEN least(second_on, other_not_after) END
        AS spared_on
FROM (%(sooner)s) AS sooner
"""

_COUNTED = f"""
SELECT
    chosen.kind, chosen.fact_id, chosen.authority_id, chosen.family_id, chosen.child_id, chosen.conference_id,
    coalesce(chosen.responsible_ids, '{{}}') AS responsible_ids, coalesce(chosen.what, '') AS what,
    chosen.counted_from AS starts_on,
    CASE WHEN chosen.second_counts AND chosen.counted_unit <> 'hours' THEN NULL ELSE chosen.starts_at END AS starts_at,
    chosen.policy_version_id, chosen.counted_key AS limit_key,
    chosen.own_amount, chosen.own_unit, chosen.due_on,
    chosen.due_at,
    planned.last_working_day AS plan_for_on,
    CASE
        WHEN chosen.calendar_id = chosen.england_id OR chosen.counted_unit <> 'working days' THEN chosen.due_on
        ELSE greatest(
            least(in_england.day, CASE WHEN chosen.second_counts THEN chosen.other_not_after END), chosen.due_not_before
        )
    END AS due_on_in_england,
    CASE chosen.outer_unit
        WHEN 'working days' THEN outermost.day
        WHEN 'days' THEN chosen.counted_from + chosen.sign * chosen.outer_amount
        WHEN 'weeks' THEN chosen.counted_from + chosen.sign * 7 * chosen.outer_amount
        WHEN 'months' THEN (chosen.counted_from + make_interval(months => chosen.sign * chosen.outer_amount))::date
        WHEN 'hours' THEN
            {LONDON_DAY.format(moment="(chosen.starts_at + make_interval(hours => chosen.sign * chosen.outer_amount))")}
    END AS outer_on,
    chosen.spared_key AS other_limit_key, chosen.spared_from AS other_starts_on, chosen.spared_on AS other_due_on,
    CASE
        WHEN chosen.counted_unit <> 'hours' THEN {START_OF_DAY.format(day="warned.day")}
        WHEN chosen.counted_sign > 0 THEN greatest(hours.warn_at, chosen.starts_at)
        ELSE hours.warn_at
    END AS warn_at,
    CASE
        WHEN chosen.counted_unit <> 'hours' THEN {START_OF_DAY.format(day="planned.last_working_day")}
        WHEN chosen.counted_sign > 0 THEN greatest(
            hours.warn_at, chosen.starts_at, chosen.due_at - make_interval(hours => chosen.counted_last_call)
        )
        ELSE greatest(hours.warn_at, chosen.due_at - make_interval(hours => chosen.counted_last_call))
    END AS due_from,
    CASE
        WHEN chosen.counted_unit <> 'hours' THEN {START_OF_DAY.format(day="chosen.due_on + 1")} ELSE chosen.due_at
    END AS late_from,
    CASE
        WHEN chosen.counted_unit <> 'hours' THEN {START_OF_DAY.format(day="to_manager.day + 1")}
        ELSE chosen.due_at + make_interval(hours => chosen.counted_manager_after)
    END AS manager_from,
    CASE
        WHEN chosen.counted_unit <> 'hours' THEN {START_OF_DAY.format(day="to_service.day + 1")}
        ELSE chosen.due_at + make_interval(hours => chosen.counted_service_manager_after)
    END AS service_manager_from,
    chosen.met_at,
    CASE WHEN chosen.met_at IS NULL THEN coalesce(chosen.not_needed, '') ELSE '' END AS not_needed,
    CASE
        WHEN chosen.policy_version_id IS NULL THEN 'procedures'
        -- A council that does not use a limit has no row for it.
        WHEN chosen.rule_id IS NULL THEN 'dropped'
        WHEN 'hours' IN (chosen.unit, chosen.other_unit) AND chosen.starts_at IS NULL THEN 'hours'
        WHEN chosen.first_on IS NULL OR chosen.second_on IS NULL AND chosen.other_rule_id IS NOT NULL
            THEN 'calendar'
        WHEN chosen.kept_first IS NULL AND chosen.kept_second IS NULL THEN 'dropped'
        WHEN planned.last_working_day IS NULL OR to_manager.day IS NULL AND chosen.counted_unit <> 'hours'
            OR to_service.day IS NULL AND chosen.counted_unit <> 'hours'
            OR warned.day IS NULL AND chosen.counted_unit <> 'hours' THEN 'calendar'
        ELSE ''
    END AS problem
FROM (%(chosen)s) AS chosen
LEFT JOIN deadlines_calendarday AS planned
    ON planned.calendar_id = chosen.calendar_id AND planned.day = chosen.due_on
LEFT JOIN deadlines_calendarday AS warned
    ON chosen.counted_unit <> 'hours' AND warned.calendar_id = chosen.calendar_id AND warned.is_working
    AND warned.ordinal = planned.ordinal - chosen.counted_warn
LEFT JOIN deadlines_calendarday AS to_manager
    ON chosen.counted_unit <> 'hours' AND to_manager.calendar_id = chosen.calendar_id AND to_manager.is_working
    AND to_manager.ordinal = planned.ordinal + chosen.counted_manager_after
LEFT JOIN deadlines_calendarday AS to_service
    ON chosen.counted_unit <> 'hours' AND to_service.calendar_id = chosen.calendar_id AND to_service.is_working
    AND to_service.ordinal = planned.ordinal + chosen.counted_service_manager_after
LEFT JOIN deadlines_calendarday AS warned_day
    ON chosen.counted_unit = 'hours' AND warned_day.calendar_id = chosen.calendar_id
    AND warned_day.day = {LONDON_DAY.format(moment="(chosen.due_at - make_interval(hours => chosen.counted_warn))")}
LEFT JOIN deadlines_calendarday AS english_start
    ON (chosen.calendar_id <> chosen.england_id OR chosen.outer_unit = 'working days')
    AND english_start.calendar_id = chosen.england_id AND english_start.day = chosen.counted_from
LEFT JOIN deadlines_calendarday AS in_england
    ON chosen.calendar_id <> chosen.england_id AND chosen.counted_unit = 'working days'
    AND in_england.calendar_id = chosen.england_id AND in_england.is_working
    AND in_england.ordinal = english_start.ordinal + chosen.counted_sign * chosen.counted_amount
        + CASE
            WHEN chosen.counted_sign < 0 AND NOT (english_start.is_working OR chosen.counted_day_zero_before)
            THEN 1 ELSE 0
        END
LEFT JOIN deadlines_calendarday AS outermost
    ON chosen.outer_unit = 'working days'
    AND outermost.calendar_id = chosen.england_id AND outermost.is_working
    AND outermost.ordinal = english_start.ordinal + chosen.sign * chosen.outer_amount
        + CASE WHEN chosen.sign < 0 AND NOT english_start.is_working THEN 1 ELSE 0 END
CROSS JOIN LATERAL (
    -- People are told during working days: on the last one before.
    SELECT CASE
        WHEN warned_day.is_working THEN chosen.due_at - make_interval(hours => chosen.counted_warn)
        ELSE {START_OF_DAY.format(day="warned_day.last_working_day")}
    END AS warn_at
) AS hours
OFFSET 0
"""


def facts_of(families: Families) -> str:
    """Return every fact of every clock as one SELECT."""
    branches = [sql_of(rows, kind=clock.kind) for clock in registry.values() for rows in clock.facts(families)]
    # The dates of a disposed case are no longer true.
    return (
        "SELECT * FROM (" + "\nUNION ALL\n".join(branches) + ") AS every_fact WHERE family_id NOT IN"
        " (SELECT id FROM families_family WHERE disposed_at IS NOT NULL)"
    )


def counted(families: Families) -> str:
    """Return a read-only SELECT of every fact with the dates that follow from it."""
    limits = _LIMITS % {
        "facts": facts_of(families),
        "recounted": _RECOUNTED_OF_ALL if families.everybody else _RECOUNTED_OF_SOME,
    }
    return _COUNTED % {"chosen": _CHOSEN % {"sooner": _SOONER % {"limits": limits}}}
