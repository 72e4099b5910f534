from django.db import migrations

# Scores shown so far were shown in the part in which they were given, and the round for it is over.
SHOWN = """
INSERT INTO meetings_score_shown_in (score_id, part_id)
SELECT score.id, score.part_id
FROM meetings_score score
JOIN conferences_conferencechild child ON child.id = score.conference_child_id
WHERE child.scores_shown_at IS NOT NULL AND score.part_id IS NOT NULL
ON CONFLICT DO NOTHING
"""
ENDED = """
INSERT INTO meetings_answerround (kind, conference_child_id, part_id, ended_at, ended_because)
SELECT DISTINCT 'score', child.id, score.part_id, child.scores_shown_at, child.scores_shown_reason
FROM meetings_score score
JOIN conferences_conferencechild child ON child.id = score.conference_child_id
WHERE child.scores_shown_at IS NOT NULL AND score.part_id IS NOT NULL
ON CONFLICT DO NOTHING
"""

# Pages that follow a meeting follow these tables too.
TOLD = """
CREATE TRIGGER tells_of_change AFTER INSERT OR UPDATE OR DELETE ON public.meetings_answerround
    FOR EACH ROW EXECUTE FUNCTION public.meetings_tell_of_change(
        'SELECT c.conference_id FROM public.conferences_conferencechild c WHERE c.id = $1.conference_child_id');
CREATE TRIGGER tells_of_change AFTER INSERT OR UPDATE OR DELETE ON public.meetings_askedchild
    FOR EACH ROW EXECUTE FUNCTION public.meetings_tell_of_change(
        'SELECT p.conference_id FROM public.conferences_participant p WHERE p.id = $1.participant_id');
CREATE TRIGGER tells_of_change AFTER INSERT OR UPDATE OR DELETE ON public.meetings_score_shown_in
    FOR EACH ROW EXECUTE FUNCTION public.meetings_tell_of_change(
        'SELECT c.conference_id FROM public.meetings_score s JOIN public.conferences_conferencechild c
         ON c.id = s.conference_child_id WHERE s.id = $1.score_id');
"""


class Migration(migrations.Migration):

    dependencies = [("meetings", "0010_answers_from_own_devices")]

    operations = [
        migrations.RunSQL(SHOWN, migrations.RunSQL.noop),
        migrations.RunSQL(ENDED, migrations.RunSQL.noop),
        migrations.RunSQL(
            TOLD,
            "DROP TRIGGER tells_of_change ON public.meetings_answerround;"
            "DROP TRIGGER tells_of_change ON public.meetings_askedchild;"
            "DROP TRIGGER tells_of_change ON public.meetings_score_shown_in;",
        ),
    ]
