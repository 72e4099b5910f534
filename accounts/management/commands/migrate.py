"""``manage.py migrate``."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from accounts.quick_migrating import quickly


class Command(migrate.Command):
    """Django's own, quicker."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        with quickly():
            return super().handle(*args, **options)
