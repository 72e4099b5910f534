"""Migrations are applied quickly, and to the same result as Django's own way of applying them."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.core.management.commands import migrate
from django.db import connection, models, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState, StateApps
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from accounts import quick_migrating
from accounts.migrating import Together


def pointing(to: str, **kinds) -> models.ForeignKey:
    return models.ForeignKey(to, models.CASCADE, **kinds)


def trigger(sql: str) -> Trigger:
    return Trigger(
        name="kept",
        sql=UpsertTriggerSql(
            func=sql, hash=str(len(sql)), operation="UPDATE", pgid="pgtrigger_kept_1", table="quick_desk", when="AFTER"
        ),
    )


def put_names(state_apps, editor) -> None:
    """Write through the models of the moment, forwards and backwards along a foreign key."""
    room = state_apps.get_model("quick", "Room").objects.create(code="east")
    state_apps.get_model("quick", "Place").objects.create(room=room)
    state_apps.get_model("quick", "Desk").objects.create(room=room, beside=None, label="one")
    assert room.desk_set.get().room.code == "east"


STEPS = [
    operations.CreateModel(
        "Room",
        [("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=8, unique=True))],
        options={"db_table": "quick_hall_or_room"},
    ),
    Together(
        [
            operations.CreateModel(
                "Desk",
                [
                    ("id", models.BigAutoField(primary_key=True)),
                    ("label", models.CharField(max_length=20, default="", db_index=True)),
                    ("beside", pointing("quick.desk", null=True)),
                ],
            ),
            operations.CreateModel(
                "Place", [("room", models.OneToOneField("quick.room", models.CASCADE, primary_key=True))]
            ),
            operations.CreateModel(
                "Lamp", [("place", pointing("quick.place")), ("id", models.AutoField(primary_key=True))]
            ),
        ]
    ),
    Together(
        [
            operations.AddField("Desk", "room", pointing("quick.room", null=True)),
            operations.AddField(
                "Desk", "room_code", pointing("quick.room", to_field="code", related_name="+", null=True)
            ),
            operations.AddConstraint("Desk", models.UniqueConstraint("room", "label", name="one_label_a_room")),
            operations.AddConstraint(
                "Desk",
                models.CheckConstraint(condition=~Q(beside=models.F("id")) & Q(room__isnull=False), name="not_itself"),
            ),
            operations.AddIndex("Desk", models.Index("room", condition=Q(label__gt=""), name="labelled_desks")),
        ]
    ),
    operations.AddField("Desk", "lamps", models.ManyToManyField("quick.lamp")),
    AddTrigger("desk", trigger("RETURN NEW;")),
    RemoveTrigger("desk", "kept"),
    operations.RunPython(put_names),
    operations.RunSQL("UPDATE quick_desk SET label = upper(label)"),
    operations.AlterField("Desk", "label", models.TextField(default="")),
    operations.AlterField("Desk", "room", pointing("quick.place", null=True, related_name="desks")),
    operations.AlterField("Room", "code", models.TextField(unique=True)),
    operations.AlterUniqueTogether("Desk", {("label", "beside")}),
    operations.AlterModelOptions("Desk", {"ordering": ["pk"]}),
    operations.RenameModel("Room", "Hall"),
    operations.AddField("Desk", "hall", pointing("quick.hall", null=True)),
    operations.RenameField("Hall", "code", "sign"),
    operations.AddField("Desk", "hall_sign", pointing("quick.hall", to_field="sign", related_name="+", null=True)),
    operations.RemoveConstraint("Desk", "not_itself"),
    operations.RemoveIndex("Desk", "labelled_desks"),
    operations.RemoveField("Desk", "lamps"),
    operations.RemoveField("Desk", "beside"),
    operations.DeleteModel("Lamp"),
]


def made_by(take) -> list[str]:
    """Return the statements that bring the steps into the database, which is then as before."""
    migration = Migration("0001_initial", "quick")
    with CaptureQueriesContext(connection) as statements, transaction.atomic():
        with connection.schema_editor() as editor:
            take(migration, editor)
        transaction.set_rollback(True)
    return [statement["sql"] for statement in statements if "SAVEPOINT" not in statement["sql"]]


def by_django(migration, editor) -> None:
    migration.operations = STEPS
    migration.apply(ProjectState(), editor)


def quickly(migration, editor) -> None:
    steps = quick_migrating._Steps(ProjectState())
    for step in STEPS:
        steps.take(step, migration, editor)


@pytest.fixture
def no_checks_at_the_end(db):
    """Check keys at once: a table with checks that wait cannot be changed."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_statements_are_those_of_django(no_checks_at_the_end):
    assert made_by(quickly) == made_by(by_django)


def test_operations_on_the_schema_render_no_more_than_they_ask_about(db, monkeypatch):
    """Fails as soon as an operation of ours renders all models again, which takes seconds for each."""
    rendered = []
    monkeypatch.setattr(StateApps, "render_multiple", lambda _apps, states: rendered.extend(states))
    of_the_schema = [step for step in STEPS if not isinstance(step, operations.RunPython)][:7]

    def take(migration, editor):
        steps = quick_migrating._Steps(ProjectState())
        for step in of_the_schema:
            steps.take(step, migration, editor)

    assert len(made_by(take)) > len(of_the_schema)
    assert rendered == []


def test_the_command_migrates_quickly_and_leaves_nothing_changed():
    command = load_command_class(get_commands()["migrate"], "migrate")
    assert command.__module__ == "accounts.management.commands.migrate"
    asked = apps.get_swappable_settings_name
    with quick_migrating.quickly():
        assert migrate.MigrationExecutor is quick_migrating.QuickExecutor
    assert (migrate.MigrationExecutor, apps.get_swappable_settings_name) == (MigrationExecutor, asked)


FOUND = """
SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'u', 'x')
UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index
"""
KEYS = """
SELECT conrelid::regclass::text, attname, confrelid::regclass::text FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum] WHERE contype = 'f'
"""
COLUMNS = """
SELECT attrelid::regclass::text, attname, NOT attnotnull FROM pg_attribute
WHERE attnum > 0 AND NOT attisdropped
"""


def test_the_migrated_database_is_what_the_models_say(db):
    of_tables = [
        model._meta
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    fields = [(meta.db_table, field) for meta in of_tables for field in meta.local_concrete_fields]
    assert missing(COLUMNS, {(table, field.column, field.null) for table, field in fields}) == set()
    keys = {
        (table, field.column, field.remote_field.model._meta.db_table)
        for table, field in fields
        if field.is_relation and field.db_constraint
    }
    assert missing(KEYS, keys) == set()
    names = {(meta.db_table, named.name) for meta in of_tables for named in [*meta.constraints, *meta.indexes]}
    assert missing(FOUND, names) == set()


def missing(question: str, wanted: set) -> set:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return wanted - {tuple(part.strip('"') if isinstance(part, str) else part for part in row) for row in cursor}
