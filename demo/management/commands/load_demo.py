from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Authority
from demo import DEMONSTRATION
from demo.story import tell_everything


class Command(BaseCommand):
    help = "Fill an empty database with an invented council and thirty-two families; only in demo mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is a council already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data is for demo mode only (CPCONF_DEMO=1, never in production).")
        if Authority.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There is a council in this database already. Demonstration data wants an empty one.")
        with pghistory.context(task=DEMONSTRATION):
            council = tell_everything(now=timezone.now())
        self.stdout.write(f"{council.authority.name} and its families are ready.")
