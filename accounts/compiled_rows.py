"""Rows of a model that every request asks for, by SQL that Django writes once.

Putting such a question together takes Django longer than PostgreSQL takes to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class CompiledRows(Generic[M]):
    """A query whose values are filled in each time; what it selects and follows with ``select_related`` is kept.

    ``examples`` are values by name, each unlike the others and unlike anything else in the query.
    """

    def __init__(self, query: Callable[..., QuerySet[M]], examples: Mapping[str, object]) -> None:
        self.query, self.examples = query, dict(examples)

    def rows(self, **values: Any) -> list[M]:
        """Return the rows for these values, each a new object. Raises KeyError without one of them."""
        text, names, compiler = self._compiled
        with connection.cursor() as cursor:
            cursor.execute(text, [values[name] for name in names])
            found = compiler.results_iter(results=[cursor.fetchall()], tuple_expected=True)
            return [self._row(compiler, columns) for columns in found]

    @cached_property
    def _compiled(self) -> tuple[str, list[str], Any]:
        compiler = self.query(**self.examples).query.get_compiler(connection=connection)
        text, params = compiler.as_sql()
        names = {example: name for name, example in self.examples.items()}
        if strange := [param for param in params if param not in names]:
            raise ImproperlyConfigured(f"A query that is compiled once holds the values {strange!r}.")
        return text, [names[param] for param in params], compiler

    @staticmethod
    def _row(compiler: Any, columns: tuple[Any, ...]) -> M:
        about, select = compiler.klass_info, compiler.select
        fields = about["select_fields"]
        first, end = fields[0], fields[-1] + 1
        names = [chosen[0].target.attname for chosen in select[first:end]]
        row: M = about["model"].from_db(connection.alias, names, columns[first:end])
        for related in get_related_populators(about, select, connection.alias):  # type: ignore[call-arg]  # that of 6.1
            related.populate(columns, row)
        return row
