"""System checks for what counting depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's own name
from django.db import connections
from django.utils import timezone

from deadlines.models import CalendarDay
from deadlines.selectors.calendar import calendar_health


@register(Tags.database)
def calendar_reaches_far_enough(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """Warn before the calendar of working days runs out, while there is a year left to act.

    Runs with ``manage.py check --database default`` and with ``migrate``.
    """
    if "default" not in (databases or ()):
        return []
    if CalendarDay._meta.db_table not in connections["default"].introspection.table_names():
        return []
    health = calendar_health(timezone.now())
    if health.is_well:
        return []
    return [
        Warning(
            f"The calendar of working days is {health.words}.",
            hint="Nothing is counted past its end. See why the weekly task deadlines.extend_calendar did not run.",
            id="deadlines.W001",
        )
    ]
