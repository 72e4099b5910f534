"""Declares what each table holds about whom, once per model, for history, disclosure and disposal.

``<app>/data_map.py`` declares every model of the app; a test fails for an undeclared one. The declarations
determine the labels and columns of a record's history, what is held about a family or a person, and which
columns a disposal overwrites. Many-to-many tables are not declared: they follow from the model that has them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.db.models.expressions import RawSQL

SETS = ("families", "children", "persons", "conferences", "plans", "core_groups", "addresses")


@dataclass(frozen=True)
class Subject:
    """Whose records are meant: sets of ids, each a list or a database expression.

    ``pages`` is a regular expression for the URLs of their pages, for rows that hold nothing else.
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
        """Return the subject with these ids, and the URLs of its pages."""
        wanted = {name: sorted(ids) for name, ids in sets.items()}
        parts = [rf"{start}/({'|'.join(map(str, wanted[name]))})" for start, name in PAGES if wanted.get(name)]
        return cls(**wanted, pages=rf"^/({'|'.join(parts)})(/|\?|$)" if parts else r"^\b$")

    @classmethod
    def of_variables(cls) -> Subject:
        """Return the subject inside a database function that keeps each set in the array ``v_<set>``."""
        sets = {name: RawSQL(f"SELECT unnest(v_{name})", ()) for name in SETS}  # noqa: S611 - constants of ours
        return cls(**sets, pages=RawSQL("v_pages", ()))


# The URL prefixes of each set's pages.
PAGES = (
    ("families", "families"),
    ("conferences/families", "families"),
    ("records/cases", "families"),
    ("transfers/families", "families"),
    ("allegations/families", "families"),
    ("incidents/families", "families"),
    ("conferences", "conferences"),
    ("allegations/conferences", "conferences"),
    ("plans", "plans"),
    ("plans/child", "children"),
    ("transfers/plans", "plans"),
    ("core-groups", "core_groups"),
)

# Internal keys and counters, of no use to a reader of a record.
NEVER_SHOWN = frozenset(
    {"id", "version", "form_key", "policy_version_id", "created_at", "recorded_at", "position", "authority_id"}
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: whose its rows are, how history describes them, and what a disposal does to them.

    Whose: ``family``, ``child``, ``person``, ``conference`` and ``address`` are lookup paths to what a row
    belongs to, ``where`` the condition for rows that no path leads to. ``about`` narrows the rows of a
    conference or a family to those that concern given children, as a path or a condition. ``names`` are paths
    to persons a row is also about.

    Wording: ``title`` is what bundles and certificates call the table, ``one`` and ``many`` what history calls
    its rows; ``titles`` are the columns that identify a row; ``labels`` renames columns and ``hidden`` leaves
    some out, as is the column that leads to what the row belongs to, unless it is named in one of those;
    ``large`` columns are not even fetched. ``links`` names one row of each many-to-many table. ``at`` and
    ``by`` are the columns of append-only rows that say when and by whom they were written. ``called`` names a
    row where another row points to it; with ``called_after``, from the row and the name of the row in that
    column. History never shows rows in which one of ``barred_by`` is set, nor anything about them.

    Disposal: ``keeps`` are columns that say nothing about any person, ``stubs`` what other columns hold
    afterwards, as SQL. ``left_alone`` says why a disposal leaves the whole table alone. ``is_given`` says that
    rows go into bundles; the program's secrets and internals do not. ``may_harm`` says that each row needs a
    decision before the person it concerns reads it; ``court_only`` that it goes into a bundle for a court alone.
    ``shown`` returns the ids of the rows that people were ever shown: of the others a bundle for anyone but a court
    gives only what its person said, by the path ``said_by``.
    """

    model: type[Model]
    title: str = ""
    family: str = ""
    child: str = ""
    person: str = ""
    conference: str = ""
    address: str = ""
    where: Callable[[Subject], Q] | None = None
    about: str | Callable[[Any], Q] = ""
    names: tuple[str, ...] = ()

    one: str = ""
    many: str = ""
    titles: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    hidden: Collection[str] = ()
    large: Collection[str] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    by: str = ""
    called: Callable[..., str] | None = None
    called_after: str = ""
    barred_by: tuple[str, ...] = ()
    link_of: str = ""
    link_to: str = ""

    keeps: Collection[str] = ()
    stubs: Mapping[str, str] = field(default_factory=dict)
    left_alone: str = ""
    is_given: bool = True
    may_harm: bool = False
    court_only: bool = False
    shown: Callable[[], QuerySet[Any, Any]] | None = None
    said_by: str = ""

    @property
    def owners(self) -> tuple[str, ...]:
        """Return the paths to what a row belongs to."""
        paths = (self.family, self.child, self.person, self.conference, self.address)
        return tuple(path for path in paths if path)

    def rows(self, subject: Subject) -> QuerySet[Any]:
        """Return every row that belongs to the subject, once."""
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

    def about_children(self, children: Any) -> Q:
        """Return the condition for rows that concern these children."""
        if callable(self.about):
            return self.about(children)
        return Q(**{f"{self.about}__in": children}) if self.about else Q()

    def barred(self) -> QuerySet[Any]:
        """Return the ids of rows that history never shows."""
        condition = Q(pk__in=[])
        for path in self.barred_by:
            condition |= Q(**{f"{path}__isnull": False})
        return self.model._default_manager.order_by().filter(condition).values("pk")

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
    def versions(self) -> str:
        """Return the table that holds its versions: the event table, or its own where rows never change."""
        return versions_of(self.model) if not self.is_append_only else self.model._meta.db_table

    @cached_property
    def columns(self) -> Mapping[str, Field[Any, Any]]:
        """Return the columns that history shows, by name."""
        leading = {path.partition("__")[0] for path in self.owners}.difference(self.labels)
        return {
            one.attname: one
            for one in self.model._meta.concrete_fields
            if one.attname not in NEVER_SHOWN.union(self.large)
            and one.name not in self.hidden
            and (one.name not in leading or one.attname in self.titles)
        }

    def label(self, column: str) -> str:
        """Return what history calls a column."""
        field_of = self.columns[column]
        named = self.labels.get(field_of.name)
        return named if named is not None else _capitalised(field_of)

    def parent(self, column: str) -> type[Model] | None:
        """Return the model that a column leads to."""
        found = next((one for one in self.model._meta.concrete_fields if one.attname == column), None)
        return found.related_model if isinstance(found, ForeignKey) else None

    def parents(self) -> Iterable[tuple[str, type[Model]]]:
        """Yield the table's own key and the columns that lead to other rows, with the model each leads to."""
        yield "id", self.model
        for one in self.model._meta.concrete_fields:
            if isinstance(one, ForeignKey) and one.related_model is not None:
                yield one.attname, one.related_model

    def link_tables(self) -> dict[str, Table]:
        """Return the many-to-many tables whose versions are kept, by field name."""
        return {
            one.name: Table(
                model=proxy,
                one=self.links.get(one.name) or _capitalised(one),
                many=self.labels.get(one.name) or _capitalised(one),
                link_of=f"{one.m2m_field_name()}_id",
                link_to=f"{one.m2m_reverse_field_name()}_id",
            )
            for one in self.model._meta.many_to_many
            for proxy in cast("Any", one.remote_field.through).__subclasses__()
            if hasattr(proxy, "pgh_event_model")
        }


def versions_of(model: type[Model]) -> str:
    """Return the database table that keeps a tracked model's versions."""
    return str(model.pgh_event_model._meta.db_table)  # type: ignore[attr-defined]


def _capitalised(column: Any) -> str:
    words = str(column.verbose_name)
    return words[:1].upper() + words[1:]


_tables: dict[type[Model], Table] = {}
_apps_of_others: dict[str, str] = {}


def case_table(model: type[Model], title: str, **facts: Any) -> None:
    """Declare a table of case data; see ``Table``."""
    _tables[model] = Table(model=model, title=title, **facts)


def not_case_data(*tables: type[Model], because: str, **facts: Any) -> None:
    """Declare tables that a disposal leaves alone, and why."""
    _tables.update({model: Table(model=model, left_alone=because, **facts) for model in tables})


def app_without_case_data(label: str, *, because: str) -> None:
    """Declare that no table of a library's app holds case data."""
    _apps_of_others[label] = because


def case_tables() -> list[Table]:
    """Return all tables of case data, in app dependency order."""
    return [table for table in _tables.values() if not table.left_alone]


def table_of(model: type[Model]) -> Table | None:
    """Return a model's declaration, if any."""
    return _tables.get(model)


def declared(model: type[Model]) -> Table:
    """Return a model's declaration. Raises ImproperlyConfigured where there is none."""
    if model not in _tables:
        raise ImproperlyConfigured(f"No data map declares {model._meta.label}.")
    return _tables[model]


def barred_tables() -> list[Table]:
    """Return the tables with rows that history never shows."""
    return [table for table in _tables.values() if table.barred_by]


def is_declared(model: type[Model]) -> bool:
    """Return whether an app has declared whose records the model's rows are."""
    return model in _tables or model._meta.app_label in _apps_of_others


REMOVED = "removed"
REMOVED_ADDRESS = "removed@example.invalid"


def overwritten(table: Table) -> dict[str | None, str]:
    """Return what a disposal writes into each revealing column, as SQL over the row itself.

    Text becomes one fixed word, or stays empty; dates move by ``v_shift`` days, the same for the whole case, so
    that the order of events is kept but no true date is left. Numbers, booleans and links between rows stay.
    """
    found = {
        column.column: _stub_of(column)
        for column in table.model._meta.concrete_fields
        if column.name not in table.keeps and not column.primary_key and not column.is_relation
    }
    own = {table.model._meta.get_field(name).column: sql for name, sql in table.stubs.items()}  # type: ignore[union-attr]
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
