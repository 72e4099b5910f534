"""Tells pages that follow a meeting of breaks, of what was read out, and of answers about observers, as 0008 does."""

from __future__ import annotations

from django.db import migrations

TABLES = (
    ("meetings_break", "SELECT s.conference_id FROM public.conferences_sitting s WHERE s.id = $1.sitting_id"),
    (
        "meetings_statementread",
        "SELECT s.conference_id FROM public.conferences_part p JOIN public.conferences_sitting s"
        " ON s.id = p.sitting_id WHERE p.id = $1.part_id",
    ),
    (
        "meetings_observeranswer",
        "SELECT p.conference_id FROM public.conferences_participant p WHERE p.id = $1.observer_id",
    ),
)


def _tells(table: str, conference: str) -> str:
    return (
        f"CREATE TRIGGER tells_of_change AFTER INSERT OR UPDATE OR DELETE ON public.{table} FOR EACH ROW"
        f" EXECUTE FUNCTION public.meetings_tell_of_change('{conference}');"
    )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0013_late_entries")]

    operations = [
        migrations.RunSQL(
            "\n".join(_tells(*table) for table in TABLES),
            reverse_sql="\n".join(f"DROP TRIGGER tells_of_change ON public.{table};" for table, _ in TABLES),
        )
    ]
