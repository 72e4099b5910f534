"""Who took over a conference, as its chair or its coordinator, from whom and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import Job, SittingState
from conferences.models.conference import Conference, Sitting


@tracked
class Replacement(models.Model):
    """One person took over a job of a conference from another.

    ``stays_for_earlier``: another chair was booked for a later sitting, and whoever chaired the earlier ones stays
    one of the conference's chairs. Otherwise the one who is replaced has no more part in it from ``at`` on; the
    sittings that were held keep who chaired them.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="replacements")
    job = models.CharField(max_length=12, choices=Job.choices)
    before = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="until then")
    after = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="from then on")
    reason = models.TextField()
    stays_for_earlier = models.BooleanField("stays a chair of earlier sittings", default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"),
                name="replacement_says_why",
                violation_error_message="Say why someone else takes over.",
            ),
            models.CheckConstraint(condition=~Q(before=F("after")), name="replaced_by_another"),
        ]

    def __str__(self) -> str:
        return f"replacement {self.pk}"


def sittings_still_chaired() -> QuerySet[Sitting]:
    """Return the sittings by which their chair is a chair of the conference: not cancelled, nor handed on since."""
    replaced = Replacement.objects.filter(
        conference=OuterRef("conference"),
        job=Job.CHAIR,
        before=OuterRef("chair"),
        stays_for_earlier=False,
        at__gte=OuterRef("booked_at"),
    )
    found: QuerySet[Sitting] = Sitting.objects.exclude(state=SittingState.CANCELLED).filter(~Exists(replaced))
    return found
