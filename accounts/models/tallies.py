"""Attempts counted for rate limits."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Tally(models.Model):
    """Attempts under one limit by one key since the first of them; only a keyed hash of the key is stored."""

    door = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    since = models.DateTimeField()
    tries = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "tallies"
        constraints: ClassVar = [models.UniqueConstraint(fields=("door", "key"), name="one_tally_per_door_and_key")]
        indexes: ClassVar = [models.Index(fields=("since",), name="tallies_by_age")]

    def __str__(self) -> str:
        return f"{self.tries} tries at {self.door}"
