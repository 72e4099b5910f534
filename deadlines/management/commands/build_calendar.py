from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from deadlines.services import build_calendar


class Command(BaseCommand):
    help = "Write England's working days from 2012 to five years ahead; safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        written = build_calendar(now=timezone.now())
        self.stdout.write(f"{written} days written.")
