"""Rows that gatekeepers open, by SQL that Django writes once for each rule and set of roles.

A gatekeeper asks for one row by its number, with rows beside it. Putting that together takes Django several times
longer than PostgreSQL takes to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet

from accounts.compiled_rows import WrittenQuery
from accounts.models import User
from accounts.readers import Answers, reader_of
from accounts.rules import Rule, Sql, forget_with_rules

M = TypeVar("M", bound=Model)

# Stands for a number that is looked for, where a query is written: no row has it, nor has any condition.
_NUMBER = -7_000_000_000

_every: list[RowsToOpen[Any]] = []


class RowsToOpen(Generic[M]):
    """The rows of one gatekeeper with what is read beside them, whoever asks and whenever."""

    def __init__(self, rows: Callable[[], QuerySet[M]]) -> None:
        self.rows = rows
        self.by_roles: dict[Hashable, WrittenQuery[M] | None] = {}
        forget_with_rules(self)
        _every.append(self)

    @cached_property
    def model(self) -> type[M]:
        return self.rows().model

    def open_to(self, user: User, rule: Rule, numbers: Mapping[str, int]) -> M | None:
        """Return the row with these numbers if the rule opens it to the user, with its right as ``row.right``."""
        reader, answers = reader_of(user), Answers(user)
        if not answers.may_read:
            return None
        key = (rule, reader.roles, *numbers)
        if key not in self.by_roles:
            self.by_roles[key] = _written(rule.visible(self.rows(), reader), numbers)
        return _first(self.by_roles[key], numbers, answers)

    def known(self, numbers: Mapping[str, int]) -> M | None:
        """Return the row with these numbers, whoever may see it."""
        key = (None, *numbers)
        if key not in self.by_roles:
            self.by_roles[key] = _written(self.rows(), numbers)
        return _first(self.by_roles[key], numbers, None)


def every_kind() -> list[RowsToOpen[Any]]:
    """Return the rows of every gatekeeper."""
    return list(_every)


def _written(rows: QuerySet[M], numbers: Mapping[str, int]) -> WrittenQuery[M] | None:
    """Return the query for the first of these rows with such numbers; None where it can find none."""
    found = rows.filter(**{name: _NUMBER - place for place, name in enumerate(numbers)})
    try:
        written = WrittenQuery((found if found.ordered else found.order_by("pk"))[:1])
    except EmptyResultSet:
        return None
    Sql.checked(written.text, ["" if _is_number(param) else param for param in written.params])
    return written


def _is_number(param: object) -> bool:
    return isinstance(param, int) and param <= _NUMBER


def _first(written: WrittenQuery[M] | None, numbers: Mapping[str, int], answers: Answers | None) -> M | None:
    if written is None:
        return None
    looked_for = list(numbers.values())
    params: list[Any] = [
        looked_for[_NUMBER - param] if isinstance(param, int) and _is_number(param) else param
        for param in written.params
    ]
    return next(iter(written.rows(answers.fill(params) if answers else params)), None)
