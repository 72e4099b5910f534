"""Requests for a conference, by a social worker or another agency, with all that the service needs to know."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.enums import AskedKind, Category
from conferences.models.conference import Conference
from conferences.models.recorded import EnteredByOne, entered_by_one
from families.enums import Answer
from families.models import Agency, Child, Family, Person, Post


@tracked
class ConferenceRequest(EnteredByOne):
    """What someone asked for when they asked for a conference about children of a family. Its facts never change.

    A social worker's request stands on its conference, which is made at once; whether that is held is a
    ``ConferenceAgreement``. Another agency's (``agency``) has none until one is asked for: a manager answers it here,
    and who asked may take a refusal further, once, in another row (``goes_on_from``).
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="conference_requests")
    children = models.ManyToManyField(Child, related_name="conference_requests")
    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="requests", null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True, help_text="who asks for the agency"
    )
    reply_to = models.EmailField("where the answer goes", blank=True)
    asked_at = models.DateTimeField()
    policy_version_id = models.BigIntegerField(null=True, blank=True)
    goes_on_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="taken_further", null=True, blank=True
    )
    grounds = models.TextField("why it is asked for", blank=True)
    categories = ArrayField(models.CharField(max_length=3, choices=Category.choices), default=list, blank=True)
    responsibility = models.CharField(
        "whether parental responsibility is recorded rightly",
        max_length=15,
        choices=Answer.choices,
        default=Answer.NOT_ASKED,
    )
    responsibility_said = models.TextField("who has parental responsibility", blank=True)
    police = models.CharField(
        "whether the police are involved", max_length=15, choices=Answer.choices, default=Answer.NOT_ASKED
    )
    police_said = models.TextField("what the police do", blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField("agreed that a conference is needed", null=True, blank=True)
    reason = models.TextField("why not", blank=True)

    class Meta:
        ordering = ("asked_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            entered_by_one("conference_request"),
            models.CheckConstraint(
                condition=Q(agency__isnull=True, conference__isnull=False, answered_at__isnull=True)
                | Q(agency__isnull=False, person__isnull=False, grounds__regex=r"\S"),
                name="agency_says_why_it_asks",
                violation_error_message="Say why you ask for a conference.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, agreed__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, agreed__isnull=False),
                name="conference_request_answered_by_someone",
                violation_error_message="Say whether you agree.",
            ),
            models.CheckConstraint(
                condition=Q(agreed__isnull=True) | Q(agreed=True) | Q(reason__regex=r"\S"),
                name="conference_request_refused_with_reason",
                violation_error_message="Say why you do not agree.",
            ),
            models.UniqueConstraint(
                fields=("goes_on_from",),
                name="refusal_taken_further_once",
                violation_error_message="This is already asked.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("family",),
                condition=Q(answered_at__isnull=True, conference__isnull=True),
                name="open_conference_request",
            )
        ]

    def __str__(self) -> str:
        return f"request for a conference {self.pk}"

    @property
    def reference(self) -> str:
        """Return the number under which who asked is answered; it names nobody."""
        return f"R{self.pk}"

    @property
    def categories_words(self) -> list[str]:
        return [Category(code).label for code in self.categories]


@tracked_links
class ConferenceRequestChild(ConferenceRequest.children.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True


@tracked
class RequestedItem(models.Model):
    """One thing that a request asks for, about a person who is recorded or in the words of who asked.

    What is asked in words alone waits until someone says what was done about it; what names a person, or a post, is
    carried on by itself.
    """

    request = models.ForeignKey(ConferenceRequest, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12, choices=AskedKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    words = models.TextField("what is asked for, and why", blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_how = models.TextField("what was done", blank=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(post__isnull=False) | Q(words__regex=r"\S"),
                name="requested_item_says_something",
                violation_error_message="Say what is asked for.",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, settled_how__regex=r"\S"),
                name="requested_item_settled_says_how",
                violation_error_message="Say what was done.",
            ),
        ]

    def __str__(self) -> str:
        return f"requested item {self.pk}"
