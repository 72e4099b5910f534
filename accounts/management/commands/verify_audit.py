from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.audit.verify import Problem, Verification, problems_of_read_log

MOST_IDS = 1000


class Command(BaseCommand):
    help = "Finds rows of the read log that were changed, removed or put in; exit code 1 and their ids if any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=datetime.date.fromisoformat, help="a day: begin with what was sealed on it")
        parser.add_argument("--anchor", action="append", default=[], help="a line that anchor_audit --print gave")
        parser.add_argument("--anchors", type=Path, help="a file of such lines")

    def handle(
        self, *args: Any, since: datetime.date | None, anchor: list[str], anchors: Path | None, **options: Any
    ) -> None:
        kept = [*anchor, *(anchors.read_text().splitlines() if anchors else [])]
        seen = Verification()
        found = 0
        for problem in problems_of_read_log(since=since, kept=kept, seen=seen):
            found += 1
            self.stdout.write(in_words(problem))
        removed = f", {seen.removed} pieces removed after their time" if seen.removed else ""
        self.stdout.write(
            f"{seen.rows} sealed rows in {seen.seals} seals, {seen.unsealed} rows not sealed yet, "
            f"{seen.anchors} anchors{removed}: the read log is {'NOT ' if found else ''}whole."
        )
        if found:
            sys.exit(1)


def in_words(problem: Problem) -> str:
    """Describe the problem with its ids; a long list is cut short and counted."""
    if not problem.ids:
        return f"{problem.words}."
    shown = ", ".join(str(pk) for pk in problem.ids[:MOST_IDS])
    more = len(problem.ids) - MOST_IDS
    return f"{problem.words}: {shown}{f' and {more} more' if more > 0 else ''}."
