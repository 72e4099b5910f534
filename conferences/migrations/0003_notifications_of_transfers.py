"""Transfer-in conferences asked for before notifications were recorded get one of the day they were asked for."""

from django.db import migrations
from django.utils import timezone


def record_notifications(apps, schema_editor):
    ConferenceChild = apps.get_model("conferences", "ConferenceChild")
    TransferIn = apps.get_model("families", "TransferIn")
    rows = ConferenceChild.objects.filter(kind="transfer_in", transfer__isnull=True).select_related("conference")
    for row in rows.order_by("pk").iterator(chunk_size=500):
        conference = row.conference
        row.transfer = TransferIn.objects.create(
            family_id=conference.family_id,
            child_id=row.child_id,
            notified_on=timezone.localdate(conference.requested_at),
            policy_version_id=conference.policy_version_id,
            from_authority="Not recorded",
            told_by="Not recorded",
            recorded_by_id=conference.requested_by_id,
            recorded_at=conference.requested_at,
        )
        row.save(update_fields=["transfer"])


class Migration(migrations.Migration):
    dependencies = [("conferences", "0002_late_agreements_and_transfers")]

    operations = [migrations.RunPython(record_notifications, migrations.RunPython.noop, elidable=True)]
