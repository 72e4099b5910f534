from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from deadlines.policies.describing import described


class Command(BaseCommand):
    help = "Print docs/policies.md: every key of a policy with meaning, unit, default and source."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(described(), ending="")
