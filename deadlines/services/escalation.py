"""One batch of stages that have begun: claimed, notified and advanced by a single statement."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Authority
from deadlines.clocks import registry
from deadlines.enums import Stage
from deadlines.services.audience import never_told, told_of_restricted
from deadlines.working_days.arithmetic import civil_day, next_working_moment
from deadlines.working_days.calendars import calendars_for
from notifications.enums import MessageKind, MessageState, Subject
from notifications.services.outbox import REFERENCE
from notifications.services.wake import wake_sender_after_commit

# Deadlines locked at a time: few enough for a moment, enough to amortise the statement's start-up.
BATCH = 5000
# Deadlines listed in an e-mail; the rest are only counted.
LINES = 50
# All that a user is told of a restricted case that they may not open.
RESTRICTED_CASE = "a restricted case. No one who can open it can be told. Open it by break-glass."
# Retry interval where no one on a person's line can be told: the role may have been filled by then.
TRY_AGAIN_AFTER = datetime.timedelta(hours=1)
SUBJECTS = {
    Stage.DUE_SOON: Subject.DUE_SOON,
    Stage.DUE: Subject.DUE,
    Stage.LATE: Subject.LATE,
    Stage.TO_MANAGER: Subject.ESCALATED,
    Stage.TO_SERVICE_MANAGER: Subject.ESCALATED,
}

# Stages go by their place in the enumeration: 1 due soon, 2 due, 3 late, 4 to the manager, 5 to the service manager.
# The line of a deadline: level 1 those responsible, 2 their managers, 3 the council's service managers.
# A stage is meant for a level and reaches the first one from there up at which someone can be told. Of the stages
# that have begun, each person is told only the furthest one of their own line. Each person responsible for a deadline
# has a line of their own: one who can't be told is covered by their managers even where a colleague can be.
# No one is told of their own family; a manager is told only of what they may open.
# A restricted case is told only to those who know of it. Where none of them is left on a line it goes to all service
# managers (level 4) as "a restricted case", which names nothing and leads to break-glass.
# Claimed rows are read from the table again where many rows need them: the planner can't know how many there are, and
# would scan all of them for each.
STATEMENT = """
WITH %(never_told)s, %(told_of_restricted)s, due AS MATERIALIZED (
    SELECT id, next_stage_at
    FROM deadlines_deadline
    WHERE next_stage_at <= %(now)s
    ORDER BY next_stage_at
    LIMIT %(batch)s
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE deadlines_deadline AS deadline
    SET next_stage_at = CASE WHEN deadline.met_at IS NULL AND deadline.not_needed = '' THEN LEAST(
        CASE WHEN deadline.warn_at > %(now)s THEN deadline.warn_at END,
        CASE WHEN deadline.due_from > %(now)s THEN deadline.due_from END,
        CASE WHEN deadline.late_from > %(now)s THEN deadline.late_from END,
        CASE WHEN deadline.manager_from > %(now)s THEN deadline.manager_from END,
        CASE WHEN deadline.service_manager_from > %(now)s THEN deadline.service_manager_from END
    ) END
    FROM due
    WHERE deadline.id = due.id
    RETURNING deadline.id, deadline.kind, deadline.authority_id, deadline.family_id, deadline.child_id,
              deadline.responsible_ids,
              deadline.due_on, deadline.due_at, deadline.warn_at, deadline.due_from, deadline.late_from,
              deadline.manager_from, deadline.service_manager_from, due.next_stage_at AS waited_since,
              deadline.met_at IS NULL AND deadline.not_needed = '' AS is_open
), sealed AS MATERIALIZED (
    SELECT id FROM claimed
    WHERE is_open AND (child_id IN (SELECT id FROM sealed_child)
                       OR family_id IN (SELECT family_id FROM closed_family))
), tellable AS MATERIALIZED (
    SELECT claimed.* FROM claimed WHERE is_open AND NOT EXISTS (SELECT FROM sealed WHERE sealed.id = claimed.id)
), held AS NOT MATERIALIZED (
    SELECT held.user_id, held.authority_id, held.team_id, held.role, account.is_active
    FROM accounts_roleassignment held JOIN accounts_user account ON account.id = held.user_id
    WHERE held.starts_on <= %(today)s AND (held.ends_on IS NULL OR held.ends_on > %(today)s)
), begun AS MATERIALIZED (
    SELECT id, 1 AS level,
           CASE WHEN late_from <= %(now)s THEN 3 WHEN due_from <= %(now)s THEN 2 ELSE 1 END AS stage
    FROM tellable WHERE warn_at <= %(now)s
    UNION ALL
    SELECT id, 2, 4 FROM tellable WHERE manager_from <= %(now)s
    UNION ALL
    SELECT id, 3, 5 FROM tellable WHERE service_manager_from <= %(now)s
), answering AS MATERIALIZED (
    -- A deadline for which no one is responsible has one row, with user id 0.
    SELECT id, authority_id, family_id, manager_from, service_manager_from,
           unnest(coalesce(nullif(responsible_ids, '{}'), '{0}')) AS user_id
    FROM tellable
), themselves AS MATERIALIZED (
    SELECT answering.id, answering.user_id
    FROM answering
    JOIN (SELECT DISTINCT user_id, authority_id FROM held WHERE is_active) AS person
      ON person.user_id = answering.user_id AND person.authority_id = answering.authority_id
    WHERE NOT EXISTS (
        SELECT FROM barred WHERE barred.user_id = answering.user_id AND barred.family_id = answering.family_id
    )
      AND (answering.family_id NOT IN (SELECT id FROM restricted_case)
           OR (answering.family_id, answering.user_id) IN (SELECT family_id, user_id FROM knowing))
), upwards AS MATERIALIZED (
    SELECT id, authority_id, family_id, user_id FROM answering
    WHERE manager_from <= %(now)s
       OR NOT EXISTS (
           SELECT FROM themselves WHERE themselves.id = answering.id AND themselves.user_id = answering.user_id
       )
), hidden AS MATERIALIZED (
    -- IS TRUE makes the planner hash it: it cannot know how few rows there are.
    SELECT id, authority_id, family_id, user_id FROM upwards
    WHERE (family_id IN (SELECT id FROM restricted_case)) IS TRUE
), own_manager AS MATERIALIZED (
    SELECT DISTINCT upwards.id, upwards.user_id AS of_id, manager.user_id
    FROM upwards
    JOIN families_family family ON family.id = upwards.family_id
    JOIN held own ON own.user_id = upwards.user_id AND own.authority_id = upwards.authority_id
    JOIN held manager ON manager.team_id = own.team_id AND manager.role = %(team_manager)s
    WHERE manager.is_active AND manager.user_id <> upwards.user_id
      AND ((upwards.family_id, manager.user_id) IN (SELECT family_id, user_id FROM knowing)
           OR NOT family.restricted
              AND (manager.team_id = family.team_id
                   OR EXISTS (
                       SELECT FROM families_allocation allocation
                       WHERE allocation.family_id = family.id AND allocation.user_id = manager.user_id
                         AND allocation.starts_on <= %(today)s
                         AND (allocation.ends_on IS NULL OR allocation.ends_on > %(today)s)
                   )
                   OR EXISTS (
                       SELECT FROM held other
                       WHERE other.user_id = manager.user_id AND other.authority_id = family.authority_id
                         AND (other.role IN (%(service_manager)s, %(coordinator)s)
                              OR other.role IN (%(team_manager)s, %(social_worker)s)
                                 AND other.team_id = family.team_id)
                   )))
      AND NOT EXISTS (
          SELECT FROM barred WHERE barred.user_id = manager.user_id AND barred.family_id = upwards.family_id
      )
), manager AS MATERIALIZED (
    SELECT id, of_id, user_id FROM own_manager
    UNION
    SELECT upwards.id, upwards.user_id, held.user_id
    FROM upwards
    JOIN families_family family ON family.id = upwards.family_id
    JOIN held ON held.team_id = family.team_id AND held.role = %(team_manager)s
    WHERE held.is_active AND held.user_id <> upwards.user_id AND NOT family.restricted
      AND NOT EXISTS (
          SELECT FROM own_manager
          WHERE own_manager.id = upwards.id AND own_manager.of_id = upwards.user_id
      )
      AND NOT EXISTS (
          SELECT FROM barred WHERE barred.user_id = held.user_id AND barred.family_id = upwards.family_id
      )
    UNION
    SELECT hidden.id, hidden.user_id, held.user_id
    FROM hidden
    JOIN knowing ON knowing.family_id = hidden.family_id
    JOIN held ON held.user_id = knowing.user_id AND held.authority_id = hidden.authority_id
             AND held.role = %(team_manager)s
    WHERE held.is_active AND held.user_id <> hidden.user_id
      AND NOT EXISTS (
          SELECT FROM own_manager
          WHERE own_manager.id = hidden.id AND own_manager.of_id = hidden.user_id
      )
      AND NOT EXISTS (
          SELECT FROM barred WHERE barred.user_id = held.user_id AND barred.family_id = hidden.family_id
      )
), highest AS MATERIALIZED (
    SELECT id, authority_id, family_id, user_id FROM answering WHERE service_manager_from <= %(now)s
    UNION
    SELECT id, authority_id, family_id, user_id FROM upwards
    WHERE NOT EXISTS (SELECT FROM manager WHERE manager.id = upwards.id AND manager.of_id = upwards.user_id)
), service_manager AS MATERIALIZED (
    SELECT DISTINCT highest.id, highest.user_id AS of_id, held.user_id
    FROM highest
    JOIN held ON held.authority_id = highest.authority_id AND held.role = %(service_manager)s
    WHERE held.is_active
      AND (highest.family_id NOT IN (SELECT id FROM restricted_case)
           OR (highest.family_id, held.user_id) IN (SELECT family_id, user_id FROM knowing))
      AND NOT EXISTS (
          SELECT FROM barred WHERE barred.user_id = held.user_id AND barred.family_id = highest.family_id
      )
), stranger AS MATERIALIZED (
    SELECT DISTINCT highest.id, highest.user_id AS of_id, held.user_id
    FROM highest
    JOIN held ON held.authority_id = highest.authority_id AND held.role = %(service_manager)s
    WHERE held.is_active
      AND (highest.family_id IN (SELECT id FROM restricted_case)) IS TRUE
      AND NOT EXISTS (
          SELECT FROM barred WHERE barred.user_id = held.user_id AND barred.family_id = highest.family_id
      )
), line AS MATERIALIZED (
    SELECT id, user_id AS of_id, 1 AS level, user_id FROM themselves
    UNION ALL SELECT id, of_id, 2, user_id FROM manager
    UNION ALL SELECT id, of_id, 3, user_id FROM service_manager
    UNION ALL SELECT id, of_id, 4, user_id FROM stranger
), reached AS MATERIALIZED (
    SELECT begun.id, begun.stage, answering.user_id AS of_id, min(line.level) AS level
    FROM begun
    JOIN answering ON answering.id = begun.id
    LEFT JOIN line ON line.id = begun.id AND line.of_id = answering.user_id AND line.level >= begun.level
    GROUP BY begun.id, begun.stage, answering.user_id
), untold AS MATERIALIZED (
    SELECT DISTINCT id FROM (
        SELECT id FROM reached GROUP BY id, stage HAVING max(level) IS NULL
    ) AS stage_without_anybody
), again AS MATERIALIZED (
    SELECT id FROM reached WHERE level IS NULL UNION SELECT id FROM sealed
), wanted AS (
    SELECT DISTINCT ON (line.id, line.user_id) line.id, line.user_id, reached.stage
    FROM reached
    JOIN line ON line.id = reached.id AND line.of_id = reached.of_id AND line.level = reached.level
    ORDER BY line.id, line.user_id, reached.stage DESC
), raised AS (
    INSERT INTO deadlines_deadlinenotice (deadline_id, stage, user_id, late_from, raised_at)
    SELECT wanted.id, (%(stages)s::text[])[wanted.stage], wanted.user_id, deadline.late_from, %(now)s
    FROM wanted JOIN deadlines_deadline AS deadline ON deadline.id = wanted.id
    ON CONFLICT DO NOTHING
    RETURNING id, deadline_id, array_position(%(stages)s::text[], stage::text) AS stage, user_id
), seen AS MATERIALIZED (
    SELECT raised.id, raised.user_id, raised.deadline_id, raised.stage, deadline.authority_id, deadline.family_id,
           deadline.late_from, deadline.kind, deadline.due_at, deadline.due_on,
           deadline.family_id IN (SELECT id FROM restricted_case)
           AND (deadline.family_id, raised.user_id) NOT IN (SELECT family_id, user_id FROM knowing) AS is_stranger
    FROM raised
    JOIN deadlines_deadline AS deadline ON deadline.id = raised.deadline_id
), said AS MATERIALIZED (
    SELECT seen.id, seen.user_id, seen.deadline_id, seen.stage, seen.authority_id, seen.family_id, seen.late_from,
           CASE WHEN NOT seen.is_stranger THEN family.case_number END AS case_number,
           seen.stage >= 3 OR (seen.stage = 2 AND seen.due_at IS NOT NULL) AS is_critical,
           seen.due_at IS NULL AND NOT seen.kind = ANY(%(urgent)s) AS can_wait,
           CASE WHEN seen.is_stranger THEN %(glass_before)s || seen.family_id || %(glass_after)s
                ELSE %(url_before)s || seen.deadline_id || %(url_after)s END AS url,
           CASE WHEN seen.is_stranger THEN (%(labels)s::text[])[seen.stage] || ': ' || %(restricted_case)s
                ELSE
           left((%(labels)s::text[])[seen.stage] || ': ' || coalesce(%(titles)s::jsonb ->> seen.kind, %(untitled)s)
                || ', case ' || coalesce(family.case_number, 'not recorded') || '. Last day '
                || coalesce(to_char(seen.due_at AT TIME ZONE 'Europe/London', 'Dy FMDD Mon, HH24:MI'),
                            to_char(seen.due_on, 'Dy FMDD Mon YYYY'))
                || '.', 250) END AS text
    FROM seen
    LEFT JOIN families_family family ON family.id = seen.family_id
), noticed AS (
    INSERT INTO notifications_notice (user_id, key, text, url, urgent, created_at)
    SELECT user_id, 'deadline:' || id, text, url, stage >= 3, %(now)s FROM said
    ON CONFLICT DO NOTHING
), numbered AS (
    SELECT said.*, row_number() OVER (
        PARTITION BY user_id, authority_id, can_wait ORDER BY stage DESC, late_from, deadline_id
    ) AS place
    FROM said WHERE is_critical
), mail AS (
    SELECT user_id, authority_id, can_wait, min(id) AS id, max(stage) AS stage, count(*) AS number,
           CASE WHEN count(DISTINCT family_id) = 1 THEN min(case_number) END AS reference,
           string_agg(text || E'\\n' || %(site)s || url, E'\\n\\n' ORDER BY place)
               FILTER (WHERE place <= %(lines)s) AS lines
    FROM numbered GROUP BY user_id, authority_id, can_wait
), mailed AS (
    INSERT INTO notifications_message (
        authority_id, key, kind, user_id, to_email, subject, body, calendar_file, state, created_at, send_after,
        tries, failure, withdrawn_because
    )
    SELECT mail.authority_id, 'deadlines:' || mail.id || ':' || mail.user_id, %(alert)s, mail.user_id,
           account.email,
           (%(subjects)s::text[])[mail.stage] || ': ' || CASE WHEN mail.reference ~ %(reference)s THEN mail.reference
                                        ELSE %(today)s::text END,
           mail.lines
           || CASE WHEN mail.number > %(lines)s
                   THEN E'\\n\\nAnd ' || mail.number - %(lines)s || ' more.' ELSE '' END
           || E'\\n\\nAll your work: ' || %(site)s || %(all_work)s,
           '', %(waiting)s, %(now)s,
           CASE WHEN mail.can_wait THEN (%(opens)s::jsonb ->> mail.authority_id::text)::timestamptz ELSE %(now)s END,
           0, '', ''
    FROM mail
    JOIN accounts_user account ON account.id = mail.user_id
    ON CONFLICT (key) DO NOTHING
    RETURNING id
)
SELECT (SELECT count(*) FROM claimed), (SELECT count(*) FROM raised),
       ARRAY(SELECT DISTINCT user_id FROM raised), (SELECT min(waited_since) FROM claimed),
       ARRAY(SELECT id FROM untold ORDER BY id), ARRAY(SELECT id FROM again), (SELECT count(*) FROM mailed)
"""


COME_AGAIN = """
UPDATE deadlines_deadline SET next_stage_at = LEAST(next_stage_at, %(again)s) WHERE id = ANY(%(ids)s)
"""


@dataclass(frozen=True)
class Raised:
    """One batch: how many deadlines it claimed, how many notices it wrote, who got them, and which reached no one."""

    claimed: int
    notices: int
    told: frozenset[int]
    oldest: datetime.datetime | None
    untold_ids: Sequence[int]


def _opens(now: datetime.datetime) -> dict[int, datetime.datetime]:
    """Return when each council reads its mail next: now, within its working hours."""
    councils = list(Authority.objects.values_list("pk", flat=True))
    return {pk: next_working_moment(calendar, now) for pk, calendar in calendars_for(councils).items()}


@transaction.atomic
def raise_stages(*, now: datetime.datetime) -> Raised:
    """Notify people of the stages that have begun by ``now``, for one batch of deadlines.

    In order, all in one transaction:
    1. claims deadlines whose next stage has begun, skipping those held by another sweep, and advances them to
      the stage after it;
    2. finds who each stage reaches: active people who hold a role in the council today and don't belong to the
      family, else up the line; no one where the child's record is sealed; of a restricted case those who may
      open it and, where none of them can be told, the service managers, who learn only that there is one;
    3. writes one DeadlineNotice per person and stage, once for good;
    4. for those just written: an in-product notice and, for what is late, was passed on or is in its last
      hours, one e-mail per person in the outbox. It leaves in the council's working hours; of limits in hours, and
      of what is urgent, at once in a mail of its own;
    5. schedules a retry in an hour for deadlines with a line on which no one can be told, and for those about a
      sealed record, which may be unsealed.
    """
    url_before, _, url_after = reverse("deadlines:deadline", args=[0]).partition("0")
    glass_before, _, glass_after = reverse("families:break-glass", args=[0]).partition("0")
    parts = {"never_told": never_told(), "told_of_restricted": told_of_restricted(on=civil_day(now))}
    statement = STATEMENT
    for name, part in parts.items():
        statement = statement.replace(f"%({name})s", part)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "now": now,
                "today": civil_day(now),
                "batch": BATCH,
                "lines": LINES,
                "stages": Stage.values,
                "labels": Stage.labels,
                "subjects": [SUBJECTS[stage].label for stage in Stage],
                "titles": json.dumps({kind: clock.title for kind, clock in registry.items()}),
                "untitled": "A time limit",
                "team_manager": Role.TEAM_MANAGER,
                "service_manager": Role.SERVICE_MANAGER,
                "coordinator": Role.COORDINATOR,
                "social_worker": Role.SOCIAL_WORKER,
                "url_before": url_before,
                "url_after": url_after,
                "glass_before": glass_before,
                "glass_after": glass_after,
                "restricted_case": RESTRICTED_CASE,
                "site": settings.PUBLIC_URL,
                "all_work": reverse("deadlines:my-work"),
                "urgent": [kind for kind, clock in registry.items() if clock.is_urgent],
                "opens": json.dumps({pk: when.isoformat() for pk, when in _opens(now).items()}),
                "reference": f"^(?:{REFERENCE.pattern})$",
                "alert": MessageKind.ALERT,
                "waiting": MessageState.WAITING,
            },
        )
        claimed, notices, told, oldest, untold_ids, again_ids, mailed = cursor.fetchone()
        if again_ids:
            cursor.execute(COME_AGAIN, {"again": now + TRY_AGAIN_AFTER, "ids": again_ids})
    if mailed:
        wake_sender_after_commit()
    return Raised(claimed=claimed, notices=notices, told=frozenset(told), oldest=oldest, untold_ids=untold_ids)
