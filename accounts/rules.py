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
from typing import Any, TypeVar, cast
from weakref import WeakSet

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet, FullResultSet, ImproperlyConfigured
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Expression,
    F,
    Field,
    ForeignObject,
    Lookup,
    Model,
    Q,
    QuerySet,
    Value,
)
from django.db.models.sql import Query
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.request_cache import asked_together, once_per_request

M = TypeVar("M", bound=Model)

# The alias of the row in compiled SQL, until the alias of its table in the query replaces it.
ROW = "row_asked_about"
DJANGO_ALIAS = re.compile(r"\b[A-Z]{1,3}[0-9]+\b")
_pieces = itertools.count(1)


@dataclass(frozen=True)
class Question:
    """A fact about a user that must be known before SQL can be run for them."""

    name: Hashable
    ask: Callable[[User], Any]


class Parameter(Value):
    """The placeholder for a question's answer in a condition."""

    def __init__(self, question: Question, output_field: Field[Any, Any]) -> None:
        super().__init__(question, output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ARG002 - Django calls it
        cast = "::bigint[]" if isinstance(self.output_field, ArrayField) else ""
        return f"%s{cast}", [self.value]


@ForeignObject.register_lookup
@Field.register_lookup
class OneOf(Lookup):
    """``column = ANY(array)``: the array is a parameter of many ids, or a subquery evaluated once."""

    lookup_name = "one_of"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


def ids_of_user(name: Hashable, ask: Callable[[User], Iterable[int]]) -> Parameter:
    """Return a parameter for a list of ids of the current reader; compare with ``__one_of``."""
    return Parameter(Question(name, lambda user: list(ask(user))), output_field=ArrayField(BigIntegerField()))


def array_of(rows: QuerySet[Any, Any]) -> ArraySubquery:
    """Return a few ids that the database looks up once per query, not per row; compare with ``__one_of``."""
    return ArraySubquery(rows.order_by())


def _of_roles(method: str, roles: frozenset[str]) -> Parameter:
    return ids_of_user((method, roles), lambda user: getattr(user, method)(*roles))


class Reader:
    """The reader, known only by the roles they hold. Everything else about them is a parameter."""

    pk: Any = Parameter(Question("user", lambda user: user.pk), BigIntegerField())
    today: Any = Parameter(Question("today", lambda user: timezone.localdate()), DateField())  # noqa: ARG005
    now: Any = Parameter(Question("now", lambda user: timezone.now()), DateTimeField())  # noqa: ARG005

    def __init__(self, roles: Iterable[str]) -> None:
        self.roles = frozenset(roles)

    def holds(self, *roles: Role | str) -> bool:
        """Return whether they hold one of ``roles`` today, in any council."""
        return not self.roles.isdisjoint(roles)

    def authority_ids(self, *roles: Role | str) -> Parameter | None:
        """Return the councils in which they hold one of ``roles`` today; None where they hold none of these."""
        held = self.roles & set(roles)
        return _of_roles("authority_ids", frozenset(held)) if held else None

    def team_ids(self, *roles: Role | str) -> Parameter | None:
        """Return the teams for which they hold one of ``roles`` today; None where they hold none of these."""
        held = self.roles & set(roles)
        return _of_roles("team_ids", frozenset(held)) if held else None


class RolesAsked(Exception):
    """Raised by a reader whose roles are not known."""


class ReaderOfUnknownRoles(Reader):
    """A reader for whom only conditions can be written that don't look at roles."""

    def __init__(self) -> None:
        pass

    @property
    def roles(self) -> frozenset[str]:  # type: ignore[override]
        raise RolesAsked


def looks_at_roles(condition: Callable[[Reader], object]) -> bool:
    """Whether a condition looks at the roles of whoever asks; where it does not, they don't have to be read."""
    try:
        condition(ReaderOfUnknownRoles())
    except RolesAsked:
        return True
    return False


Condition = Callable[[Reader], Q | None]


def reader_of(user: User) -> Reader:
    """Return the reader for a user: conditions may look only at the roles held today."""
    return Reader(held.role for held in user.current_roles) if user.is_authenticated else Reader(())


class Answers:
    """A user's answers to the questions in compiled SQL, each evaluated once."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._known: dict[Question, Any] = {}
        self._shared: dict[Hashable, object] = {}

    @property
    def may_read(self) -> bool:
        """Return whether rights count for the user at all."""
        return self._user.is_authenticated and self._user.is_active

    def fill(self, params: Iterable[object]) -> list[Any]:
        """Return ``params`` with answers in place of questions."""
        with asked_together(self._shared):
            return [self._answer(param) if isinstance(param, Question) else param for param in params]

    def _answer(self, question: Question) -> Any:
        if question not in self._known:
            self._known[question] = question.ask(self._user)
        return self._known[question]


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
    table, key = model._meta.db_table, f'"{model._meta.pk.column}"'
    sets = []
    for piece in pieces:
        row = f"r{next(_pieces)}"
        where = piece.text.replace(f"{ROW}.", f"{row}.")
        sets.append(f'SELECT {row}.{key} FROM "{table}" {row} WHERE {where}')  # noqa: S608 - the ORM wrote it
    params = tuple(param for piece in pieces for param in piece.params)
    return Sql(f"{ROW}.{key} IN ({' UNION ALL '.join(sets)})", params)


class RowSql(Expression):
    """Compiled SQL about the rows of the surrounding query.

    With ``answers``, its questions are answered; without, it becomes part of other compiled SQL.
    """

    def __init__(
        self, sql: Sql, answers: Answers | None, *, output_field: Field[Any, Any], row: Any = None
    ) -> None:
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

    def rows(self, user: User) -> list[tuple[Any, ...]]:
        """Return what the query finds for a user now."""
        reader = reader_of(user) if self._asks_roles else Reader(())
        if reader.roles not in self.by_roles:
            self.by_roles[reader.roles] = self._compile(reader)
        sql = self.by_roles[reader.roles]
        if sql is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(sql.text, Answers(user).fill(sql.params))
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


_compiled_things: WeakSet[Rule | CompiledQuery] = WeakSet()


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
    ``by_union`` suits rights that start far from the row, in another table: the database may then start with
    what each right finds there, where with OR it would have to scan all rows.
    """

    rights: Sequence[tuple[str, Condition]]
    never: Condition | None = None
    by_union: bool = False
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
        found = [sql for _, sql in rights]
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
    return [
        part
        for child in condition.children
        for part in _alternatives(child if isinstance(child, Q) else Q(child))
    ]


def _condition(sql: Sql, answers: Answers | None) -> RowSql:
    return RowSql(sql, answers, output_field=BooleanField())


def _with_right(queryset: QuerySet[M], right: Sql, answers: Answers | None) -> QuerySet[M]:
    named = RowSql(right, answers, output_field=CharField(null=True))
    return cast("QuerySet[M]", queryset.annotate(right=named))
