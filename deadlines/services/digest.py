"""The morning e-mail: what has come near since the last one, in one message per person."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import Authority
from deadlines.clocks import registry
from deadlines.enums import Stage
from deadlines.models import DigestRun
from deadlines.services.audience import never_told, told_of_restricted
from deadlines.services.escalation import RESTRICTED_CASE
from deadlines.working_days.arithmetic import LONDON, civil_day
from deadlines.working_days.calendars import calendars_for
from notifications.enums import MessageKind, MessageState, Subject
from notifications.services.wake import wake_sender_after_commit

MORNING = datetime.time(7, 30)
# Stages that wait for the morning; later ones are told at once.
STAGES = (Stage.DUE_SOON, Stage.DUE)
# Deadlines listed in a digest; the rest are only counted.
LINES = 100

STATEMENT = """
WITH %(never_told)s, %(told_of_restricted)s, person AS MATERIALIZED (
    -- A user who works for two councils gets one digest, from the council of their oldest role.
    SELECT held.* FROM (
        SELECT DISTINCT ON (held.user_id) held.user_id, held.authority_id, account.email
        FROM accounts_roleassignment held JOIN accounts_user account ON account.id = held.user_id
        WHERE account.is_active AND held.starts_on <= %(today)s
          AND (held.ends_on IS NULL OR held.ends_on > %(today)s)
        ORDER BY held.user_id, held.id
    ) AS held
    WHERE held.authority_id = ANY(%(authorities)s)
), word AS (
    SELECT * FROM unnest(%(stages)s::text[], %(ranks)s::int[], %(labels)s::text[]) AS word (stage, rank, label)
), title AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(titles)s::text[]) AS title (kind, words)
), news AS MATERIALIZED (
    SELECT DISTINCT ON (notice.user_id, notice.deadline_id)
           notice.user_id, word.rank, deadline.plan_for_on, deadline.id,
           word.label || ': '
           || CASE WHEN deadline.family_id IN (SELECT id FROM restricted_case)
                        AND (deadline.family_id, notice.user_id) NOT IN (SELECT family_id, user_id FROM knowing)
                   THEN %(restricted_case)s
                   ELSE coalesce(title.words, %(untitled)s) || ', case '
                        || coalesce(family.case_number, 'not recorded') || '. Last day '
                        || coalesce(to_char(deadline.due_at AT TIME ZONE 'Europe/London', 'Dy FMDD Mon, HH24:MI'),
                                    to_char(deadline.due_on, 'Dy FMDD Mon YYYY'))
                        || '.'
              END AS text
    FROM person
    JOIN deadlines_deadlinenotice notice ON notice.user_id = person.user_id AND notice.digest_id IS NULL
    JOIN word ON word.stage = notice.stage
    JOIN deadlines_deadline deadline
      ON deadline.id = notice.deadline_id AND deadline.late_from = notice.late_from
    LEFT JOIN title ON title.kind = deadline.kind
    LEFT JOIN families_family family ON family.id = deadline.family_id
    WHERE deadline.met_at IS NULL AND deadline.not_needed = '' AND deadline.late_from > %(now)s
      AND NOT EXISTS (SELECT FROM sealed_child WHERE sealed_child.id = deadline.child_id)
      AND NOT EXISTS (SELECT FROM closed_family WHERE closed_family.family_id = deadline.family_id)
      AND NOT EXISTS (
          SELECT FROM barred WHERE barred.user_id = notice.user_id AND barred.family_id = deadline.family_id
      )
    ORDER BY notice.user_id, notice.deadline_id, word.rank DESC
), late AS MATERIALIZED (
    SELECT id, family_id, responsible_ids, late_from FROM deadlines_deadline AS deadline
    WHERE met_at IS NULL AND not_needed = '' AND late_from <= %(now)s
      AND NOT EXISTS (SELECT FROM sealed_child WHERE sealed_child.id = deadline.child_id)
      AND NOT EXISTS (SELECT FROM closed_family WHERE closed_family.family_id = deadline.family_id)
), overdue AS MATERIALIZED (
    SELECT user_id, count(*) AS number FROM (
        SELECT late.id, late.family_id, answering.user_id
        FROM late CROSS JOIN LATERAL unnest(late.responsible_ids) AS answering (user_id)
        UNION
        SELECT late.id, late.family_id, notice.user_id
        FROM late
        JOIN deadlines_deadlinenotice notice
          ON notice.deadline_id = late.id AND notice.late_from = late.late_from
        WHERE NOT notice.stage = ANY(%(stages)s)
    ) AS theirs
    WHERE NOT EXISTS (
        SELECT FROM barred WHERE barred.user_id = theirs.user_id AND barred.family_id = theirs.family_id
    )
      AND (theirs.family_id NOT IN (SELECT id FROM restricted_case)
           OR (theirs.family_id, theirs.user_id) IN (SELECT family_id, user_id FROM knowing))
    GROUP BY user_id
), line AS (
    SELECT user_id, text, row_number() OVER (
        PARTITION BY user_id ORDER BY plan_for_on, rank DESC, id
    ) AS place FROM news
), listed AS MATERIALIZED (
    SELECT user_id, count(*) AS number,
           string_agg(text, E'\\n' ORDER BY place) FILTER (WHERE place <= %(lines)s) AS lines
    FROM line GROUP BY user_id
), written AS (
    INSERT INTO notifications_message (
        authority_id, key, kind, user_id, to_email, subject, body, calendar_file, state, created_at, send_after,
        tries, failure, withdrawn_because
    )
    SELECT person.authority_id, 'digest:' || person.user_id || ':' || %(today)s::date, %(notice)s,
           person.user_id, person.email, %(subject)s || ': ' || %(today)s::date,
           coalesce(listed.lines
                    || CASE WHEN listed.number > %(lines)s
                            THEN E'\\nAnd ' || listed.number - %(lines)s || ' more.' ELSE '' END,
                    'Nothing new came near its limit.')
           || CASE WHEN overdue.number > 0 THEN E'\\n\\nOverdue: ' || overdue.number || '.' ELSE '' END
           || E'\\n\\nAll your work: ' || %(all_work)s,
           '', %(waiting)s, %(now)s, %(now)s, 0, '', ''
    FROM person
    LEFT JOIN listed ON listed.user_id = person.user_id
    LEFT JOIN overdue ON overdue.user_id = person.user_id
    WHERE listed.number > 0 OR overdue.number > 0
    ON CONFLICT (key) DO NOTHING
    RETURNING id, user_id, authority_id
), marked AS (
    UPDATE deadlines_deadlinenotice notice SET digest_id = written.id
    FROM written
    WHERE notice.user_id = written.user_id AND notice.digest_id IS NULL AND notice.stage = ANY(%(stages)s)
)
SELECT authority_id, count(*) FROM written GROUP BY authority_id
"""


@transaction.atomic
def write_digests(*, now: datetime.datetime) -> int:
    """Write the day's digest for everyone whose council works today; return how many. Does nothing before 7:30.

    Level-triggered: the first run after 7:30 London time to find a council without its digests writes them;
    later runs do nothing. In order, all in one transaction:
    1. marks each such council as done for the day, waiting for any other worker doing the same;
    2. writes one e-mail per person: what came near or fell due since their last digest and is still running, as
      case number and kind, and how many of their items are overdue. No empty digests are sent;
    3. marks what it listed, so that it is never listed again.
    Raises CalendarEnds where a council's calendar does not cover today.
    """
    today = civil_day(now)
    if now.astimezone(LONDON).time() < MORNING:
        return 0
    done = DigestRun.objects.filter(day=today).values("authority")
    waiting = list(Authority.objects.exclude(pk__in=done).order_by("pk").values_list("pk", flat=True))
    if not waiting:
        return 0
    calendars = calendars_for(waiting)
    claimed = _claim([pk for pk in waiting if calendars[pk].is_working(today)], today=today, now=now)
    if not claimed:
        return 0
    people = _write(claimed, today=today, now=now)
    for authority_id, number in people.items():
        DigestRun.objects.filter(authority=authority_id, day=today).update(people=number)
    if people:
        wake_sender_after_commit()
    return sum(people.values())


def _claim(authority_ids: list[int], *, today: datetime.date, now: datetime.datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO deadlines_digestrun (authority_id, day, written_at, people)
            SELECT authority_id, %s, %s, 0 FROM unnest(%s::bigint[]) AS authority_id ORDER BY authority_id
            ON CONFLICT DO NOTHING RETURNING authority_id
            """,
            [today, now, authority_ids],
        )
        return [authority_id for (authority_id,) in cursor.fetchall()]


def _write(authority_ids: list[int], *, today: datetime.date, now: datetime.datetime) -> dict[int, int]:
    """Return how many people in each council now have a digest."""
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT.replace("%(never_told)s", never_told()).replace(
                "%(told_of_restricted)s", told_of_restricted(on=today)
            ),
            {
                "now": now,
                "today": today,
                "authorities": authority_ids,
                "stages": [stage.value for stage in STAGES],
                "ranks": list(range(len(STAGES))),
                "labels": [stage.label for stage in STAGES],
                "kinds": list(registry),
                "titles": [clock.title for clock in registry.values()],
                "untitled": "A time limit",
                "restricted_case": RESTRICTED_CASE,
                "lines": LINES,
                "notice": MessageKind.NOTICE,
                "subject": Subject.DIGEST.label,
                "all_work": settings.PUBLIC_URL + reverse("deadlines:my-work"),
                "waiting": MessageState.WAITING,
            },
        )
        return dict(cursor.fetchall())
