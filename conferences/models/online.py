"""Who could know the link for those online, for as long as that link opens the meeting."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.history import append_only, tracked
from conferences.models.people import Participant


@tracked
class LinkGiven(models.Model):
    """From when one person could know one link: by their own page, an e-mail, or someone who read it out."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="links_given")
    link = models.URLField("link for those online", max_length=500)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("-given_at", "-pk")
        verbose_name_plural = "links given"
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [models.UniqueConstraint(fields=("participant", "link"), name="link_given_once")]

    def __str__(self) -> str:
        return f"link given {self.pk}"
