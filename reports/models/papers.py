"""Papers: letter and minutes after a conference, plans, and who each was sent to."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference, ConferenceChild, Participant
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from families.models import Person
from plans.models import Plan, PlanVersion
from reports.enums import UNDONE, Channel, DocumentKind, DocumentState


def for_one() -> Q:
    """Match what is for someone on a conference's list, for a member of a core group, or for a person around a plan."""
    columns = ("recipient", "member", "person")
    found = Q()
    for named in columns:
        found |= Q(**{f"{column}__isnull": column != named for column in columns})
    return found


@tracked
class Document(models.Model):
    """A decisions letter, minutes, a plan or a letter to a child in one version.

    ``content`` is everything it could say, frozen when it was prepared. Each recipient's copy is composed from
    it, so the same version gives the same recipient the same bytes.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="documents")
    core_group_meeting = models.ForeignKey(
        CoreGroupMeeting,
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
        blank=True,
        help_text="whose minutes they are; the conference is then the one that formed the core group",
    )
    plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
        blank=True,
        help_text="the plan that is given out; the conference is then the one that made it",
    )
    plan_version = models.ForeignKey(
        PlanVersion, on_delete=models.PROTECT, related_name="documents", null=True, blank=True
    )
    conference_child = models.ForeignKey(
        ConferenceChild,
        on_delete=models.PROTECT,
        related_name="letters",
        null=True,
        blank=True,
        help_text="the child whose own letter it is",
    )
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField(max_length=12, choices=DocumentState.choices, default=DocumentState.PREPARED)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    released_at = models.DateTimeField("released or signed off", null=True, blank=True)
    standing_in_for = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="chair in whose place it was released",
    )
    released_as = models.CharField("released as", max_length=20, blank=True, default="", db_default="")
    settled_for = models.ManyToManyField(
        Participant, related_name="+", blank=True, help_text="who gets it only because the chair settled so"
    )
    tells_of_legal_planning = models.BooleanField(
        "says that a legal planning meeting was recommended", default=False, db_default=False
    )
    sent_back_at = models.DateTimeField(null=True, blank=True)
    sent_back_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    sent_back_because = models.TextField("what has to change", blank=True, default="", db_default="")
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    superseded_because = models.TextField(blank=True)
    completed_at = models.DateTimeField(
        "when the last person due a copy had one", null=True, blank=True, editable=False
    )

    class Meta:
        ordering = ("kind", "-number")
        triggers: ClassVar = [
            never_deleted,
            pgtrigger.ReadOnly(
                name="frozen",
                fields=[
                    "conference",
                    "core_group_meeting",
                    "plan",
                    "plan_version",
                    "conference_child",
                    "kind",
                    "number",
                    "content",
                    "prepared_at",
                ],
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("conference", "kind", "core_group_meeting", "plan", "conference_child", "number"),
                nulls_distinct=False,
                name="document_version_once",
            ),
            models.UniqueConstraint(
                fields=("conference", "kind", "core_group_meeting", "plan", "conference_child"),
                condition=~Q(state=DocumentState.SUPERSEDED),
                nulls_distinct=False,
                name="one_current_document",
                violation_error_message="There is already a newer version. Look at that one first.",
            ),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.CORE_GROUP, core_group_meeting__isnull=False)
                | ~Q(kind=DocumentKind.CORE_GROUP) & Q(core_group_meeting__isnull=True),
                name="core_group_minutes_name_their_meeting",
            ),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.PLAN, plan__isnull=False, plan_version__isnull=False)
                | ~Q(kind=DocumentKind.PLAN) & Q(plan__isnull=True, plan_version__isnull=True),
                name="paper_of_a_plan_names_it",
            ),
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.CHILDS_LETTER, conference_child__isnull=False)
                | ~Q(kind=DocumentKind.CHILDS_LETTER) & Q(conference_child__isnull=True),
                name="childs_letter_names_the_child",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.RELEASED) | Q(released_by__isnull=False, released_at__isnull=False),
                name="released_document_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True, sent_back_by__isnull=True)
                | Q(sent_back_at__isnull=False, sent_back_by__isnull=False, sent_back_because__regex=r"\S"),
                name="document_sent_back_says_what_to_change",
                violation_error_message="Write what has to change.",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.SUPERSEDED)
                | Q(superseded_by__isnull=False, superseded_at__isnull=False, superseded_because__regex=r"\S"),
                name="superseded_document_says_why",
                violation_error_message="Say why a new version is needed.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of conference {self.conference_id}"

    def to(self, recipient_id: int) -> dict[str, int]:
        """Return the column of copies and files, with its value, that says whose a recipient's is.

        A letter or minutes of a conference go to people on its list, minutes of a core group to its members, a plan
        and a child's own letter to persons.
        """
        if self.is_for_persons:
            return {"person_id": recipient_id}
        return {"recipient_id" if self.core_group_meeting_id is None else "member_id": recipient_id}

    @property
    def is_of_a_conference(self) -> bool:
        return self.core_group_meeting_id is None and not self.is_for_persons

    @property
    def is_for_persons(self) -> bool:
        return self.plan_id is not None or self.conference_child_id is not None

    def id_of(self, participant: Participant) -> int:
        """Return the id under which this paper knows someone on its conference's list."""
        return participant.person_id if self.is_for_persons else participant.pk

    @property
    def is_released(self) -> bool:
        return self.state == DocumentState.RELEASED


@tracked_links
class DocumentSettledFor(Document.settled_for.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class Copy(models.Model):
    """One recipient's copy: which version, how it was sent, over a channel confirmed for this sending.

    ``checksum`` is that of the file that is given out, in large print where ``is_large``; it is empty while the
    file has not been laid out, if the sending was recorded before that.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="copies")
    recipient = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="copies", null=True, blank=True)
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="copies", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="copies", null=True, blank=True)
    channel = models.CharField(max_length=14, choices=Channel.choices)
    sent_to = models.CharField("address or mailbox it went to", max_length=300, blank=True)
    channel_confirmed = models.CharField("how the channel was confirmed as safe", max_length=200)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    checksum = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    note = models.CharField(max_length=250, blank=True)
    is_large = models.BooleanField("in large print", default=False, db_default=False)
    sending_key = models.UUIDField(null=True, unique=True, editable=False, help_text="makes a form sent twice harmless")

    class Meta:
        ordering = ("sent_at", "pk")
        verbose_name_plural = "copies"
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("document", "recipient", "channel", "sent_at"),
                name="copy_recorded_once",
                violation_error_message="This copy is already recorded.",
            ),
            models.UniqueConstraint(
                fields=("document", "member", "channel", "sent_at"),
                name="member_copy_recorded_once",
                violation_error_message="This copy is already recorded.",
            ),
            models.UniqueConstraint(
                fields=("document", "person", "channel", "sent_at"),
                name="persons_copy_recorded_once",
                violation_error_message="This copy is already recorded.",
            ),
            models.CheckConstraint(condition=for_one(), name="copy_for_one"),
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"

    @property
    def for_whom(self) -> int:
        """Return the id of the recipient in its document's content."""
        return self.recipient_id or self.member_id or self.person_id or 0

    @property
    def is_undone(self) -> bool:
        """Return whether it did not reach its reader, came back or was recalled; wants its news fetched."""
        return any(one.kind in UNDONE for one in self.news.all())
