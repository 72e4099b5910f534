from django.db import migrations

# Scores at meetings that were held so far stood on every page; the rounds for them are over.
SHOWN = """
UPDATE core_groups_meetingscore score SET shown_at = score.recorded_at
FROM core_groups_coregroupmeeting meeting
WHERE meeting.id = score.meeting_id AND meeting.state = 'held' AND score.superseded_at IS NULL
"""
ENDED = """
INSERT INTO core_groups_meetinground (meeting_id, child_id, sitting_id, ended_at, ended_because, explored)
SELECT score.meeting_id, score.child_id, score.sitting_id, max(score.shown_at), '', ''
FROM core_groups_meetingscore score
WHERE score.shown_at IS NOT NULL
GROUP BY score.meeting_id, score.child_id, score.sitting_id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [("core_groups", "0013_rounds_and_stops")]

    operations = [
        migrations.RunSQL(SHOWN, migrations.RunSQL.noop),
        migrations.RunSQL(ENDED, migrations.RunSQL.noop),
    ]
