"""Ends at once the roles that a directory granted to people who have left it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from accounts.directory.services import leave
from accounts.signin.directories import directory_called
from govuk.cleaning import clean_line


class Command(BaseCommand):
    help = "End the roles that a directory gave to leavers, and close accounts without any other role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--directory", required=True, help="slug of the directory")
        parser.add_argument("--file", required=True, type=Path, help="e-mail addresses or subjects, one on each line")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = directory_called(options["directory"])
        if directory is None:
            raise CommandError("There is no directory of that name.")
        try:
            lines = options["file"].read_text(encoding="utf-8").splitlines()
        except OSError as reason:
            raise CommandError("The file can't be read.") from reason
        now, closed, unknown = timezone.now(), 0, 0
        for named in filter(None, (clean_line(line) for line in lines)):
            joined = SocialAccount.objects.filter(
                Q(uid=named) | Q(user__email__iexact=named), provider=directory.slug
            ).select_related("user")
            unknown += not joined
            closed += sum(leave(directory=directory, user=row.user, now=now) for row in joined)
        self.stdout.write(f"{closed} accounts closed, {unknown} lines that name nobody of this directory.")
