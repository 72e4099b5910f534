"""What is held about whom: each app says of each of its tables whose records its rows are.

``<app>/data_map.py`` declares every model of the app, and a test fails for one that is not declared. From the
declarations come what is held about a family or a child, and which columns a disposal overwrites.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL

SETS = ("families", "children", "persons", "conferences", "plans", "core_groups", "addresses")


@dataclass(frozen=True)
class Subject:
    """Whose records are meant: sets of ids, each a list or an expression of the database.

    ``pages`` is a regular expression for the addresses of their pages, for rows that know no more.
    """

    families: Any = ()
    children: Any = ()
    persons: Any = ()
    conferences: Any = ()
    plans: Any = ()
    core_groups: Any = ()
    addresses: Any = ()
    pages: Any = field(default=r"^\b$")

    @classmethod
    def of(cls, **sets: Collection[int]) -> Subject:
        """The subject of these ids, with the addresses of its pages."""
        wanted = {name: sorted(ids) for name, ids in sets.items()}
        parts = [
            rf"{start}/({'|'.join(map(str, wanted[name]))})" for start, name in PAGES if wanted.get(name)
        ]
        return cls(**wanted, pages=rf"^/({'|'.join(parts)})(/|\?|$)" if parts else r"^\b$")

    @classmethod
    def of_variables(cls) -> Subject:
        """The subject of a function in the database that keeps each set in the array ``v_<set>``."""
        sets = {name: RawSQL(f"SELECT unnest(v_{name})", ()) for name in SETS}  # noqa: S611 - constants of ours
        return cls(**sets, pages=RawSQL("v_pages", ()))


# Under which address the pages of each set begin.
PAGES = (
    ("families", "families"),
    ("conferences/families", "families"),
    ("records/cases", "families"),
    ("conferences", "conferences"),
    ("plans", "plans"),
    ("core-groups", "core_groups"),
)


@dataclass(frozen=True)
class Holding:
    """A table of case data, and how its rows belong to somebody.

    ``family``, ``child``, ``person``, ``conference``, ``address`` are paths to what the row belongs to;
    ``where`` is the condition for rows that no path leads to. ``about`` narrows rows of a conference to those
    that concern given children. ``names`` are paths to persons whom a row is about beside. ``keeps`` are columns
    that say nothing about anybody, ``stubs`` what stands in others after a disposal, as SQL. ``is_given`` says
    that rows go into bundles that are given out: workings of the program and secrets do not. ``may_harm`` says that
    somebody decides about each row before the person whom it is about reads it.
    """

    model: type[Model]
    title: str
    family: str = ""
    child: str = ""
    person: str = ""
    conference: str = ""
    address: str = ""
    where: Callable[[Subject], Q] | None = None
    about: Callable[[Any], Q] | None = None
    names: tuple[str, ...] = ()
    keeps: frozenset[str] = frozenset()
    stubs: Mapping[str, str] = field(default_factory=dict)
    is_given: bool = True
    may_harm: bool = False

    def rows(self, subject: Subject) -> QuerySet[Any]:
        """Every row that belongs to the subject, once."""
        paths = (
            (self.family, subject.families),
            (self.child, subject.children),
            (self.person, subject.persons),
            (self.conference, subject.conferences),
            (self.address, subject.addresses),
        )
        condition = Q(pk__in=[])
        for path, ids in paths:
            if path:
                condition |= Q(**{f"{path}__in": ids})
        if self.where is not None:
            condition |= self.where(subject)
        return self.model._default_manager.order_by("pk").filter(condition)


_holdings: dict[type[Model], Holding] = {}
_nobodys: dict[type[Model], str] = {}
_apps_of_others: dict[str, str] = {}


def holds(
    model: type[Model],
    title: str,
    *,
    keeps: Collection[str] = (),
    stubs: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
    **paths: Any,
) -> None:
    """Declare a table of case data; see ``Holding``. Declaring it again replaces it."""
    _holdings[model] = Holding(
        model, title, keeps=frozenset(keeps), stubs=stubs or {}, names=tuple(names), **paths
    )


def holds_nobody(*tables: type[Model], because: str) -> None:
    """Declare tables that a disposal leaves alone, and why."""
    _nobodys.update(dict.fromkeys(tables, because))


def leave_app(label: str, *, because: str) -> None:
    """Declare all tables of a library's app as none of case data."""
    _apps_of_others[label] = because


def holdings() -> list[Holding]:
    """All tables of case data, in the order in which the apps build on each other."""
    return list(_holdings.values())


def is_declared(model: type[Model]) -> bool:
    """Whether somebody has said whose records the rows of a model are."""
    return model in _holdings or model in _nobodys or model._meta.app_label in _apps_of_others


REMOVED = "removed"
REMOVED_ADDRESS = "removed@example.invalid"


def overwritten(holding: Holding) -> dict[str | None, str]:
    """What a disposal writes into each column that could tell something, as SQL over the row itself.

    Words become one word, or stay empty where they were; days move by ``v_shift`` days, the same for the whole
    case, so that the order of things holds and no true day is left. Numbers, ticks and links between rows stay.
    """
    found = {
        column.column: _stub_of(column)
        for column in holding.model._meta.concrete_fields
        if column.name not in holding.keeps and not column.primary_key and not column.is_relation
    }
    own = {holding.model._meta.get_field(name).column: sql for name, sql in holding.stubs.items()}  # type: ignore[union-attr]
    return {column: sql for column, sql in found.items() if sql} | own


def _stub_of(column: models.Field[Any, Any]) -> str:
    name = f'"{column.column}"'
    for kinds, stub in _STUBS:
        if isinstance(column, kinds):
            return "" if column.choices else stub.format(name)
    base = getattr(column, "base_field", None)
    return "'{}'" if isinstance(base, _WORDS) and not base.choices else ""


_WORDS = (models.CharField, models.TextField)
_STUBS: tuple[tuple[Any, str], ...] = (
    (models.DateTimeField, "{0} + make_interval(days => v_shift)"),
    (models.DateField, "{0} + v_shift"),
    (models.EmailField, f"CASE WHEN {{0}} <> '' THEN '{REMOVED_ADDRESS}' ELSE {{0}} END"),
    (_WORDS, f"CASE WHEN {{0}} <> '' THEN '{REMOVED}' ELSE {{0}} END"),
    (models.JSONField, "CASE WHEN {0} IS NULL THEN NULL ELSE '{{}}'::jsonb END"),
    (models.BinaryField, "CASE WHEN {0} IS NULL THEN NULL ELSE ''::bytea END"),
    (models.GenericIPAddressField, "NULL"),
)
