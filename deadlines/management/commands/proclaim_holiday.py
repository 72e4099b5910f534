from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from deadlines.services import add_closed_day


class Command(BaseCommand):
    help = "Make a day a holiday for every council, and count all open deadlines again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", type=datetime.date.fromisoformat, help="such as 2027-05-03")
        parser.add_argument("name", help="why, such as “Coronation”")

    def handle(self, *, day: datetime.date, name: str, **_options: Any) -> None:
        try:
            add_closed_day(authority=None, day=day, name=name, by=None, now=timezone.now())
        except ValidationError as refusal:
            raise CommandError("; ".join(refusal.messages)) from refusal
        self.stdout.write(f"{day:%-d %B %Y} is a non-working day in all of England.")
