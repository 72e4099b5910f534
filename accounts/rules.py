"""Access rules, compiled to SQL once.

A condition is written with Django's ORM about a :class:`Reader`: the reader's id, councils, teams, day and
moment are placeholders. :class:`Rule` compiles the conditions of its rights to SQL once for each set of roles
that a user may hold, and fills in the values for the current user.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast
from weakref import WeakSet

from django.core.exceptions import EmptyResultSet, FullResultSet, ImproperlyConfigured
from django.db import connection
from django.db.models import BooleanField, CharField, Expression, F, Field, Model, Q, QuerySet
from django.db.models.sql import Query

from accounts.models import User
from accounts.readers import Answers, Question, Reader, looks_at_roles, reader_of
from accounts.request_cache import once_per_request

M = TypeVar("M", bound=Model)

# The alias of the row in compiled SQL, until the alias of its table in the query replaces it.
ROW = "row_asked_about"
DJANGO_ALIAS = re.compile(r"\b[A-Z]{1,3}[0-9]+\b")
_pieces = itertools.count(1)


Condition = Callable[[Reader], Q | None]


@dataclass(frozen=True)
class Sql:
    """A piece of SQL with its parameters, some of which are questions about the reader."""

    text: str
    params: tuple[object, ...] = ()

    @classmethod
    def checked(cls, text: str, params: Iterable[object]) -> Sql:
        """Return the piece, having checked that no value of one reader, day or moment was compiled into it."""
        found = cls(text, tuple(params))
        for before, param in zip(text.split("%s"), found.params, strict=False):
            constant = isinstance(param, str | bool | Question) or before.endswith("SELECT ")
            if not constant:
                raise ImproperlyConfigured(
                    f"An access rule holds the value {param!r}: ask it of the reader instead. {text}"
                )
        return found


ALWAYS, NEVER, NOTHING = Sql("TRUE"), Sql("FALSE"), Sql("NULL::varchar")


def compiled(model: type[Model], condition: Q) -> Sql:
    """Compile ``condition`` on a row of ``model``, aliased as ``ROW``.

    A condition that joins other tables becomes a subquery, so that it neither multiplies rows nor changes the
    surrounding query.
    """
    if not condition:
        return ALWAYS
    query = _query(model, condition)
    if sum(bool(count) for count in query.alias_refcount.values()) > 1:
        rows = model._base_manager.filter(condition).order_by().values("pk")
        query = _query(model, Q(pk__in=rows))
    query.change_aliases({model._meta.db_table: ROW})
    try:
        text, params = query.get_compiler(connection=connection).compile(query.where)
    except EmptyResultSet:
        return NEVER
    except FullResultSet:
        return ALWAYS
    if f'"{model._meta.db_table}".' in text:
        raise ImproperlyConfigured(f"An access rule reads its own table under the table's own name: {text}")
    return Sql.checked(_own_aliases(text), params)


def _own_aliases(text: str) -> str:
    """Rename the tables in ``text`` uniquely: a clash with an outer query's alias would hide the row."""
    number = next(_pieces)
    return DJANGO_ALIAS.sub(lambda found: f"r{number}_{found[0]}", text)


def _query(model: type[Model], condition: Q) -> Query:
    query = Query(model)
    query.get_initial_alias()
    query.add_q(condition)
    return query


def _joined(pieces: Sequence[Sql], word: str) -> Sql:
    text = f" {word} ".join(f"({piece.text})" for piece in pieces)
    return Sql(f"({text})", tuple(param for piece in pieces for param in piece.params))


def _union(model: type[Model], pieces: Sequence[Sql]) -> Sql:
    if len(pieces) == 1:
        return pieces[0]
    table, key = model._meta.db_table, f'"{model._meta.pk.column}"'
    sets = []
    for piece in pieces:
        row = f"r{next(_pieces)}"
        where = piece.text.replace(f"{ROW}.", f"{row}.")
        sets.append(f'SELECT {row}.{key} FROM "{table}" {row} WHERE {where}')  # noqa: S608 - the ORM wrote it
    params = tuple(param for piece in pieces for param in piece.params)
    return Sql(f"{ROW}.{key} IN ({' UNION ALL '.join(sets)})", params)


class Fills(Protocol):
    """Answers the questions among the parameters of compiled SQL."""

    def fill(self, params: Iterable[object]) -> list[Any]: ...


class RowSql(Expression):
    """Compiled SQL about the rows of the surrounding query.

    With ``answers``, its questions are answered; without, it becomes part of other compiled SQL.
    """

    def __init__(self, sql: Sql, answers: Fills | None, *, output_field: Field[Any, Any], row: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.sql, self.answers = sql, answers
        self.row: Any = row or F("pk")

    def get_source_expressions(self) -> list[Any]:
        return [self.row]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.row,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django calls it
        alias = compiler.quote_name_unless_alias(self.row.alias)
        params = self.answers.fill(self.sql.params) if self.answers else self.sql.params
        return self.sql.text.replace(f"{ROW}.", f"{alias}."), list(params)


@dataclass(frozen=True)
class Compiled:
    """A rule for holders of one set of roles: whether a row opens, under which right, and whether it is barred."""

    opens: Sql | None
    right: Sql
    barred: Sql


@dataclass(frozen=True, eq=False)
class CompiledQuery:
    """A query about a reader, compiled once for each set of roles; returns plain tuples.

    It also runs for a user who may not read at all: leave that check to the page.
    """

    query: Callable[[Reader], QuerySet[Any, Any]]
    by_roles: dict[Hashable, Sql | None] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        _compiled_things.add(self)

    def rows(self, user: User, *, first: int | None = None) -> list[tuple[Any, ...]]:
        """Return what the query finds for a user now: all of it, or the ``first`` rows."""
        reader = reader_of(user) if self._asks_roles else Reader(())
        if reader.roles not in self.by_roles:
            self.by_roles[reader.roles] = self._compile(reader)
        sql = self.by_roles[reader.roles]
        if sql is None:
            return []
        with connection.cursor() as cursor:
            limit = "" if first is None else f" LIMIT {first:d}"
            cursor.execute(f"{sql.text}{limit}", Answers(user).fill(sql.params))
            return cursor.fetchall()

    @cached_property
    def _asks_roles(self) -> bool:
        return looks_at_roles(self.query)

    def _compile(self, reader: Reader) -> Sql | None:
        try:
            text, params = self.query(reader).query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            return None
        return Sql.checked(text, params)


class KeptByRoles(Protocol):
    """What keeps SQL by the roles that somebody may hold."""

    @property
    def by_roles(self) -> dict[Hashable, Any]: ...


_compiled_things: WeakSet[KeptByRoles] = WeakSet()


def forget_with_rules(kept: KeptByRoles) -> None:
    """Have SQL into which rules were compiled forgotten when they are."""
    _compiled_things.add(kept)


def forget_compiled_rules() -> None:
    """Recompile everything on next use, because a condition used by others has changed."""
    for compiled_thing in _compiled_things:
        compiled_thing.by_roles.clear()


@dataclass(frozen=True, eq=False)
class Rule:
    """Named rights in the order in which they are tried.

    Each condition takes a reader and returns the rows this right opens, or None where the roles held can't give
    the right at all; ``Q()`` means every row. ``never`` bars rows whatever the rights say. Conditions must not
    multiply rows: reach across relations with ``Exists``, ``one_of`` or ``pk__in``, never with a join to many.
    ``opens`` finds the same rows as all rights together, in fewer conditions, where rights overlap.

    ``by_union`` suits rights that start far from the row, in another table: the database may then start with
    what each right finds there, where with OR it would have to scan all rows.
    """

    rights: Sequence[tuple[str, Condition]]
    never: Condition | None = None
    by_union: bool = False
    opens: Sequence[Condition] | None = None
    by_roles: dict[Hashable, Compiled] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        _compiled_things.add(self)

    def for_roles(self, model: type[Model], reader: Reader) -> Compiled:
        """Return the rule over rows of ``model`` for these roles, compiled once."""
        key = (model, reader.roles)
        if key not in self.by_roles:
            self.by_roles[key] = self._compile(model, reader)
        return self.by_roles[key]

    def _compile(self, model: type[Model], reader: Reader) -> Compiled:
        asked = [(name, condition(reader)) for name, condition in self.rights]
        rights = [(name, compiled(model, q)) for name, q in asked if q is not None]
        never = self.never(reader) if self.never else None
        bars = [] if never is None else [compiled(model, q) for q in _alternatives(never)]
        barred = _joined(bars, "OR") if bars else NEVER
        if not rights:
            return Compiled(opens=None, right=NOTHING, barred=barred)
        wider = [condition(reader) for condition in self.opens] if self.opens is not None else []
        found = [compiled(model, q) for q in wider if q is not None] or [sql for _, sql in rights]
        opens = _union(model, found) if self.by_union else _joined(found, "OR")
        open_to = [opens, *(Sql(f"({sql.text}) IS NOT TRUE", sql.params) for sql in bars)]
        whens = " ".join(f"WHEN {sql.text} THEN %s" for _, sql in rights)
        names = tuple(param for name, sql in rights for param in (*sql.params, name))
        return Compiled(opens=_joined(open_to, "AND"), right=Sql(f"CASE {whens} END", names), barred=barred)

    def visible(self, queryset: QuerySet[M], who: User | Reader) -> QuerySet[M]:
        """Return the rows of ``queryset`` that the reader may see, each with its right as ``row.right``."""
        found, answers = self._asked(queryset.model, who)
        if found.opens is None or (answers and not answers.may_read):
            return _with_right(queryset, NOTHING, None).none()
        return _with_right(queryset.filter(_condition(found.opens, answers)), found.right, answers)

    def named(self, queryset: QuerySet[M], user: User) -> QuerySet[M]:
        """Rows that are known to be visible, each with its right as ``row.right``."""
        found, answers = self._asked(queryset.model, user)
        return _with_right(queryset, found.right, answers)

    def marked(self, queryset: QuerySet[M], user: User) -> QuerySet[M]:
        """All rows of ``queryset``, each with whether the user may see it as ``row.is_open``."""
        found, answers = self._asked(queryset.model, user)
        opens = found.opens if found.opens is not None and answers and answers.may_read else NEVER
        return cast("QuerySet[M]", queryset.annotate(is_open=_condition(opens, answers)))

    def condition(self, model: type[Model], reader: Reader) -> Q | None:
        """The condition that opens rows, to be joined with others in a rule; None where no role allows it."""
        opens = self.for_roles(model, reader).opens
        return None if opens is None else Q(_condition(opens, None))

    def barred(self, queryset: QuerySet[M], who: User | Reader) -> QuerySet[M]:
        """Return the rows of ``queryset`` that no right can open to the reader."""
        if isinstance(who, Reader):
            return queryset.filter(_condition(self.for_roles(queryset.model, who).barred, None))
        reader = reader_of(who) if self._bars_by_roles else Reader(())
        return queryset.filter(_condition(self.for_roles(queryset.model, reader).barred, Answers(who)))

    @cached_property
    def _bars_by_roles(self) -> bool:
        return self.never is not None and looks_at_roles(self.never)

    def right_of(self, user: User, row: Model) -> str | None:
        """Return the right under which ``user`` may see ``row``, or None."""

        def ask() -> str | None:
            rows = type(row)._default_manager.filter(pk=row.pk).order_by()
            return next(iter(self.visible(rows, user).values_list("right", flat=True)), None)

        return once_per_request(("right", self, type(row), row.pk, user.pk), ask)

    def _asked(self, model: type[Model], who: User | Reader) -> tuple[Compiled, Answers | None]:
        if isinstance(who, Reader):
            return self.for_roles(model, who), None
        return self.for_roles(model, reader_of(who)), Answers(who)


def _alternatives(condition: Q) -> list[Any]:
    """Split a condition into parts each of which bars a row by itself."""
    if condition.connector != Q.OR or condition.negated:
        return [condition]
    return [part for child in condition.children for part in _alternatives(child if isinstance(child, Q) else Q(child))]


def _condition(sql: Sql, answers: Answers | None) -> RowSql:
    return RowSql(sql, answers, output_field=BooleanField())


def _with_right(queryset: QuerySet[M], right: Sql, answers: Answers | None) -> QuerySet[M]:
    named = RowSql(right, answers, output_field=CharField(null=True))
    return cast("QuerySet[M]", queryset.annotate(right=named))
