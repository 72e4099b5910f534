"""Forms that were sent, so that sending one again changes nothing."""

from __future__ import annotations

from django.db import models


class SentForm(models.Model):
    """The last form that one page sent to one address, and where its sender was led.

    ``page`` and ``content`` are keyed hashes, of who sent it from which page and of everything it held: nothing that
    was typed can be found from them. ``led_to`` is an address of this site.
    """

    page = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    led_to = models.TextField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"form sent at {self.at:%Y-%m-%d %H:%M}"
