"""Let each row of a meeting's progress name the row of the action's progress that says it.

What the meeting recorded was kept in both tables at the same moment; what a member said themselves only here.
"""

from django.db import migrations

# Without new rows of history: nothing that anybody recorded changes.
CARRY = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE core_groups_progressentry DISABLE TRIGGER USER;
WITH twice AS (
    SELECT entry.id AS entry_id, min(known.id) AS known_id
    FROM core_groups_progressentry entry
    JOIN plans_actionprogress known ON known.action_id = entry.action_id AND known.at = entry.recorded_at
        AND known.progress = entry.progress AND known.note = entry.said AND NOT known.is_own
        AND known.entered_by_id IS NOT DISTINCT FROM entry.recorded_by_id
        AND known.guest_session_id IS NOT DISTINCT FROM entry.guest_session_id
    WHERE entry.member_id IS NULL AND entry.recorded_id IS NULL
    GROUP BY entry.id
)
UPDATE core_groups_progressentry entry SET recorded_id = twice.known_id FROM twice WHERE twice.entry_id = entry.id;
DO $$
DECLARE entry record; made bigint;
BEGIN
    FOR entry IN SELECT row.*, member.person_id FROM core_groups_progressentry row
        LEFT JOIN core_groups_coregroupmember member ON member.id = row.member_id
        WHERE row.recorded_id IS NULL ORDER BY row.id
    LOOP
        INSERT INTO plans_actionprogress
            (action_id, progress, note, said_by_id, entered_by_id, guest_session_id, at, is_own)
        VALUES (
            entry.action_id, entry.progress,
            CASE WHEN entry.progress IN ('stuck', 'dropped') AND entry.said !~ '\\S' THEN 'Nothing was written.'
                ELSE entry.said END,
            entry.person_id, entry.recorded_by_id, entry.guest_session_id, entry.recorded_at,
            entry.member_id IS NOT NULL
        ) RETURNING id INTO made;
        UPDATE core_groups_progressentry SET recorded_id = made WHERE id = entry.id;
    END LOOP;
END $$;
UPDATE core_groups_progressentryevent event SET recorded_id = entry.recorded_id
FROM core_groups_progressentry entry WHERE entry.id = event.pgh_obj_id AND event.recorded_id IS NULL;
ALTER TABLE core_groups_progressentry ENABLE TRIGGER USER;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("core_groups", "0010_where_progress_was_recorded")]

    operations = [migrations.RunSQL(CARRY, migrations.RunSQL.noop)]
