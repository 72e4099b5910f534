"""Give the plans there are their versions, and keep what their actions said as it was."""

from django.db import migrations

VERSIONS = """
INSERT INTO plans_planversion (plan_id, number, occasion, because, reason, decision_id, made_by_id, made_at)
SELECT moment.plan_id, row_number() OVER (PARTITION BY moment.plan_id ORDER BY moment.at),
    CASE WHEN decided.id IS NULL THEN 'start' ELSE 'conference' END, '', '', decided.id, decided.decided_by_id, moment.at
FROM (
    SELECT id AS plan_id, created_at AS at FROM plans_plan WHERE held_elsewhere = ''
    UNION
    SELECT action.plan_id, action.created_at FROM plans_planaction action
    JOIN plans_plan plan ON plan.id = action.plan_id AND plan.held_elsewhere = ''
) moment
JOIN plans_plan plan ON plan.id = moment.plan_id
LEFT JOIN LATERAL (
    SELECT decision.id, decision.decided_by_id FROM conferences_decision decision
    JOIN conferences_conferencechild listed ON listed.id = decision.conference_child_id
    WHERE listed.child_id = plan.child_id AND (
        decision.id = plan.decision_id AND moment.at = plan.created_at
        OR listed.conference_id IN (
            SELECT outline.conference_id FROM plans_planaction action
            JOIN meetings_outlineaction outline ON outline.id = action.outline_id
            WHERE action.plan_id = plan.id AND action.created_at = moment.at
        )
    )
    ORDER BY decision.id = plan.decision_id DESC NULLS LAST, decision.superseded_by_id IS NULL DESC, decision.id DESC
    LIMIT 1
) decided ON true;
"""

# The same drafted action is one thread in the plans of brothers and sisters; once in each plan.
ACTIONS = """
UPDATE plans_planaction action SET
    since_id = (SELECT id FROM plans_planversion WHERE plan_id = action.plan_id AND made_at = action.created_at),
    until_id = (
        SELECT version.id FROM plans_planaction later
        JOIN plans_planversion version ON version.plan_id = later.plan_id AND version.made_at = later.created_at
        WHERE later.id = action.superseded_by_id
    ),
    thread = CASE
        WHEN action.outline_id IS NOT NULL AND action.superseded_by_id IS NULL AND NOT EXISTS (
            SELECT FROM plans_planaction other
            WHERE other.plan_id = action.plan_id AND other.outline_id = action.outline_id AND other.id < action.id
        ) THEN md5('outline action ' || action.outline_id)::uuid
        ELSE action.thread
    END;
WITH RECURSIVE chain AS (
    SELECT id, superseded_by_id, thread FROM plans_planaction WHERE superseded_by_id IS NULL
    UNION ALL
    SELECT older.id, older.superseded_by_id, chain.thread FROM plans_planaction older
    JOIN chain ON older.superseded_by_id = chain.id
)
UPDATE plans_planaction action SET thread = chain.thread FROM chain
WHERE chain.id = action.id AND action.superseded_by_id IS NOT NULL;
"""

PROGRESS = """
INSERT INTO plans_actionprogress (action_id, progress, note, entered_by_id, at, carried_over)
SELECT kept.id, kept.progress, kept.progress_note,
    (SELECT id FROM accounts_user WHERE id::text = context.metadata ->> 'user'), kept.pgh_created_at, true
FROM (
    SELECT id, progress, progress_note, pgh_created_at, pgh_context_id, pgh_id,
        lag(progress, 1, 'not_started') OVER spell AS progress_before,
        lag(progress_note, 1, '') OVER spell AS note_before
    FROM plans_planactionevent WHERE pgh_label <> 'delete' WINDOW spell AS (PARTITION BY id ORDER BY pgh_id)
) kept
JOIN plans_planaction action ON action.id = kept.id
LEFT JOIN pghistory_context context ON context.id = kept.pgh_context_id
WHERE (kept.progress, kept.progress_note) <> (kept.progress_before, kept.note_before)
ORDER BY kept.pgh_id;
"""

CONTINGENCY = """
INSERT INTO plans_planentry (
    thread, plan_id, kind, text, services, we_do, how_often, who_else, since_id, created_at
)
SELECT gen_random_uuid(), plan.id, 'contingency', 'The plan does not work', '', plan.contingency, '', '',
    (SELECT id FROM plans_planversion WHERE plan_id = plan.id AND number = 1), plan.created_at
FROM plans_plan plan WHERE plan.contingency ~ '\\S' AND plan.held_elsewhere = '';
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0010_the_plan_as_a_document")]

    operations = [
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(ACTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(PROGRESS, migrations.RunSQL.noop),
        migrations.RunSQL(CONTINGENCY, migrations.RunSQL.noop),
    ]
