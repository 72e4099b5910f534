from django.db import migrations

BECAUSE = "They were told before tellings were recorded."


def say_so(apps, schema_editor):
    """Keep as told of the meeting whoever was invited without an e-mail address: that is how it stood."""
    participants = apps.get_model("conferences", "Participant").objects
    to_tell = apps.get_model("conferences", "ToTell")
    invited = participants.filter(invited_at__isnull=False, email="").order_by("pk")
    rows = (
        to_tell(
            conference_id=row.conference_id,
            participant_id=row.pk,
            occasion="invitation",
            because=BECAUSE,
            arose_at=row.invited_at,
            told_at=row.invited_at,
        )
        for row in invited.only("pk", "conference_id", "invited_at").iterator(chunk_size=2000)
    )
    to_tell.objects.bulk_create(rows, batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [("conferences", "0006_tell_people_otherwise")]

    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]
