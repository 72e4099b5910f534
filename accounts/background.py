"""Attributes changes made by background tasks: the task's name goes into the history."""

from __future__ import annotations

from typing import Any

import pghistory
from celery import Task


class RecordedTask(Task):
    """A Celery task whose changes record its name and run, with no acting user."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with pghistory.context(task=self.name, run=self.request.id):
            return super().__call__(*args, **kwargs)
