"""Tells whoever listens which core group meeting a transaction has changed, once it is committed, and nothing else."""

from __future__ import annotations

from django.db import migrations

FUNCTION = """
CREATE FUNCTION public.core_groups_tell_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    meeting bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE TG_ARGV[0] INTO meeting USING OLD;
    ELSE
        EXECUTE TG_ARGV[0] INTO meeting USING NEW;
    END IF;
    IF meeting IS NOT NULL THEN
        PERFORM pg_notify('meeting_changed', 'g' || meeting::text);
    END IF;
    RETURN NULL;
END;
$$;
"""
OF_A_MEETING = (
    "meetingattendance", "progressatmeeting", "meetingnote", "meetingscore", "meetinground", "ownwords",
    "separatesitting", "meetingstop",
)  # fmt: skip
TABLES = {"coregroupmeeting": "SELECT $1.id", **dict.fromkeys(OF_A_MEETING, "SELECT $1.meeting_id")}


def _trigger(table: str, meeting: str) -> str:
    return (
        f"CREATE TRIGGER tells_of_change AFTER INSERT OR UPDATE OR DELETE ON public.core_groups_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION public.core_groups_tell_of_change('{meeting}');"
    )


class Migration(migrations.Migration):
    dependencies = [("core_groups", "0014_what_was_shown_before")]

    operations = [
        migrations.RunSQL(
            FUNCTION + "\n".join(_trigger(*pair) for pair in TABLES.items()),
            reverse_sql="DROP FUNCTION public.core_groups_tell_of_change() CASCADE",
        )
    ]
