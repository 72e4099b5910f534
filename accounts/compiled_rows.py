"""Rows of a model that many requests ask for, by SQL that Django writes once.

Putting such a question together takes Django longer than PostgreSQL takes to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class WrittenQuery(Generic[M]):
    """A query as Django wrote it: its SQL with its parameters, and how a line of the answer becomes an object."""

    def __init__(self, query: QuerySet[M]) -> None:
        self._compiler: Any = query.query.get_compiler(connection=connection)
        self.text, params = self._compiler.as_sql()
        self.params: tuple[object, ...] = tuple(params)
        self._prefetched = query._prefetch_related_lookups  # type: ignore[attr-defined]  # noqa: SLF001 - nothing public says it
        about, select = self._compiler.klass_info, self._compiler.select
        self._model, fields = about["model"], about["select_fields"]
        self._own = slice(fields[0], fields[-1] + 1)
        self._names = [chosen[0].target.attname for chosen in select[self._own]]
        self._related = get_related_populators(about, select, connection.alias)  # type: ignore[call-arg]  # that of 6.1
        self._annotated = dict(self._compiler.annotation_col_map or {})

    def rows(self, params: Sequence[Any]) -> list[M]:
        """Return the rows for these parameters, each a new object."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, params)
            answer = cursor.fetchall()
        found = [self._row(line) for line in self._compiler.results_iter(results=[answer], tuple_expected=True)]
        if self._prefetched:
            prefetch_related_objects(found, *self._prefetched)
        return found

    def _row(self, line: tuple[Any, ...]) -> M:
        row: M = self._model.from_db(connection.alias, self._names, line[self._own])
        for related in self._related:
            related.populate(line, row)
        for name, column in self._annotated.items():
            setattr(row, name, line[column])
        return row


class CompiledRows(Generic[M]):
    """A query whose values are filled in each time; what it selects and follows with ``select_related`` is kept.

    ``examples`` are values by name, each unlike the others and unlike anything else in the query.
    """

    def __init__(self, query: Callable[..., QuerySet[M]], examples: Mapping[str, object]) -> None:
        self.query, self.examples = query, dict(examples)

    def rows(self, **values: Any) -> list[M]:
        """Return the rows for these values, each a new object. Raises KeyError without one of them."""
        written, names = self._compiled
        return written.rows([values[name] for name in names])

    @cached_property
    def _compiled(self) -> tuple[WrittenQuery[M], list[str]]:
        written = WrittenQuery(self.query(**self.examples))
        names = {example: name for name, example in self.examples.items()}
        if strange := [param for param in written.params if param not in names]:
            raise ImproperlyConfigured(f"A query that is compiled once holds the values {strange!r}.")
        return written, [names[param] for param in written.params]
