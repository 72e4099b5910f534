"""Children who were given a decisions letter keep it: a letter of their own takes its place from now on."""

from django.db import migrations

KEPT = """
INSERT INTO reports_document_settled_for (document_id, participant_id)
SELECT DISTINCT copy.document_id, copy.recipient_id
FROM reports_copy AS copy
JOIN reports_document AS document ON document.id = copy.document_id AND document.kind = 'decisions_letter'
JOIN conferences_participant AS place ON place.id = copy.recipient_id AND place.capacity = 'child'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0017_letters_to_children")]

    operations = [migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
