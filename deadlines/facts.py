"""What starts, meets and stops clocks, as querysets from the apps that own it, so that all is counted in SQL.

A clock's facts are one or more querysets, each with the columns of ``COLUMNS``. The ledger compiles them once
into one statement, for all families or for those passed to the statement when it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    DateTimeField,
    F,
    Field,
    Func,
    IntegerField,
    JSONField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable, RawSQL

from deadlines.models import PolicyVersion

M = TypeVar("M", bound=Model)

GIVEN = "$1"
"""The families of a prepared statement, an array of their ids."""
NOW = "$2"
"""The moment at which a prepared statement counts."""

COLUMNS: dict[str, Field[Any, Any]] = {
    "authority_id": BigIntegerField(),
    "family_id": BigIntegerField(),
    "fact_id": BigIntegerField(),
    "child_id": BigIntegerField(),
    "conference_id": BigIntegerField(),
    "responsible_ids": ArrayField(BigIntegerField()),
    "what": TextField(),
    "starts_on": DateField(),
    "starts_at": DateTimeField(),
    "began_on": DateField(),
    "policy_version_id": BigIntegerField(),
    "limit_key": TextField(),
    "own_amount": IntegerField(),
    "own_unit": TextField(),
    "other_limit_key": TextField(),
    "other_starts_on": DateField(),
    "other_not_after": DateField(),
    "not_before": DateField(),
    "due_not_before": DateField(),
    "met_at": DateTimeField(),
    "not_needed": TextField(),
}


def policy_value(key: str, *, authority: str, on: str) -> Subquery:
    """Return a value of the procedures in force on a day, as JSON.

    ``authority`` and ``on`` are columns of the outer row. Null where the council's version of that day lacks the key.
    """
    in_force = PolicyVersion.objects.filter(authority=OuterRef(authority), in_force_from__lte=OuterRef(on))
    newest = in_force.order_by("-in_force_from", "-number")
    return Subquery(newest.values(f"data__values__{key}__value")[:1], output_field=JSONField())


NEEDED = frozenset({"authority_id", "family_id", "fact_id"})


class People(Func):
    """Combine user ids and arrays of them into one array; the ledger drops blanks and duplicates."""

    template = "('{}'::bigint[] || %(expressions)s)"
    arg_joiner = " || "
    output_field = ArrayField(BigIntegerField())


class Asked(ArraySubquery):
    """The user ids from a one-column queryset, for ``responsible_ids``."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        super().__init__(rows, output_field=ArrayField(BigIntegerField()))


class London(Func):
    """The civil day in London of an aware moment."""

    template = "(%(expressions)s AT TIME ZONE 'Europe/London')::date"
    arity = 1
    output_field = DateField()


class Noon(Func):
    """Noon in London on a civil day, for events known only by their day."""

    template = "((%(expressions)s + time '12:00') AT TIME ZONE 'Europe/London')"
    arity = 1
    output_field = DateTimeField()


class InGivenFamilies(Func):
    """Whether a family is one of those passed to the statement."""

    template = f"%(expressions)s = ANY({GIVEN})"
    arity = 1
    output_field = BooleanField()
    conditional = True


@dataclass(frozen=True)
class Families:
    """Whose facts are wanted: everyone's, or those of the families passed when the statement runs.

    ``now`` is the SQL for the moment of counting, for the few facts that hold only between two days.
    """

    everybody: bool
    now: str

    def of(self, rows: QuerySet[M], path: str) -> QuerySet[M]:
        """Return the rows whose family, at ``path`` (such as "conference__family_id"), is wanted."""
        return rows if self.everybody else rows.filter(InGivenFamilies(F(path)))

    @property
    def today(self) -> London:
        """Return the civil day in London on which the facts are counted."""
        return London(RawSQL(f"{self.now}::timestamptz", ()))  # noqa: S611 - a constant, or a moment written by the driver


EVERYBODY = Families(everybody=True, now="now()")
SOME = Families(everybody=False, now=NOW)


def facts(rows: QuerySet[Any], **columns: str | Combinable | None) -> QuerySet[Any, Any]:
    """Return the facts about the events of ``rows``: what started a clock, and how far each has come.

    Each column is a path or an expression; the others, and None, stay empty. ``starts_on`` is the day the clock
    runs from, or ``starts_at`` the aware moment (needed where the limit is in hours). ``fact_id`` identifies
    the event; with the clock's kind it identifies the deadline for good. Without ``policy_version_id`` the
    version in force on the day the clock started applies: ``began_on`` where it counts back from a future day,
    else the day it runs from. ``met_at`` is the moment at which it was met; ``not_needed`` says why it stopped
    without being met. ``limit_key`` names the limit of the policy, by default the clock's kind; ``own_amount``
    and ``own_unit`` override its figure (a plan's own visiting frequency). ``other_limit_key`` and
    ``other_starts_on`` are a second limit, and the earlier of the two counts; it ends on ``other_not_after`` at the
    latest, the day for which what it is about is arranged. A limit that would end before ``not_before`` is dropped, and
    without any the clock does not run; one that would end before ``due_not_before`` ends then.

    ``what`` distinguishes two deadlines of a kind without naming anyone. ``responsible_ids`` matters while the
    clock runs; once it has ended, the ledger keeps who was last responsible. Raises TypeError for a missing or
    unknown column.
    """
    unknown, missing = columns.keys() - COLUMNS.keys(), NEEDED - columns.keys()
    if unknown or missing or not {"starts_on", "starts_at"} & columns.keys():
        raise TypeError(f"A fact has unknown columns {sorted(unknown)}, or lacks {sorted(missing) or 'its start'}.")
    told = {f"clock_{name}": _expression(columns.get(name), column) for name, column in COLUMNS.items()}
    found: QuerySet[Any, Any] = rows.order_by().annotate(**told).values_list(*told)
    return found


def _expression(told: str | Combinable | None, column: Field[Any, Any]) -> Any:
    if told is None:
        return Value(None, output_field=column)
    return F(told) if isinstance(told, str) else told


def sql_of(rows: QuerySet[Any, Any], *, kind: str) -> str:
    """Return one SELECT for the facts of a clock of this kind, typed, with constants inlined."""
    sql, params = rows.query.sql_with_params()
    typed = {name: f"{name}::{column.db_type(connection)}" for name, column in COLUMNS.items()}
    typed["starts_on"] = f"coalesce({typed['starts_on']}, ({typed['starts_at']} AT TIME ZONE 'Europe/London')::date)"
    with connection.cursor() as cursor:
        written, name = cursor.mogrify(sql, params), cursor.mogrify("%s::text", [kind])
    typed["limit_key"] = f"coalesce({typed['limit_key']}, {name})"
    typed["responsible_ids"] = (
        "CASE WHEN met_at IS NULL AND coalesce(not_needed::text, '') = '' THEN ("
        f"SELECT array_agg(DISTINCT who ORDER BY who) FROM unnest({typed['responsible_ids']}) AS who"
        " WHERE who IS NOT NULL) END"
    )
    columns = ", ".join(f"{column} AS {name}" for name, column in typed.items())
    return f"SELECT {name} AS kind, {columns} FROM ({written}) AS told({', '.join(COLUMNS)})"
