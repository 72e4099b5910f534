"""Reads versions from the event tables, in a fixed number of queries whatever the number of rows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from accounts.case_data import Table, barred_tables
from accounts.history.registry import Gathered, Record, TablePart
from accounts.models import User

INSERT, UPDATE, DELETE = "insert", "update", "delete"


@dataclass(frozen=True)
class Version:
    """One version of one row: its values, and the values before it.

    ``here`` is False where the row left the record with this version, ``was_here`` where it came from another
    record.
    """

    table: Table
    label: str
    at: datetime.datetime
    row: dict[str, Any]
    before: dict[str, Any] | None
    context: dict[str, Any] | None
    context_id: str
    here: bool
    was_here: bool

    @property
    def pk(self) -> int:
        return int(self.row["id"])


@dataclass
class Statement:
    """SQL built piece by piece, each with its own values in the order of their placeholders."""

    pieces: list[sql.Composable] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, text: str, *values: Any, **names: str | sql.Composable) -> Statement:
        """Add ``text``, in which ``{name}`` is an identifier or a piece of SQL and ``%s`` a value."""
        self.pieces.append(
            sql.SQL(text).format(  # text is a constant of ours; names are quoted
                **{key: sql.Identifier(name) if isinstance(name, str) else name for key, name in names.items()}
            )
        )
        self.values.extend(values)
        return self

    def add_ids(self, queryset: QuerySet[Any]) -> Statement:
        """Add a query of ids in brackets; a query that can match nothing adds an empty one."""
        try:
            text, values = queryset.order_by().query.sql_with_params()
        except EmptyResultSet:
            text, values = "SELECT NULL::bigint WHERE false", ()
        self.pieces.append(sql.SQL("({})").format(sql.SQL(text)))
        self.values.extend(values)
        return self

    def join(self, others: Iterable[Statement], between: str) -> Statement:
        for number, other in enumerate(others):
            if number:
                self.pieces.append(sql.SQL(between))  # a constant of ours
            self.pieces.extend(other.pieces)
            self.values.extend(other.values)
        return self

    def rows(self) -> list[tuple[Any, ...]]:
        """Return what the statement finds. It begins with SELECT: anything else would be treated as a write."""
        with connection.cursor() as cursor:
            text = sql.Composed(self.pieces).as_string(cursor.connection)
            cursor.execute(f"SELECT * FROM ({text}) found", self.values)
            return list(cursor.fetchall())


def _gathering(record: Record, root_id: int) -> Statement:
    """Return the sets of ids by which rows are found, each built from those before it."""
    statement = Statement().add("WITH root AS (SELECT %s::bigint AS id)", root_id)
    for one in record.gathered:
        statement.add(
            ", {name} AS (SELECT DISTINCT {column} AS id FROM {table} WHERE {by} IN (SELECT id FROM {within})",
            name=one.name,
            column=one.column,
            table=one.versions,
            by=one.by,
            within=one.within,
        )
        if one.column != "id":
            statement.add(" AND {column} IS NOT NULL", column=one.column)
        statement.add(")")
    return statement


def _moment(table: Table) -> str:
    return table.at if table.is_append_only else "pgh_created_at"


def _within(part: TablePart, version: str = "e") -> Statement:
    """Return the condition that a version is in the record: one of its columns leads into it."""
    return Statement().join(
        (
            Statement().add("{version}.{by} IN (SELECT id FROM {within})", version=version, by=column, within=within)
            for column, within in part.by
        ),
        " OR ",
    )


def _may_see(statement: Statement, part: TablePart, user: User) -> Statement:
    """Exclude versions about rows closed to everyone, or to this reader."""
    closed = {one.model: one for one in barred_tables()}
    for column, model in part.table.parents():
        if model in closed:
            statement.add(" AND (e.{column} IS NULL OR e.{column} NOT IN ", column=column)
            statement.add_ids(closed[model].barred()).add(")")
    for column, allowed in part.only.items():
        statement.add(" AND (e.{column} IS NULL OR e.{column} IN ", column=column)
        statement.add_ids(allowed(user)).add(")")
    return statement


# The version before version ``e`` of the same row.
_LAST = " FROM {table} p WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id ORDER BY p.pgh_id DESC LIMIT 1"
_LAST_PLACE = f" OR (e.pgh_label = 'update' AND (SELECT p.{{by}}{_LAST}) IN (SELECT id FROM {{within}}))"


def _listed(
    part: TablePart, number: int, user: User, since: datetime.datetime | None, until: datetime.datetime | None
) -> Statement:
    """Return the keys of all versions of a part, including those with which a row left the record."""
    table = part.table
    key = "id" if table.is_append_only else "pgh_id"
    statement = Statement().add(
        "SELECT %s AS part, e.{key}::bigint AS key, e.{at} AS at FROM {table} e WHERE (",
        number,
        key=key,
        at=_moment(table),
        table=table.versions,
    )
    statement.join([_within(part)], "")
    if not (table.is_append_only or table.is_link):
        for column, within in part.by:
            statement.add(_LAST_PLACE, by=column, within=within, table=table.versions)
    statement.add(")")
    _may_see(statement, part, user)
    if since is not None:
        statement.add(" AND e.{at} >= %s", since, at=_moment(table))
    if until is not None:
        statement.add(" AND e.{at} < %s", until, at=_moment(table))
    return statement


@dataclass
class History:
    """All versions of a record, newest first, read a page at a time: the list interface Django's paginator needs."""

    record: Record
    root_id: int
    user: User
    parts: Sequence[TablePart]
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    _count: int | None = None

    def count(self) -> int:
        if self._count is None:
            statement = _gathering(self.record, self.root_id).add(" SELECT count(*) FROM (")
            self._count = int(self._union(statement).add(") all_versions").rows()[0][0]) if self.parts else 0
        return self._count

    def __len__(self) -> int:
        return self.count()

    def _union(self, statement: Statement) -> Statement:
        arms = (_listed(part, number, self.user, self.since, self.until) for number, part in enumerate(self.parts))
        return statement.join(arms, " UNION ALL ")

    def __getitem__(self, wanted: slice) -> list[Version]:
        if not self.parts:
            return []
        statement = self._union(_gathering(self.record, self.root_id).add(" SELECT part, key, at FROM ("))
        statement.add(
            ") all_versions ORDER BY at DESC, part, key DESC OFFSET %s LIMIT %s",
            wanted.start or 0,
            (wanted.stop or 0) - (wanted.start or 0),
        )
        newest = sorted(statement.rows(), key=lambda row: (-row[2].timestamp(), row[0], -row[1]))
        keys = [(int(part), int(key)) for part, key, _ in newest]
        found = self._read(keys)
        return [found[one] for one in keys if one in found]

    def _read(self, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Version]:
        """Return the versions, each with the one before it, in one query."""
        if not keys:
            return {}
        statement = _gathering(self.record, self.root_id).add(" ")
        numbers = sorted({number for number, _ in keys})
        statement.join(
            (
                _versions_of(self.parts[number], number, [key for one, key in keys if one == number])
                for number in numbers
            ),
            " UNION ALL ",
        )
        return {
            (part, key): Version(
                table=self.parts[part].table,
                label=label,
                at=at,
                row=_parsed(row) or {},
                before=_parsed(before),
                context=_parsed(context),
                context_id=str(context_id or ""),
                here=here,
                was_here=was_here,
            )
            for part, key, label, at, row, before, context, context_id, here, was_here in statement.rows()
        }


def _parsed(value: Any) -> dict[str, Any] | None:
    """Parse JSON that the connection returns as text."""
    return json.loads(value) if isinstance(value, str) else value


def _as_json(table: Table, alias: str) -> Statement:
    """Return a row as JSON without columns too large to read here."""
    statement = Statement().add("(to_jsonb({alias})", alias=alias)
    if table.large:
        statement.add(" - %s::text[]", sorted(table.large))
    return statement.add(")")


def _versions_of(part: TablePart, number: int, keys: list[int]) -> Statement:
    table = part.table
    statement = Statement()
    if table.is_append_only:
        statement.add("SELECT %s, e.id::bigint, %s, e.{at}, ", number, INSERT, at=table.at)
        statement.join([_as_json(table, "e")], "")
        statement.add(
            ", NULL::jsonb, jsonb_build_object('user', e.{by})" if table.by else ", NULL::jsonb, NULL",
            by=table.by or "id",
        )
        return statement.add(", NULL::uuid, true, true FROM {table} e WHERE e.id = ANY(%s)", keys, table=table.versions)
    statement.add("SELECT %s, e.pgh_id::bigint, e.pgh_label, e.pgh_created_at, ", number)
    statement.join([_as_json(table, "e")], "")
    if table.is_link:
        statement.add(", NULL::jsonb")
    else:
        before = Statement().add("(SELECT ")
        before.join([_as_json(table, "p")], "").add(f"{_LAST})", table=table.versions)
        statement.add(", ").join([before], "")
    statement.add(", c.metadata, e.pgh_context_id, (").join([_within(part)], "").add("), ")
    if table.is_link:
        statement.add("true")
    else:
        statement.add("coalesce((SELECT ").join([_within(part, "p")], "")
        statement.add(f"{_LAST}), true)", table=table.versions)
    return statement.add(
        " FROM {table} e LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id WHERE e.pgh_id = ANY(%s)",
        keys,
        table=table.versions,
    )


def stood_at(
    record: Record, root_id: int, *, parts: Sequence[TablePart], user: User, at: datetime.datetime
) -> list[tuple[TablePart, dict[str, Any]]]:
    """Return every row of the record as the database held it at the moment ``at`` (inclusive), in one query."""
    if not parts:
        return []
    statement = _gathering(record, root_id).add(" ")
    statement.join((_stood(part, number, user, at) for number, part in enumerate(parts)), " UNION ALL ")
    found = sorted(statement.rows(), key=lambda row: row[:2])
    return [(parts[number], _parsed(row) or {}) for number, _, row in found]


def _stood(part: TablePart, number: int, user: User, at: datetime.datetime) -> Statement:
    table = part.table
    statement = Statement().add("SELECT %s, e.id::bigint, ", number)
    statement.join([_as_json(table, "e")], "")
    if table.is_append_only:
        statement.add(" FROM {table} e WHERE e.{at} <= %s AND (", at, table=table.versions, at=table.at)
    else:
        # Look only through rows that were ever in the record, then judge their last version by that moment.
        statement.add(" FROM (SELECT DISTINCT ON (e.id) e.* FROM {table} e WHERE (", table=table.versions)
        if table.is_link:
            statement.join([_within(part)], "")
        else:
            statement.add("e.pgh_obj_id IN (SELECT e.pgh_obj_id FROM {table} e WHERE ", table=table.versions)
            statement.join([_within(part)], "").add(")")
        statement.add(
            ") AND e.pgh_created_at <= %s ORDER BY e.id, e.pgh_id DESC) e WHERE e.pgh_label <> 'delete' AND (", at
        )
    statement.join([_within(part)], "").add(")")
    return _may_see(statement, part, user)


__all__ = ["DELETE", "INSERT", "UPDATE", "Gathered", "History", "Version", "stood_at"]
