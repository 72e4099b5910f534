"""Who has to be told by another way than e-mail, of what, and who told them when and how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from accounts.models import User
from conferences.enums import ABOUT_A_PLAN, NOT_ABOUT_THE_MEETING, Occasion, TellingHow, TellingOutcome
from conferences.models.conference import Conference
from conferences.models.people import ExclusionRequest, Participant
from families.models import Person


@tracked
class ToTell(models.Model):
    """One occasion of which one person has to be told by another way than e-mail.

    Open until they are told (``told_at``, of the telling that stands) or it ends, because a later occasion or an
    e-mail takes its place. ``words`` are what someone wrote for this person; the rest is said as things are when
    they are told. ``entry`` stands for the day, times and place they are told (``heard.entry_of``).
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="to_tell")
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="to_tell")
    request = models.ForeignKey(
        ExclusionRequest,
        on_delete=models.PROTECT,
        related_name="to_tell",
        null=True,
        blank=True,
        help_text="the request that the chair answers",
    )
    plan_id = models.BigIntegerField("the plan it is about", null=True, blank=True, editable=False)
    occasion = models.CharField("what they are told of", max_length=15, choices=Occasion.choices)
    words = models.TextField("written for this person", blank=True)
    because = models.CharField("why not by e-mail", max_length=300)
    entry = models.CharField(
        "which day, times and place", max_length=64, blank=True, default="", db_default="", editable=False
    )
    arose_at = models.DateTimeField("since when")
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField("why it need not be told any more", max_length=200, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="supersedes", null=True, blank=True
    )

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "to tell"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("participant",),
                condition=Q(told_at__isnull=True, ended_at__isnull=True) & ~Q(occasion__in=NOT_ABOUT_THE_MEETING),
                name="one_occasion_to_tell",
            ),
            models.UniqueConstraint(
                fields=("request",),
                condition=Q(told_at__isnull=True, ended_at__isnull=True, request__isnull=False),
                name="one_answer_to_tell",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | Q(ended_at__isnull=False, ended_because__regex=r"\S"),
                name="to_tell_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(occasion=Occasion.ANSWER) | Q(request__isnull=False), name="answer_names_its_request"
            ),
            models.UniqueConstraint(
                fields=("participant", "plan_id"),
                condition=Q(told_at__isnull=True, ended_at__isnull=True, occasion=Occasion.PLAN_ENDED),
                name="one_ending_to_tell",
            ),
            models.UniqueConstraint(
                fields=("participant", "plan_id", "occasion"),
                condition=Q(told_at__isnull=True, ended_at__isnull=True, occasion__in=ABOUT_A_PLAN),
                name="one_news_of_a_plan_to_tell",
            ),
            models.CheckConstraint(
                condition=~Q(occasion__in=ABOUT_A_PLAN) | Q(plan_id__isnull=False), name="ending_names_its_plan"
            ),
        ]

    def __str__(self) -> str:
        return f"to tell {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.told_at is None and self.ended_at is None

    @property
    def of_what(self) -> str:
        return str(self.get_occasion_display())

    @property
    def person(self) -> Person:
        return self.participant.person


class TellingEntry(models.Model):
    """Someone told a person of something on a list of those to tell, or tried: who, when and how.

    The table adds ``to_tell``, the row of its list. A wrong entry is taken back with the reason.
    """

    outcome = models.CharField(max_length=12, choices=TellingOutcome.choices)
    how = models.CharField(max_length=10, choices=TellingHow.choices)
    at = models.DateTimeField("when")
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    told_by_other = models.CharField("who, where without an account", max_length=120, blank=True)
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_because = models.CharField(max_length=250, blank=True)

    class Meta:
        abstract = True

    @property
    def told_by_words(self) -> str:
        return self.told_by.name if self.told_by else self.told_by_other

    @property
    def stands(self) -> bool:
        return self.taken_back_at is None


def telling_checks(prefix: str = "") -> list[models.BaseConstraint]:
    """Return the checks of a table of tellings; their names begin with ``prefix``."""
    return [
        models.UniqueConstraint(
            fields=("to_tell",),
            condition=Q(outcome=TellingOutcome.TOLD, taken_back_at__isnull=True),
            name=f"{prefix}told_once",
            violation_error_message="Someone has recorded already that they were told. Reload the page.",
        ),
        models.CheckConstraint(
            condition=Q(told_by__isnull=False, told_by_other="") | Q(told_by__isnull=True, told_by_other__regex=r"\S"),
            name=f"{prefix}told_by_one_person",
            violation_error_message="Say who told them.",
        ),
        models.CheckConstraint(
            condition=~Q(outcome=TellingOutcome.NOT_REACHED) | Q(note__regex=r"\S"),
            name=f"{prefix}not_reached_says_what_was_tried",
            violation_error_message="Say what was tried.",
        ),
        models.CheckConstraint(
            condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_because="")
            | Q(taken_back_at__isnull=False, taken_back_by__isnull=False, taken_back_because__regex=r"\S"),
            name=f"{prefix}telling_taken_back_with_reason",
            violation_error_message="Say why this entry is wrong.",
        ),
    ]


@tracked
class Telling(TellingEntry):
    """Someone told a person of a conference, or tried."""

    to_tell = models.ForeignKey(ToTell, on_delete=models.PROTECT, related_name="tellings")

    class Meta:
        ordering = ("at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = telling_checks()

    def __str__(self) -> str:
        return f"telling {self.pk}"
