"""Which members have to be told of a meeting by another way than e-mail, and who told them when and how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked
from conferences.models.telling import TellingEntry, telling_checks
from core_groups.enums import News
from core_groups.models.groups import CoreGroupMember
from core_groups.models.meetings import CoreGroupMeeting
from families.models import Person


@tracked
class MemberToTell(models.Model):
    """What one member has to be told of one meeting: open until they are told, or it ends with a later one.

    ``starts_at`` and ``place`` are the member's own, as they were when it arose.
    """

    meeting = models.ForeignKey(CoreGroupMeeting, on_delete=models.PROTECT, related_name="to_tell")
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="to_tell")
    news = models.CharField("what they are told of", max_length=15, choices=News.choices)
    starts_at = models.DateTimeField("when they meet")
    place = models.CharField("where they meet", max_length=200, blank=True)
    because = models.CharField("why not by e-mail", max_length=300)
    arose_at = models.DateTimeField("since when")
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField("why it need not be told any more", max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "members to tell"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("meeting", "member"),
                condition=Q(told_at__isnull=True, ended_at__isnull=True),
                name="core_group_one_to_tell",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | Q(ended_at__isnull=False, ended_because__regex=r"\S"),
                name="core_group_to_tell_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"member to tell {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.told_at is None and self.ended_at is None

    @property
    def of_what(self) -> str:
        return str(self.get_news_display())

    @property
    def person(self) -> Person:
        return self.member.person


@tracked
class MemberTelling(TellingEntry):
    """Someone told a member of a core group, or tried."""

    to_tell = models.ForeignKey(MemberToTell, on_delete=models.PROTECT, related_name="tellings")

    class Meta:
        ordering = ("at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = telling_checks("core_group_")

    def __str__(self) -> str:
        return f"telling {self.pk} of a core group"
