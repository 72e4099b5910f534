"""What each app declares about its records: which rows belong to them, and how rows are spoken of."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet

from accounts.models import User

Names = Callable[[set[int], datetime.datetime | None], Mapping[int, str]]
Ids = Callable[[User], QuerySet[Any]]

# What no reader of a record has use for: keys and counters of the program.
UNSAID = frozenset(
    {
        "id",
        "version",
        "form_key",
        "policy_version_id",
        "created_at",
        "recorded_at",
        "position",
        "authority_id",
    }
)


@dataclass(frozen=True)
class Kind:
    """One sort of row in words.

    ``one`` and ``many`` name it; ``titles`` are the columns that say which row it is. ``labels`` renames columns,
    ``unsaid`` leaves some out, ``large`` are not even fetched. Links between two rows name the column of the row
    they belong to (``link_of``) and of the one they lead to (``link_to``). ``at`` and ``by`` are the columns of
    append-only rows that say when and by whom they were written.
    """

    model: type[Model]
    one: str
    many: str = ""
    titles: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    unsaid: frozenset[str] = frozenset()
    large: frozenset[str] = frozenset()
    link_of: str = ""
    link_to: str = ""
    at: str = ""
    by: str = ""

    @property
    def key(self) -> str:
        return str(self.model._meta.label_lower)

    @property
    def plural(self) -> str:
        return self.many or f"{self.one}s"

    @property
    def is_append_only(self) -> bool:
        return bool(self.at)

    @property
    def is_link(self) -> bool:
        return bool(self.link_of)

    @property
    def table(self) -> str:
        """Where its versions stand: the table of events, or its own where rows never change."""
        source: type[Model] = self.model if self.is_append_only else self.model.pgh_event_model  # type: ignore[attr-defined]
        return str(source._meta.db_table)

    @property
    def columns(self) -> Mapping[str, Field[Any, Any]]:
        """The columns that are shown, by name."""
        return {
            one.attname: one
            for one in self.model._meta.concrete_fields
            if one.attname not in UNSAID | self.unsaid | self.large and one.name not in self.unsaid
        }

    def label(self, column: str) -> str:
        """What the column is called on the page."""
        named = self.labels.get(column)
        if named is not None:
            return named
        words = str(self.columns[column].verbose_name)
        return words[:1].upper() + words[1:]

    def parent(self, column: str) -> type[Model] | None:
        """The model that a column leads to."""
        found = next((one for one in self.model._meta.concrete_fields if one.attname == column), None)
        return found.related_model if isinstance(found, ForeignKey) else None


@dataclass(frozen=True)
class Gathered:
    """A set of ids that others are found by: ``column`` of all versions of ``model`` whose ``by`` is in ``within``."""

    name: str
    model: type[Model]
    by: str
    within: str
    column: str = "id"

    @property
    def table(self) -> str:
        return str(self.model.pgh_event_model._meta.db_table)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Part:
    """Rows of one kind that belong to a record: those whose column is in a gathered set.

    ``only`` gives, for a column and the reader, the ids that may stand in it; a row about others is left out.
    ``rights`` says under which right of the gatekeeper alone the part is shown; empty is under each.
    """

    kind: Kind
    by: Sequence[tuple[str, str]]
    only: Mapping[str, Ids] = field(default_factory=dict)
    rights: frozenset[str] = frozenset()
    in_history: bool = True
    in_past: bool = True


@dataclass(frozen=True)
class Record:
    """A record that has a page: its root, what is gathered for it and the parts it is made of."""

    name: str
    root: type[Model]
    parts: Sequence[Part]
    gathered: Sequence[Gathered] = ()

    def parts_for(self, right: str | None, *, past: bool = False) -> list[Part]:
        """What somebody who opens the record under ``right`` sees of it."""
        return [
            part
            for part in self.parts
            if (part.in_past if past else part.in_history) and (not part.rights or right in part.rights)
        ]


_records: dict[str, Record] = {}
_names: dict[type[Model], Names] = {}
_barred: dict[type[Model], Callable[[], QuerySet[Any]]] = {}
_tasks: dict[str, str] = {}


def register_record(record: Record) -> Record:
    """Let a record have its history; registering a name again replaces it."""
    _records[record.name] = record
    return record


def records() -> list[Record]:
    """Every record that has a history page."""
    return list(_records.values())


def register_names(model: type[Model], names: Names) -> None:
    """Say how rows of ``model`` are called: ``names(ids, at)``, as they stood at a moment or, for None, stand now."""
    _names[model] = names


def names_for(model: type[Model]) -> Names | None:
    """How rows of the model are called, where an app said so."""
    return _names.get(model)


def register_barred(model: type[Model], rows: Callable[[], QuerySet[Any]]) -> None:
    """Ids of rows of ``model`` that nobody is shown: whatever is about them is in no history."""
    _barred[model] = rows


def barred() -> Mapping[type[Model], Callable[[], QuerySet[Any]]]:
    """What nobody is shown, by model."""
    return _barred


def register_tasks(words: Mapping[str, str]) -> None:
    """What background tasks are called where a change was theirs."""
    _tasks.update(words)


def task_in_words(name: str) -> str:
    """Who a change was made by, where no person made it."""
    return _tasks.get(name, "A background task")


def about_columns(kind: Kind) -> Iterable[tuple[str, type[Model]]]:
    """The columns of a kind that lead to rows, and its own key, with the model each leads to."""
    yield "id", kind.model
    for one in kind.model._meta.concrete_fields:
        if isinstance(one, ForeignKey) and one.related_model is not None:
            yield one.attname, one.related_model
