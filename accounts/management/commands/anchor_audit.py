from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts.audit.chain import anchor_in_words, anchor_reads, seal_reads, yesterday
from accounts.models import AuditAnchor


class Command(BaseCommand):
    help = "Seals the read log and anchors the day that is over; --print gives every anchor as a line to keep outside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", dest="print_all")

    def handle(self, *args: Any, print_all: bool, **options: Any) -> None:
        now = timezone.now()
        if not print_all:
            seal_reads(now=now)
            anchor = anchor_reads(day=yesterday(now), now=now)
            self.stdout.write(anchor_in_words(anchor) if anchor else "Nothing to anchor yet.")
            return
        for anchor in AuditAnchor.objects.order_by("day").iterator():
            self.stdout.write(anchor_in_words(anchor))
