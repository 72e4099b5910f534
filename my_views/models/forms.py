"""My Views: what a member of the family thinks and wishes, unsent and handed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts import encryption
from accounts.history import never_deleted, tracked, tracked_links
from accounts.models import User
from conferences.models import Conference
from conferences.models.recorded import Entered, entered_checks
from families.models import Person
from my_views.enums import Asked, Given, Help, Kind, Way

LOWEST, HIGHEST = 0, 10


@tracked
class MyViewsForm(models.Model):
    """The form of one person of the family for one conference: invited, kept out, or a child who is not invited.

    ``number`` counts how often it was handed in or taken back, so that a page can tell whether that happened since it
    was opened.
    """

    conference = models.ForeignKey(Conference, on_delete=models.PROTECT, related_name="my_views")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="my_views")
    questions = models.CharField("form for", max_length=15, choices=Asked.choices)
    begun_at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [models.UniqueConstraint(fields=("conference", "person"), name="one_my_views_each")]

    def __str__(self) -> str:
        return f"My Views {self.pk}"


class DraftAnswer(models.Model):
    """An answer that was not handed in, which nobody but its writer reads.

    ``writer`` is the member of staff who writes it down for someone; None where the person themselves writes on
    their own page. ``sealed`` is encrypted (``accounts.encryption``) and emptied once the form is handed in.
    ``version`` tells one page whether another wrote in the meantime.
    """

    form = models.ForeignKey(MyViewsForm, on_delete=models.PROTECT, related_name="drafts")
    writer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    question = models.CharField(max_length=60)
    sealed = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("form", "writer", "question"), nulls_distinct=False, name="one_draft_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"draft answer {self.pk}"

    @property
    def _owner(self) -> str:
        return f"my views {self.form_id} by {self.writer_id or 'the writer'}"

    @property
    def fields(self) -> dict[str, list[str]]:
        """Return what was typed, by name. Raises ``encryption.CannotBeOpened``."""
        return encryption.unseal(self.sealed, user_id=self._owner, path=self.question) if self.sealed else {}

    @fields.setter
    def fields(self, fields: dict[str, list[str]]) -> None:
        self.sealed = encryption.seal(fields, user_id=self._owner, path=self.question) if fields else ""


@tracked
class HandIn(Entered):
    """A form as it was handed in. Handed in again, the earlier one is superseded and kept; taken back, it is ended."""

    form = models.ForeignKey(MyViewsForm, on_delete=models.PROTECT, related_name="hand_ins")
    number = models.PositiveIntegerField()
    questions = models.CharField("form for", max_length=15, choices=Asked.choices)
    way = models.CharField("how it was filled in", max_length=10, choices=Way.choices)
    help = models.CharField("alone or with help", max_length=10, choices=Help.choices)
    helped_by = models.CharField("who helped", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("taken back", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="who took it back for them; none: they themselves",
    )

    class Meta:
        ordering = ("number", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            *entered_checks("my_views", "form"),
            models.UniqueConstraint(fields=("form", "number"), name="my_views_number_once"),
            models.CheckConstraint(
                condition=~Q(help=Help.HELPED) | Q(helped_by__regex=r"\S"),
                name="my_views_helped_by_whom",
                violation_error_message="Say who helped.",
            ),
        ]

    def __str__(self) -> str:
        return f"My Views as handed in {self.pk}"

    @property
    def counts(self) -> bool:
        """Return whether it is what the person says now."""
        return self.superseded_at is None and self.withdrawn_at is None


@tracked
class Answer(models.Model):
    """One answer as it was handed in, with the question in the words in which it was asked. Never changed."""

    hand_in = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="answers")
    position = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=60)
    asked = models.TextField("question")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    given = models.CharField("answered or not", max_length=10, choices=Given.choices)
    text = models.TextField("in their own words", blank=True)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    value_words = models.CharField("what the number or face means", max_length=200, blank=True)
    only_for_chair = models.BooleanField("only for the chair and social worker", default=False)

    class Meta:
        ordering = ("position", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("hand_in", "question"), name="one_answer_per_question"),
            models.CheckConstraint(
                condition=Q(given=Given.ANSWERED) & (Q(text__regex=r"\S") | Q(value__isnull=False))
                | ~Q(given=Given.ANSWERED) & Q(text="", value__isnull=True),
                name="my_views_answered_or_not",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=LOWEST, value__lte=HIGHEST), name="my_views_on_the_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} of My Views"

    @property
    def said(self) -> str:
        """Return the answer as words: the number or face with what it means, and what was written beside it."""
        return "\n".join(filter(None, (self.value_words, self.text)))


@tracked
class DangerSign(models.Model):
    """Words of danger in a form that was handed in. It waits until somebody says what was done."""

    hand_in = models.OneToOneField(HandIn, on_delete=models.PROTECT, related_name="danger_sign")
    answers = models.ManyToManyField(Answer, related_name="danger_signs")
    noticed_at = models.DateTimeField()
    done = models.TextField("what was done", blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("noticed_at", "pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(done__regex=r"\S", settled_by__isnull=False),
                name="danger_settled_by_what_was_done",
                violation_error_message="Write what was done.",
            )
        ]

    def __str__(self) -> str:
        return f"danger sign {self.pk}"


@tracked_links
class DangerSignAnswer(DangerSign.answers.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
