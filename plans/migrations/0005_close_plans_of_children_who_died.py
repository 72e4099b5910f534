"""Close the plans of children whose death, or whose pregnancy's end, was recorded while their plan stayed open."""

from django.db import migrations

CLOSE = """
WITH closed AS (
    UPDATE plans_plan AS plan
    SET ends_on = greatest(plan.starts_on, coalesce(person.death_date, pregnancy.ended_on, plan.starts_on)),
        end_reason = CASE WHEN person.birth_date IS NULL THEN 'pregnancy_ended' ELSE 'died' END,
        version = plan.version + 1
    FROM families_child AS child
    JOIN families_person AS person ON person.id = child.person_id
    LEFT JOIN families_pregnancy AS pregnancy ON pregnancy.id = child.pregnancy_id
    WHERE child.id = plan.child_id AND plan.ends_on IS NULL AND (
        person.death_date IS NOT NULL
        OR person.birth_date IS NULL
            AND pregnancy.outcome IN ('stillbirth', 'miscarriage', 'termination', 'not_pregnant')
    )
    RETURNING plan.id, plan.ends_on
)
UPDATE plans_keyworker AS worker
SET ends_on = greatest(worker.starts_on, closed.ends_on)
FROM closed
WHERE worker.plan_id = closed.id AND worker.ends_on IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0004_end_with_the_child'),
        ('families', '0006_carry_losses'),
    ]

    operations = [migrations.RunSQL(CLOSE, migrations.RunSQL.noop)]
