"""Puts versions into words: who did what, from what to what, and why."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateField, DateTimeField, Field, JSONField, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts.case_data import Table
from accounts.history.names import names_of
from accounts.history.reading import DELETE, INSERT, Version
from accounts.history.registry import TablePart, task_in_words
from accounts.models import User
from govuk import words

UNKNOWN_ROW = "Someone or something not shown"
NOBODY = "No one is recorded"


class Concealment(Protocol):
    """What is hidden from a reader although they may open the record."""

    def columns(self, table: Table, row: Mapping[str, Any]) -> frozenset[str]:
        """Return the columns of this row that are concealed."""

    def holds(self, text: str) -> bool:
        """Return whether a text reveals something concealed."""


class NothingConcealed:
    """For records, and readers, with nothing to hide."""

    def columns(self, table: Table, row: Mapping[str, Any]) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def holds(self, text: str) -> bool:  # noqa: ARG002
        return False


CONCEALED = "Confidential whereabouts"


@dataclass(frozen=True)
class Line:
    """One thing that changed; ``before`` is None where there was nothing to compare with."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Change:
    """One version in words, such as "Board note changed": which row, and what changed in it."""

    what: str
    which: str
    lines: tuple[Line, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """Everything that one user changed at one moment."""

    at: datetime.datetime
    who: str
    changes: list[Change]


@dataclass(frozen=True)
class Row:
    """One row as it stood, with what was linked to it."""

    title: str
    lines: list[tuple[str, str]]
    has_ended: bool = False


@dataclass(frozen=True)
class Section:
    """All rows of one table as they stood."""

    title: str
    rows: list[Row]


@dataclass
class _Names:
    """Names of all rows that a page mentions, fetched in one go per model."""

    at: datetime.datetime | None
    wanted: dict[type[Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    known: dict[type[Model], Mapping[int, str]] = field(default_factory=dict)

    def want(self, table: Table, row: Mapping[str, Any] | None) -> None:
        for column in (*table.columns, *table.titles, table.link_to):
            model = table.parent(column)
            if row and model is not None and row.get(column) is not None:
                self.wanted[model].add(int(row[column]))

    def ask(self) -> None:
        for model, ids in self.wanted.items():
            self.known[model] = names_of(model, ids, self.at)

    def of(self, model: type[Model], pk: int) -> str:
        return self.known.get(model, {}).get(pk, UNKNOWN_ROW)


def user_names(ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:  # noqa: ARG001
    """Return users' current names, whatever ``at``: they show who answers for a change."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


class Writer:
    """Puts versions and rows into words."""

    def __init__(self, concealment: Concealment, names: _Names) -> None:
        self.concealment = concealment
        self.names = names

    def value(self, table: Table, column: str, row: Mapping[str, Any]) -> str:
        """Return one value in words; "" where nothing is recorded."""
        if column in self.concealment.columns(table, row):
            return CONCEALED if row.get(column) not in (None, "", []) else ""
        said = self._said(table, column, row.get(column))
        return CONCEALED if said and self.concealment.holds(said) else said

    def _said(self, table: Table, column: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        model = table.parent(column)
        if model is not None:
            return self.names.of(model, int(value))
        return said_of(table.columns[column], value) if column in table.columns else str(value)

    def title(self, table: Table, row: Mapping[str, Any]) -> str:
        """Return what identifies the row."""
        return ", ".join(filter(None, (self.value(table, column, row) for column in table.titles)))

    def _all(self, table: Table, row: Mapping[str, Any]) -> tuple[Line, ...]:
        """Return everything a row says, where there is nothing to compare it with."""
        return tuple(
            Line(table.label(column), None, said)
            for column in table.columns
            if column not in table.titles and (said := self.value(table, column, row))
        )

    def change(self, version: Version) -> Change:
        table, row, before = version.table, version.row, version.before
        if table.is_link:
            sign = "added" if version.label == INSERT else "taken off"
            return Change(f"{table.one} {sign}", self.value(table, table.link_to, row), ())
        if not version.here:
            return Change(f"{table.one} moved to another record", "", ())
        if not version.was_here:
            return Change(f"{table.one} came from another record", self.title(table, row), self._all(table, row))
        if version.label == DELETE:
            return Change(f"{table.one} removed", self.title(table, row), ())
        if before is None or version.label == INSERT:
            return Change(f"{table.one} recorded", self.title(table, row), self._all(table, row))
        changed = [column for column in table.columns if row.get(column) != before.get(column)]
        reasons = [self.value(table, column, row) for column in changed if _is_reason(column)]
        lines = [
            Line(table.label(column), self.value(table, column, before) or "", self.value(table, column, row))
            for column in changed
            if not _is_reason(column)
        ]
        return Change(f"{table.one} changed", self.title(table, row), tuple(lines), tuple(filter(None, reasons)))


def _is_reason(column: str) -> bool:
    return column.endswith(("_because", "change_reason", "state_reason"))


def said_of(column: Field[Any, Any], value: Any) -> str:
    """Return a JSON value in the words of its column."""
    if isinstance(column, ArrayField):
        return ", ".join(said_of(column.base_field, one) for one in value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, BooleanField):
        return "Yes" if value else "No"
    if isinstance(column, DateTimeField):
        moment = parse_datetime(value)
        return f"{words.plain_date(moment)}, {words.clock(moment)}" if moment else str(value)
    if isinstance(column, DateField):
        day = parse_date(value)
        return words.plain_date(day) if day else str(value)
    return "Changed" if isinstance(column, JSONField) else str(value)


def in_acts(versions: Sequence[Version], concealment: Concealment) -> list[Act]:
    """Group a page of versions by what users did, in order: one act for everything changed at once."""
    names = _Names(at=None)
    for version in versions:
        names.want(version.table, version.row)
        names.want(version.table, version.before)
        if version.context and version.context.get("user"):
            names.wanted[User].add(int(version.context["user"]))
    names.ask()
    writer = Writer(concealment, names)
    acts: list[Act] = []
    last: tuple[Any, ...] = ()
    for version in versions:
        act = (version.at, version.context_id, _doer(version.context))
        if act != last:
            acts.append(Act(version.at, _who(version.context, names), []))
            last = act
        change = writer.change(version)
        if change.lines or change.reasons or change.what.split()[-1] != "changed":
            acts[-1].changes.append(change)
    return [act for act in acts if act.changes]


def _doer(context: Mapping[str, Any] | None) -> Any:
    return (context or {}).get("user") or (context or {}).get("task")


def _who(context: Mapping[str, Any] | None, names: _Names) -> str:
    if not context:
        return f"{NOBODY}: it was changed in the database itself"
    if context.get("user"):
        return names.of(User, int(context["user"]))
    if context.get("task"):
        return task_in_words(str(context["task"]))
    return "A guest, by secure link" if context.get("guest") else NOBODY


def in_sections(
    rows: Sequence[tuple[TablePart, dict[str, Any]]], concealment: Concealment, *, at: datetime.datetime
) -> list[Section]:
    """Return a record as it stood, table by table, with names as they were then."""
    names = _Names(at=at)
    for part, row in rows:
        names.want(part.table, row)
    names.ask()
    writer = Writer(concealment, names)
    links: dict[tuple[type[Model], int], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for part, row in rows:
        if part.table.is_link and (model := part.table.parent(part.table.link_of)):
            said = writer.value(part.table, part.table.link_to, row)
            links[model, int(row[part.table.link_of])][part.table.plural].append(said)
    sections: dict[str, Section] = {}
    day = timezone.localdate(at)
    for part, row in rows:
        if part.table.is_link:
            continue
        section = sections.setdefault(part.table.key, Section(part.table.plural, []))
        section.rows.append(_row(writer, part.table, row, links[part.table.model, int(row["id"])], day))
    for section in sections.values():
        section.rows.sort(key=lambda one: one.has_ended)
    return list(sections.values())


def _row(
    writer: Writer, table: Table, row: Mapping[str, Any], linked: Mapping[str, list[str]], day: datetime.date
) -> Row:
    lines = [
        (table.label(column), said)
        for column in table.columns
        if column not in table.titles and (said := writer.value(table, column, row))
    ]
    lines += [(label, words.listed(names)) for label, names in linked.items()]
    ends = parse_date(str(row.get("ends_on") or ""))
    return Row(writer.title(table, row), lines, has_ended=ends is not None and ends <= day)
