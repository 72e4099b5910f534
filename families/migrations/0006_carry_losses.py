"""Carry deaths that were recorded as a detail of a person: each becomes an entry of its own.

Their families' messages are not held: for them the time has passed.
"""

from django.db import migrations

CARRY = """
INSERT INTO families_loss (
    person_id, kind, happened_on, source, recorded_at, withdrawn_because, messages_from, messages_because
)
SELECT id, CASE WHEN birth_date IS NULL AND is_child THEN 'stillbirth' ELSE 'died' END, death_date,
    'Recorded with the person''s details', now(), '', now(), 'Recorded before messages were held.'
FROM (
    SELECT person.id, person.birth_date, person.death_date, child.id IS NOT NULL AS is_child
    FROM families_person AS person LEFT JOIN families_child AS child ON child.person_id = person.id
    WHERE person.death_date IS NOT NULL
) AS dead
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('families', '0005_losses'),
    ]

    operations = [migrations.RunSQL(CARRY, migrations.RunSQL.noop)]
