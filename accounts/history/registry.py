"""What each app declares about its records: which rows make them up, and who sees which of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from accounts.case_data import Table, declared, versions_of
from accounts.models import User

Ids = Callable[[User], QuerySet[Any]]

ROOT = "root"
# The path of a row to itself, and the version-table column that identifies the row of a version.
ITSELF, OF_VERSION = "pk", "pgh_obj_id"


@dataclass(frozen=True)
class Part:
    """The rows of one model in a record and, ``with_links``, those of its many-to-many tables.

    ``paths`` are lookup paths from the model to the root of the record; by default the path that the data map
    declares under the record's name, or ``pk`` for the root itself. ``only`` gives, for a column or
    many-to-many field and the reader, the ids that may appear in it; ids of the rows themselves also apply to
    what is linked to them. It binds every reader except those under the rights of ``unbound``. ``rights``
    limits the part to these rights of the gatekeeper; empty means all. ``words`` overrides the model's
    declaration for this record.
    """

    model: type[Model]
    paths: tuple[str, ...] = ()
    only: Mapping[str, Ids] = field(default_factory=dict)
    unbound: frozenset[str] = frozenset()
    rights: frozenset[str] = frozenset()
    words: Mapping[str, Any] = field(default_factory=dict)
    with_links: bool = True
    in_past: bool = True


@dataclass(frozen=True)
class Gathered:
    """A set of ids for finding others: ``column`` of all versions of ``model`` whose ``by`` is in ``within``."""

    name: str
    model: type[Model]
    by: str
    within: str
    column: str

    @property
    def versions(self) -> str:
        return versions_of(self.model)


@dataclass(frozen=True)
class TablePart:
    """One table of a record: the rows whose columns lead into gathered sets."""

    table: Table
    by: Sequence[tuple[str, str]]
    only: Mapping[str, Ids]


class Sets:
    """The sets of ids by which a record's rows are found, each built from those before it."""

    def __init__(self) -> None:
        self.found: dict[tuple[type[Model], str, str], Gathered] = {}

    def gather(self, model: type[Model], column: str, path: str) -> str:
        """Return the name of the set with ``column`` of all rows of ``model`` whose ``path`` leads to the root."""
        if path == ITSELF:
            return ROOT
        wanted = (model, column, path)
        if wanted not in self.found:
            by, within = self.leads(model, path)
            name = f"{model._meta.model_name}_{len(self.found)}"
            self.found[wanted] = Gathered(name, model, by, within, column)
        return self.found[wanted].name

    def leads(self, model: type[Model], path: str) -> tuple[str, str]:
        """Return the column of ``model`` that a path starts with, and the set it must be in."""
        if path == ITSELF:
            return OF_VERSION, ROOT
        first, _, rest = path.partition("__")
        step: Any = model._meta.get_field(first)
        if not step.concrete:
            of_itself = "id" if declared(model).is_append_only else OF_VERSION
            return of_itself, self.gather(step.related_model, step.field.attname, rest)
        if not rest:
            return step.attname, ROOT
        second, _, further = rest.partition("__")
        back: Any = step.related_model._meta.get_field(second)
        if not back.concrete:
            return step.attname, self.gather(back.related_model, back.field.attname, further)
        return step.attname, self.gather(step.related_model, "id", rest)


@dataclass(frozen=True)
class Record:
    """A record with a history page: its root and its parts."""

    name: str
    root: type[Model]
    parts: tuple[Part, ...]

    def parts_for(self, right: str | None, *, past: bool = False) -> list[TablePart]:
        """Return the parts that a reader who opens the record under ``right`` sees."""
        return [
            replace(one, only={}) if right in part.unbound else one
            for part, tables in self._resolved[1]
            if (not part.rights or right in part.rights) and (part.in_past or not past)
            for one in tables
        ]

    @property
    def gathered(self) -> Iterable[Gathered]:
        """Return the sets of ids by which rows are found, each built from those before it."""
        return self._resolved[0].found.values()

    @property
    def tables(self) -> list[Table]:
        """Return every table in the record."""
        return [one.table for _, tables in self._resolved[1] for one in tables]

    @cached_property
    def _resolved(self) -> tuple[Sets, list[tuple[Part, list[TablePart]]]]:
        sets = Sets()
        return sets, [(part, _tables_of(part, self.name, sets)) for part in self.parts]


def _tables_of(part: Part, record: str, sets: Sets) -> list[TablePart]:
    """Return the table of a part's model, followed by its many-to-many tables."""
    table = replace(declared(part.model), **part.words)
    paths = part.paths or (getattr(table, record, ITSELF),)
    links = table.link_tables() if part.with_links else {}
    own = {name: ids for name, ids in part.only.items() if name not in links}
    found = [TablePart(table, [sets.leads(part.model, path) for path in paths], own)]
    for name, link in links.items():
        by = [(link.link_of, sets.gather(part.model, "id", path)) for path in paths]
        bound = ((link.link_of, "id"), (link.link_to, name))
        found.append(TablePart(link, by, {column: part.only[key] for column, key in bound if key in part.only}))
    return found


_records: dict[str, Record] = {}
_tasks: dict[str, str] = {}


def register_record(record: Record) -> Record:
    """Give a record a history; registering a name again replaces it."""
    _records[record.name] = record
    return record


def add_to_record(name: str, *parts: Part) -> None:
    """Add a higher app's rows to a record's history; called from ``AppConfig.ready``."""
    record = _records[name]
    more = tuple(part for part in parts if part not in record.parts)
    _records[name] = replace(record, parts=(*record.parts, *more))


def record_named(name: str) -> Record:
    """Return a record, including the rows that higher apps added."""
    return _records[name]


def records() -> list[Record]:
    """Return every record that has a history page."""
    return list(_records.values())


def register_tasks(words: Mapping[str, str]) -> None:
    """Register what background tasks are called where they made a change."""
    _tasks.update(words)


def task_in_words(name: str) -> str:
    """Return what to call the background task that made a change."""
    return _tasks.get(name, "A background task")
