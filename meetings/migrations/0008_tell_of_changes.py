"""Tells whoever listens which conference a transaction has changed, once it is committed, and nothing else."""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE FUNCTION public.meetings_tell_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    conference bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE TG_ARGV[0] INTO conference USING OLD;
    ELSE
        EXECUTE TG_ARGV[0] INTO conference USING NEW;
    END IF;
    IF conference IS NOT NULL THEN
        PERFORM pg_notify('meeting_changed', conference::text);
    END IF;
    RETURN NULL;
END;
$$;
"""
_OF_A_CHILD = "SELECT c.conference_id FROM public.conferences_conferencechild c WHERE c.id = $1.conference_child_id"
_OF_A_DECISION = (
    "SELECT c.conference_id FROM public.conferences_decision d JOIN public.conferences_conferencechild c"
    " ON c.id = d.conference_child_id WHERE d.id = $1.decision_id"
)
_OF_A_PARTICIPANT = "SELECT p.conference_id FROM public.conferences_participant p WHERE p.id = $1.participant_id"
_OF_A_SITTING = "SELECT s.conference_id FROM public.conferences_sitting s WHERE s.id = $1.sitting_id"
_OWN = "SELECT $1.conference_id"
TABLES = {
    "conferences_conference": "SELECT $1.id",
    "conferences_conferencechild": _OWN,
    "conferences_sitting": _OWN,
    "conferences_part": _OF_A_SITTING,
    "conferences_participant": _OWN,
    "conferences_participant_parts": _OF_A_PARTICIPANT,
    "conferences_exclusionrequest": _OWN,
    "conferences_attendance": _OF_A_PARTICIPANT,
    "conferences_decision": _OF_A_CHILD,
    "meetings_agendaitem": _OWN,
    "meetings_boardentry": _OWN,
    "meetings_outlineaction": _OWN,
    "meetings_safetystop": _OWN,
    "meetings_withoutquorum": _OF_A_SITTING,
    "meetings_score": _OF_A_CHILD,
    "meetings_view": _OF_A_CHILD,
    "meetings_decisionconsent": _OF_A_DECISION,
    "meetings_dissent": _OF_A_DECISION,
    "meetings_explanation": _OF_A_DECISION,
    "meetings_entrymove": _OWN,
}
# A screen that is turned off has to go dark; what it has shown last changes all the time.
PROJECTION = """
CREATE TRIGGER tells_of_change AFTER UPDATE OF ended_at ON public.meetings_projection
    FOR EACH ROW EXECUTE FUNCTION public.meetings_tell_of_change('SELECT $1.conference_id');
"""


def _trigger(table: str, conference: str) -> str:
    return (
        f"CREATE TRIGGER tells_of_change AFTER INSERT OR UPDATE OR DELETE ON public.{table} "
        f"FOR EACH ROW EXECUTE FUNCTION public.meetings_tell_of_change('{conference}');"
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_chair_prepares"), ("conferences", "0031_parts_given_up")]

    operations = [
        migrations.RunSQL(
            FUNCTION + "\n".join(_trigger(*pair) for pair in TABLES.items()) + PROJECTION,
            reverse_sql="DROP FUNCTION public.meetings_tell_of_change() CASCADE",
        )
    ]
