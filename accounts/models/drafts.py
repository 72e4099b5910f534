"""Words typed and not sent yet."""

from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from accounts.models.people import User


class Draft(models.Model):
    """What somebody typed into a long form and has not sent yet; kept for them alone, by page.

    ``fields`` maps names to lists of texts, as the browser sent them. Once the form is sent they are emptied
    and ``finished_at`` is set, so that a late saving from the old page can't bring the words back.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    path = models.CharField(max_length=300)
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    saved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "path"), name="one_draft_per_page")]

    def __str__(self) -> str:
        return f"draft {self.pk}"
