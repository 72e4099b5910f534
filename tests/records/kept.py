"""A case whose retention is over, with a mark in every text, for the tests of keeping and disposing."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.case_data import Subject, Table, case_tables
from accounts.enums import Role
from families.models import Family
from plans.models import Plan
from records.enums import DisposalState
from records.models import Disposal, LegalHold
from records.retention.services import reach_of
from tests.factories import (
    ChildFactory,
    FamilyFactory,
    FamilyMemberFactory,
    RelationshipFactory,
    StrategyDiscussionFactory,
    procedures_with,
    user_with_role,
)

CLOSED = datetime.date(2020, 3, 31)
A_MONTH = {"amount": 1, "unit": "months", "from": "closing of the case"}
SHORT = dict.fromkeys(
    ("keep-child-with-cp-plan", "keep-child-with-cin-plan", "keep-child-with-conference", "keep-child-other"), A_MONTH
)


def time_over(world: SimpleNamespace) -> SimpleNamespace:
    """The world's family, closed and with every plan ended, in a council with short retention.

    Beside it another family with an open case: the half-sibling Linnet, who also lives with Hazel.
    """
    procedures_with(world.authority, since=datetime.date(2020, 1, 2), values=SHORT)
    with passing_triggers(), connection.cursor() as cursor:
        cursor.execute("UPDATE plans_plan SET ends_on = starts_on + 30, end_reason = 'goals_met' WHERE ends_on IS NULL")
    Family.objects.filter(pk=world.family.pk).update(closed_on=CLOSED)
    world.family.refresh_from_db()
    # These tests are not about what the world proposes and holds.
    LegalHold.objects.filter(family=world.family).update(
        lifted_at=timezone.now(), lifted_by=world.manager, lifted_because="Over"
    )
    Disposal.objects.filter(family=world.family).update(
        state=DisposalState.REFUSED, settled_at=timezone.now(), settled_by=world.manager, refused_because="Not yet"
    )
    world.proposer = user_with_role(Role.SERVICE_MANAGER, authority=world.authority, name="Petra Osprey")
    world.second = user_with_role(Role.CUSTODIAN, authority=world.authority, name="Ian Merlin")
    world.other = FamilyFactory(team=world.team, case_number="26-0999", name="Linden")
    world.linnet = ChildFactory(authority=world.authority, family=world.other)
    FamilyMemberFactory(family=world.other, person=world.hazel)
    RelationshipFactory(child=world.linnet, person=world.hazel)
    StrategyDiscussionFactory(family=world.other, recorded_by=world.worker)
    return world


class passing_triggers:  # noqa: N801 - reads as what it does
    """Disables the protective triggers, as the owner of the tables can; history is still written."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger%' AND tgname !~ '(insert_insert|update_update)'), true)"
            )

    def __exit__(self, *error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")


def words_of(table: Table) -> list[models.Field[Any, Any]]:
    """Return the free-text columns of a table."""
    return [
        column
        for column in table.model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.name not in table.keeps
        and not column.primary_key
    ]


def mark(family: Family, word: str) -> int:
    """Write ``word`` into every free text of the case, and return how many rows it went into."""
    subject = reach_of(family)
    marked = 0
    with passing_triggers(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in case_tables():
            columns = words_of(table)
            ids = list(table.rows(subject).values_list("pk", flat=True))
            if not columns or not ids:
                continue
            try:
                with transaction.atomic():
                    _write(cursor, table, columns, ids, word, everywhere=True)
            except IntegrityError:
                # Fields no one can have filled in yet, such as a future review, stay empty.
                _write(cursor, table, columns, ids, word, everywhere=False)
            marked += len(ids)
    return marked


def _write(cursor: Any, table: Table, columns: list[Any], ids: list[int], word: str, *, everywhere: bool) -> None:
    meta = table.model._meta
    sets = ", ".join(
        f'"{column.column}" = '
        + (
            _marked(column, word)
            if everywhere
            else f'CASE WHEN "{column.column}" <> \'\' THEN {_marked(column, word)} ELSE "{column.column}" END'
        )
        for column in columns
    )
    where = f'"{meta.pk.column}" = ANY(%s)'
    cursor.execute(f'UPDATE "{meta.db_table}" SET {sets} WHERE {where}', [ids])  # noqa: S608


def _marked(column: models.Field[Any, Any], word: str) -> str:
    end = "@x.example" if isinstance(column, models.EmailField) else ""
    text = f"'{word}' || id || '{end}'" if column.model._meta.pk.column == "id" else f"'{word}'"
    return f"left({text}, {column.max_length})" if column.max_length else text


def found_in(word: str) -> dict[str, int]:
    """Return how many rows of each database table contain the word, history included."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            statement = f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s'  # noqa: S608
            cursor.execute(statement, [f"%{word}%"])
            if number := cursor.fetchone()[0]:
                found[table] = number
    return found


def everything_of(subject: Subject) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row held about a person, as it stands."""
    return {
        table.model._meta.label: list(table.rows(subject).values_list())
        for table in case_tables()
        if table.rows(subject).exists()
    }


def plans_of(world: SimpleNamespace) -> list[Plan]:
    return list(Plan.objects.filter(child__in=[world.robin, world.wren, world.baby]))
