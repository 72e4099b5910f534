from __future__ import annotations

import datetime
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q

from families.enums import Answer

M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M]):
    def current(self, *, on: datetime.date) -> Any:
        """Return the rows in force on the civil day ``on``."""
        return self.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=on)).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=on)
        )


class Dated(models.Model):
    """A fact with a start date; ``ends_on`` is the first day on which it is no longer true."""

    starts_on = models.DateField("from", null=True, blank=True)
    ends_on = models.DateField("until", null=True, blank=True)
    source = models.CharField("who says so", max_length=200, blank=True)

    objects: ClassVar = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(class)s_ends_after_it_starts",
                violation_error_message="The last day can't be before the first.",
            )
        ]

    def is_current(self, on: datetime.date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or self.ends_on > on)


def asked(question: str) -> models.CharField[str, str]:
    """Return the answer to a question about safety, which begins as "not asked"."""
    return models.CharField(
        question, max_length=20, choices=Answer.choices, default=Answer.NOT_ASKED, db_default=Answer.NOT_ASKED
    )


class Whereabouts(models.Model):
    """A row that could reveal where a person is. Marked confidential, it is left out everywhere by default.

    ``hidden_from`` names the people it is hidden from; confidential with no names means hidden from everyone in
    the family. ``hiding_asked`` tells "no one has to be kept from knowing" from "not asked yet".
    """

    hiding_asked = asked("whether someone must not find out")
    confidential = models.BooleanField("confidential whereabouts", default=False)
    hidden_from = models.ManyToManyField("families.Person", related_name="+", blank=True)

    class Meta:
        abstract = True
