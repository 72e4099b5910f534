"""Keeps the history of case tables, every insert, update and delete, by database trigger."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db.models import Model

M = TypeVar("M", bound=type[Model])

append_only = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
never_deleted = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def tracked(model: M) -> M:
    """Keep every version of the rows of ``model``."""
    # A tracker remembers the first model it is given, so each model needs its own.
    track = pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return track(model)


def tracked_except(*fields: str) -> Callable[[M], M]:
    """Keep every version of the rows but of these fields, which follow from other tables that are tracked."""

    def decorated(model: M) -> M:
        trackers = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
        return pghistory.track(*trackers, exclude=list(fields), model_name=f"{model.__name__}Event")(model)

    return decorated


def tracked_links(through: M) -> M:
    """Keep the additions to and removals from a many-to-many table, given as a proxy of its model."""
    track = pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None)
    return track(through)


def tracked_fields(*fields: str) -> Callable[[M], M]:
    """Keep every version of these fields only: a password hash, for one, has no history."""

    def decorated(model: M) -> M:
        trackers = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
        return pghistory.track(*trackers, fields=list(fields), model_name=f"{model.__name__}Event")(model)

    return decorated
