"""History is kept by the database: however a row is written, its versions are recorded.

Each tracked table is written by plain SQL, by ``update()`` on a queryset, in bulk and row by row. Rows are made
up column by column, in a transaction in which the table's checks and keys are dropped: only history is examined
here.
"""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from pghistory.models import Event

from accounts.case_data import case_tables
from accounts.history import append_only, never_deleted
from accounts.history.registry import records

OWN_APPS = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
# Tables that keep no versions of their rows, each with the reason.
WITHOUT_HISTORY = {
    "accounts.User_groups": "Django's groups, which nobody is put into",
    "accounts.User_user_permissions": "Django's permissions, which nobody is given",
    "accounts.GuestCode": "never deleted; a code that works once, its tries and its end are columns of its own",
    "accounts.GuestDraft": "words that were not sent, kept for their writer only and emptied",
    "accounts.GuestSession": "never deleted; a stay, its last page and its end are columns of its own",
    "accounts.SentForm": "marks forms that were sent, by keyed hashes, for a day",
    "accounts.Tally": "counts tries at a door, by a hashed key",
    "accounts.Draft": "words that were not sent, kept for their writer only and emptied",
    "my_views.DraftAnswer": "words that were not handed in, kept for their writer only and emptied",
    "meetings.Projection": "never deleted; a screen without names, its end is a column of its own",
    "core_groups.MemberTurn": "never deleted; a code that works once, its device and its end are columns of its own",
    "meetings.TabletTurn": "never deleted; a code that works once, its device and its end are columns of its own",
    "notifications.Message": "never deleted; its attempts and states are columns of its own",
    "notifications.Notice": "a pointer to a page, without anything about a case",
    "deadlines.Calendar": "working days: nothing about a case",
    "deadlines.CalendarDay": "worked out afresh",
    "deadlines.ClosedDay": "never deleted; taking a day back is a column of its own",
    "deadlines.CalendarFeed": "a key to one's own calendar",
    "deadlines.PolicyDraft": "a procedure before it is in force; versions in force are append-only",
    "deadlines.Deadline": "worked out; each move is an append-only DeadlineChange",
    "deadlines.DeadlineNotice": "who is told next; what was told is a message",
    "deadlines.SweepRun": "how a background run went",
    "deadlines.DigestRun": "how a background run went",
    "deadlines.ReconcileRun": "how a background run went",
    "reports.LaidOutPaper": "never deleted; its making, its failing and its end are columns of its own",
    "reports.PaperProgress": "worked out from reports and sharings, which are tracked",
}


def own_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OWN_APPS
        and not issubclass(model, Event)
        and not model.__module__.startswith("tests.")
    ]


def is_tracked(model):
    return getattr(model, "pgh_event_model", None) is not None


TRACKED = [model for model in own_models() if is_tracked(model)]
ROWS = [model for model in TRACKED if not model._meta.proxy]
# Another proxy only adds triggers to a table that is here already.
LINKS = [model for model in TRACKED if model._meta.proxy and model._meta.concrete_model._meta.auto_created]
IDS = {"ids": lambda model: model._meta.label}


def test_each_table_is_tracked_append_only_or_exempt_with_a_reason():
    through = {model._meta.concrete_model for model in LINKS}
    left = [
        model._meta.label
        for model in own_models()
        if not is_tracked(model)
        and model not in through
        and append_only not in getattr(model._meta, "triggers", ())
        and model._meta.label not in WITHOUT_HISTORY
    ]
    assert left == []


def test_the_list_of_tables_without_history_names_existing_tables():
    known = {model._meta.label: model for model in own_models()}
    assert [label for label in WITHOUT_HISTORY if label not in known] == []
    assert [label for label in WITHOUT_HISTORY if is_tracked(known[label])] == []


# Case records whose versions are on no history page, each with where its changes are shown.
SEEN_ELSEWHERE = {
    "deadlines.LateCause": "the page that explains the date: whole, with all that was said before",
    "accounts.GuestLink": "the page of the link, for whoever sends it",
    "families.Address": "with the homes and dangers that lead to it; shared by families, it is never rewritten",
    "families.Loss": "the page of the person: whole, with its correction; how a pregnancy ended, for managers alone",
    "families.LossAnswer": "the page of the person: whole, it is never rewritten",
    "families.PersonMerge": "the page of the merge",
    "families.Restriction": "who may open the case: whole, with who, when and why",
    "families.NamedForFamily": "who may open the case: whole, with who, when and why",
    "families.ConflictOfInterest": "who may open the case, for its managers alone",
    "families.BreakGlass": "who may open the case, and its review",
    "plans.ListCheck": "the page of the check",
    "plans.ListAnswer": "the page of the check",
    "records.Disclosure": "the page of the bundle",
    "records.DisclosureDecision": "the page of the bundle",
    "records.LegalHold": "the records of the case, for service managers",
    "records.KeepLonger": "the records of the case, for service managers",
    "records.Disposal": "the page of the proposal, and the certificate",
    "reports.Remark": "the page of remarks, for the report's author and the chair alone",
    "reports.ComplaintStage": "with its complaint",
    "reports.Complaint": "its own page, for the chair and those who run the service alone",
    "records.SealedCover": "the page of the bundle's sealed records, for whoever may see those",
    "transfers.CouncilLetter": "the page of the letters, with who added and who took out",
    "transfers.PaperReceived": "the page of the move here shows what was last recorded of each paper, by whom",
    "transfers.TravelAbroad": "the page of the plan's travel shows every journey, with who recorded it",
}


def test_each_case_record_with_versions_is_on_a_history_page_or_listed():
    shown = {table.model for record in records() for table in record.tables}
    held = {table.model for table in case_tables()}
    links = {model for model in LINKS if model._meta.concrete_model not in held}
    unseen = {model._meta.label for model in TRACKED if model in held | links and model not in shown}
    assert unseen == SEEN_ELSEWHERE.keys()


def made_up(field):
    """Return a value of the column's type; it need not make sense."""
    if isinstance(field, ArrayField):
        return []
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.ForeignKey | models.IntegerField):
        return 1
    for kind, value in (
        (models.BooleanField, False),
        (models.DateTimeField, datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)),
        (models.DateField, datetime.date(2026, 1, 5)),
        (models.TimeField, datetime.time(9)),
        (models.JSONField, {}),
        (models.UUIDField, uuid.UUID(int=1)),
        (models.BinaryField, b"x"),
        (models.GenericIPAddressField, "127.0.0.1"),
        (models.FloatField, 1.0),
        (models.DecimalField, 1),
    ):
        if isinstance(field, kind):
            return value
    return "x"


def changed(field):
    """Return the made-up value, changed."""
    value = made_up(field)
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=1)
    if isinstance(value, int):
        return value + 1
    return "y"


def columns_of(model):
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def to_change(model):
    """Return a column whose change only affects history."""
    fixed = {
        name
        for trigger in model._meta.triggers
        for name in (getattr(trigger, "fields", None) or ())
        if trigger.name in {"unalterable", "frozen"}
    }
    # Password hashes and the time of the last sign-in are left out of history on purpose.
    kept = {field.attname for field in model.pgh_event_model._meta.concrete_fields}
    for kinds in (
        models.TextField,
        models.CharField,
        models.DateTimeField,
        models.IntegerField,
        models.BooleanField,
        models.DateField,
        models.ForeignKey,
    ):
        for field in columns_of(model):
            if (
                isinstance(field, kinds)
                and field.attname in kept
                and not field.choices
                and field.name not in fixed
                and not isinstance(field, ArrayField)
            ):
                return field
    raise AssertionError(f"{model._meta.label} has no column that could change")


@pytest.fixture
def loose(db):
    """Drop a table's checks, keys and unique indexes until the test ends."""

    def loosen(model):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f', 'u', 'x')",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            cursor.execute(
                "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = %s::regclass AND indisunique AND NOT indisprimary",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
                " AND tgname !~ 'insert_insert|update_update|delete_delete|append_only|never_deleted'",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')

    return loosen


def raw_insert(model):
    """Insert a row without Django."""
    fields = columns_of(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = [
        field.get_db_prep_save(made_up(field), connection) if not isinstance(field, ArrayField) else []
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places}) RETURNING id',  # noqa: S608
            values,
        )
        return cursor.fetchone()[0]


def versions(model, pk):
    """Return label and value of the changing column for each version of a row, oldest first."""
    field = to_change(model)
    events = model.pgh_event_model.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    return list(events.values_list("pgh_label", field.attname))


def refuses(act):
    try:
        with transaction.atomic():
            act()
    except (IntegrityError, Exception) as refusal:  # noqa: BLE001 - the trigger speaks in its own way
        return "Cannot" in str(refusal)
    return False


@pytest.mark.parametrize("model", ROWS, **IDS)
def test_plain_sql_writes_versions(model, loose):
    loose(model)
    field = to_change(model)
    old, new = made_up(field), changed(field)
    pk = raw_insert(model)
    assert versions(model, pk) == [("insert", old)]

    def alter():
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE id = %s',  # noqa: S608
                [new, pk],
            )

    def delete():
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', [pk])  # noqa: S608

    if append_only in model._meta.triggers:
        assert refuses(alter)
        assert refuses(delete)
        return
    alter()
    assert versions(model, pk) == [("insert", old), ("update", new)]
    if never_deleted in model._meta.triggers:
        assert refuses(delete)
    else:
        delete()
        assert versions(model, pk) == [("insert", old), ("update", new), ("delete", new)]


@pytest.mark.parametrize("model", ROWS, **IDS)
def test_querysets_and_bulk_operations_write_versions(model, loose):
    loose(model)
    field = to_change(model)
    old, new = made_up(field), changed(field)
    rows = [model(**{one.attname: made_up(one) for one in columns_of(model)}) for _ in range(2)]
    first, second = (row.pk for row in model._base_manager.bulk_create(rows))
    assert [versions(model, pk) for pk in (first, second)] == [[("insert", old)]] * 2
    if append_only in model._meta.triggers:
        assert refuses(lambda: model._base_manager.filter(pk=first).update(**{field.attname: new}))
        return
    model._base_manager.filter(pk__in=[first, second]).update(**{field.attname: new})
    assert [versions(model, pk)[-1] for pk in (first, second)] == [("update", new)] * 2
    again = list(model._base_manager.filter(pk__in=[first, second]).order_by("pk").only(field.attname))
    for row in again:
        setattr(row, field.attname, old)
    model._base_manager.bulk_update(again, [field.name])
    assert [versions(model, pk)[-1] for pk in (first, second)] == [("update", old)] * 2


@pytest.mark.parametrize("model", LINKS, **IDS)
def test_adding_and_removing_links_writes_versions(model, loose):
    loose(model)
    one, other = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))

    def kept():
        return list(
            model.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", one.attname, other.attname)
        )

    before = kept()
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ("{one.column}", "{other.column}") VALUES (71, 72) RETURNING id'  # noqa: S608
        )
        pk = cursor.fetchone()[0]
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', [pk])  # noqa: S608
    concrete = model._meta.concrete_model
    concrete._base_manager.bulk_create([concrete(**{one.attname: 73, other.attname: 74})])
    concrete._base_manager.filter(**{one.attname: 73}).delete()
    assert kept() == [*before, ("insert", 71, 72), ("delete", 71, 72), ("insert", 73, 74), ("delete", 73, 74)]
