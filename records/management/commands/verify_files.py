from __future__ import annotations

import hashlib
import sys
import uuid
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from records.models import Disclosure, Disposal
from reports.enums import Scan
from reports.models import StoredFile
from reports.uploads import storing


class Command(BaseCommand):
    help = "Finds files that are missing or changed, as after restoring a backup; exit code 1 and their ids if any."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = found = 0
        for what, pk, name, sha256 in expected_files():
            checked += 1
            content = storing.get(name)
            if content is None or hashlib.sha256(content).hexdigest() != sha256:
                found += 1
                self.stdout.write(f"{what} {pk}: {'missing' if content is None else 'changed'}")
        self.stdout.write(f"{checked} files checked, {found} missing or changed.")
        if found:
            sys.exit(1)


def expected_files() -> Iterator[tuple[str, int, uuid.UUID, str]]:
    """Yield every file that a record says is kept: what it is, the record's id, its name and its SHA-256.

    Left out are what was disposed of, what a scanner found harmful, and laid-out papers, which are made again.
    """
    kept = {
        "file": StoredFile.objects.exclude(scan=Scan.FOUND),
        "bundle": Disclosure.objects.filter(stored_as__isnull=False),
        "certificate": Disposal.objects.filter(stored_as__isnull=False),
    }
    for what, rows in kept.items():
        columns = rows.exclude(sha256="").order_by("pk").values_list("pk", "stored_as", "sha256")
        for pk, name, sha256 in columns.iterator():
            yield what, pk, name, sha256
