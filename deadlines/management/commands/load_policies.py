from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import Authority
from deadlines.models import PolicyVersion
from deadlines.policies import preset_names, raw_of, resolve
from deadlines.services import put_policy_in_force, renew_policies


class Command(BaseCommand):
    help = (
        "Check policy files, and give each council that follows one of them, as it was loaded, a new version from "
        "today where the file says something new. With --authority, put one preset or file in force there. "
        "Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="policy files (default: those of the product)")
        parser.add_argument("--authority", help="slug of the council to put in force for")
        parser.add_argument("--preset", help="name of the product's preset for that council, where no file is given")
        parser.add_argument("--since", type=datetime.date.fromisoformat, help="first day in force (default: today)")
        parser.add_argument("--check", action="store_true", help="only check the files; no database is needed")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted: list[str | Path] = options["files"] or list(preset_names())
        faults: list[str] = []
        for file in wanted:
            try:
                resolve(file)
            except ValidationError as error:
                faults += error.messages
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{len(wanted)} policy {'file is' if len(wanted) == 1 else 'files are'} right.")
        if options["check"]:
            return
        try:
            if options["authority"]:
                self._put_in_force(options)
            else:
                self._renew(wanted)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error

    def _put_in_force(self, options: dict[str, Any]) -> None:
        authority = Authority.objects.filter(slug=options["authority"]).first()
        if authority is None:
            raise CommandError(f"There is no council with the slug {options['authority']!r}.")
        if len(options["files"]) > 1 or (options["files"] and options["preset"]):
            raise CommandError("One council follows one policy: give one file, or --preset.")
        raw, preset = None, options["preset"] or "baseline"
        if options["files"]:
            raw = raw_of(options["files"][0])
            preset = raw["preset"]
        elif preset not in preset_names():
            raise CommandError(f"There is no preset {preset!r}; there are {', '.join(preset_names())}.")
        version = put_policy_in_force(
            authority=authority,
            preset=preset,
            raw=raw,
            in_force_from=options["since"] or timezone.localdate(),
            now=timezone.now(),
        )
        self._say(authority, version)

    @transaction.atomic
    def _renew(self, wanted: list[str | Path]) -> None:
        for file in wanted:
            for version in renew_policies(raw=raw_of(file), now=timezone.now()):
                self._say(version.authority, version)

    def _say(self, authority: Authority, version: PolicyVersion) -> None:
        self.stdout.write(
            f"{authority.slug}: Version {version.number} is in force from {version.in_force_from:%-d %B %Y}."
        )
