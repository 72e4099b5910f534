from django.db import migrations
from django.db.models import F


def say_so(apps, schema_editor):
    """Verify the mailboxes of those who chose a password by a link: without it they can set up no second step."""
    rows = apps.get_model("account", "EmailAddress").objects
    chosen = rows.filter(email=F("user__email"), verified=False, user__is_active=True)
    chosen.exclude(user__password__startswith="!").exclude(user__password="").update(verified=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]
