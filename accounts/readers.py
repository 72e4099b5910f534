"""Who reads, as access rules see them: placeholders for id, councils, teams, day and moment."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, DateTimeField, Field, ForeignObject, Lookup, QuerySet, Value
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.request_cache import asked_together


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
