import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper

import families.name_keys
from families.name_keys import DROP_NAME_KEYS_SQL, NAME_KEYS_SQL


def by_name_keys(name, *columns):
    keys = families.name_keys.NameKeys(*(models.F(column) for column in columns))
    return django.contrib.postgres.indexes.GinIndex(keys, name=name)


class Migration(migrations.Migration):
    # Each index is built beside a site at work: nothing waits, and the function and indexes of the release before stay.
    atomic = False

    dependencies = [
        ('families', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(NAME_KEYS_SQL, DROP_NAME_KEYS_SQL),
        AddIndexConcurrently('person', by_name_keys('person_by_name_keys', 'given_name', 'family_name', 'unnamed_as')),
        AddIndexConcurrently('personname', by_name_keys('other_name_by_name_keys', 'given_name', 'family_name')),
        AddIndexConcurrently('family', by_name_keys('family_by_name_keys', 'name')),
        AddIndexConcurrently('contactpoint', models.Index(Upper('value'), name='contact_point_by_value')),
        AddIndexConcurrently('post', models.Index(Upper('email'), name='post_by_email')),
    ]
