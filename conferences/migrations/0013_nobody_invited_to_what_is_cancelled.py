from django.db import migrations

ASKED = ("proposed", "to_invite", "invited")


def take_back_invitations(apps, schema_editor):
    """Nobody stands as invited to a conference that was cancelled before it said so itself."""
    Conference = apps.get_model("conferences", "Conference")
    Participant = apps.get_model("conferences", "Participant")
    asked = Participant.objects.filter(conference__status="cancelled", status__in=ASKED)
    asked.update(status="withdrawn", change_reason="The conference was cancelled.")
    Conference.objects.filter(status="cancelled", invited_at__isnull=False).update(invited_at=None)


class Migration(migrations.Migration):
    dependencies = [("conferences", "0012_answers_to_a_date_given_up")]

    operations = [migrations.RunPython(take_back_invitations, migrations.RunPython.noop)]
