from __future__ import annotations

from django.db import migrations

# Until now an invitation said the link. What has left can't be taken back, but it is known who has it.
NOTE_WHAT_LEFT = """
    INSERT INTO conferences_linkgiven (participant_id, link, given_at)
    SELECT participant.id, conference.link, min(message.sent_at)
    FROM conferences_participant participant
    JOIN conferences_conference conference ON conference.id = participant.conference_id
    JOIN notifications_message message
      ON message.conference_id = conference.id AND message.key LIKE 'invitation:' || participant.id || ':%'
    WHERE conference.link <> '' AND conference.status IN ('scheduled', 'open')
      AND message.state = 'sent' AND position(conference.link in message.body) > 0
    GROUP BY participant.id, conference.link
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("conferences", "0010_link_given"), ("notifications", "0001_initial")]

    operations = [migrations.RunSQL(NOTE_WHAT_LEFT, migrations.RunSQL.noop)]
