"""What rows are called where another row points to them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model

from accounts.case_data import table_of

M = TypeVar("M", bound=Model)
Names = Callable[[set[int], datetime.datetime | None], Mapping[int, str]]

_names: dict[type[Model], Names] = {}


def register_names(model: type[Model], names: Names) -> None:
    """Register ``names(ids, at)`` for rows of ``model`` at a moment, or now for None, where no declaration can."""
    _names[model] = names


def names_of(model: type[Model], ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:
    """Return what rows were called at a moment, or are called now for None."""
    if model in _names:
        return _names[model](ids, at)
    table = table_of(model)
    say, after = (table.called, table.called_after) if table else (None, "")
    if not after:
        return {pk: say(row) for pk, row in rows_at(model, ids, at).items()} if say else {}
    rows = rows_at(model, ids, at)
    step: Any = model._meta.get_field(after)
    names = names_of(step.related_model, {getattr(row, step.attname) for row in rows.values()}, at)
    named = {pk: names.get(getattr(row, step.attname), "") for pk, row in rows.items()}
    if say is None:
        return {pk: name for pk, name in named.items() if name}
    return {pk: say(row, named[pk]) for pk, row in rows.items()}


def rows_at(model: type[M], ids: Iterable[int], at: datetime.datetime | None) -> dict[int, M]:
    """Return rows of a model by id as they stood at a moment, or now, in one query.

    A row first recorded later is returned as first recorded: it needs a name. A table without history holds rows
    that never change. What the database computes is not among the columns of an earlier row.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    table = table_of(model)
    large = table.large if table else ()
    event: Any = getattr(model, "pgh_event_model", None)
    if at is None or event is None:
        return {row.pk: row for row in model._default_manager.filter(pk__in=wanted).defer(*large)}
    kept = {one.attname for one in event._meta.concrete_fields}
    columns = [one.attname for one in model._meta.concrete_fields if one.name not in large and one.attname in kept]
    events = event.objects.filter(pgh_obj_id__in=wanted).exclude(pgh_label="delete")
    found: dict[int, dict[str, Any]] = {}
    for values in events.order_by("pgh_id").values("pgh_created_at", *columns):
        written = values.pop("pgh_created_at")
        if values["id"] not in found or written <= at:
            found[values["id"]] = values
    return {pk: model(**values) for pk, values in found.items()}
