"""Drafts of unsent forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.db import models

from accounts import encryption
from accounts.models.people import User


class Draft(models.Model):
    """What a user typed into a long form and has not submitted; kept for them alone, by page.

    ``sealed`` holds field names and values, encrypted (see ``accounts.encryption``). On submission it is
    cleared and ``finished_at`` is set, so that a late automatic save from the old page can't bring the text
    back.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    path = models.CharField(max_length=300)
    sealed = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "path"), name="one_draft_per_page")]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def fields(self) -> dict[str, list[str]]:
        """Return lists of values by field name, as the browser sent them. Raises ``encryption.CannotBeOpened``."""
        if not self.sealed:
            return {}
        return encryption.unseal(self.sealed, user_id=self.user_id, path=self.path)

    @fields.setter
    def fields(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.sealed = encryption.seal(fields, user_id=self.user_id, path=self.path) if fields else ""
