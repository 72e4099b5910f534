"""Who changed it, when it was no person: background work writes its name into the history."""

from __future__ import annotations

from typing import Any

import pghistory
from celery import Task


class RecordedTask(Task):
    """A task whose changes carry its name and run; nobody is their acting user."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with pghistory.context(task=self.name, run=self.request.id):
            return super().__call__(*args, **kwargs)
