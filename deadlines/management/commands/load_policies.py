from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Authority
from deadlines.policies import preset_names, resolve
from deadlines.services import put_policy_in_force


class Command(BaseCommand):
    help = "Check policy files; with --authority, put one preset in force for that council."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, help="files to check (default: those of the product)"
        )
        parser.add_argument("--authority", help="slug of the council")
        parser.add_argument("--preset", default="baseline", help="name of the preset for that council")
        parser.add_argument(
            "--since", type=datetime.date.fromisoformat, help="first day in force (default: today)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        faults: list[str] = []
        wanted = options["files"] or preset_names()
        for file in wanted:
            try:
                resolve(file)
            except ValidationError as error:
                faults += error.messages
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{len(wanted)} policy files are right.")
        if not options["authority"]:
            return
        authority = Authority.objects.filter(slug=options["authority"]).first()
        if authority is None:
            raise CommandError(f"There is no council with the slug {options['authority']!r}.")
        if options["preset"] not in preset_names():
            raise CommandError(
                f"There is no preset {options['preset']!r}; there are {', '.join(preset_names())}."
            )
        version = put_policy_in_force(
            authority=authority,
            preset=options["preset"],
            in_force_from=options["since"] or timezone.localdate(),
            now=timezone.now(),
        )
        self.stdout.write(f"Version {version.number} is in force from {version.in_force_from:%-d %B %Y}.")
