"""The read log, and the seals that show whether it is intact."""

from __future__ import annotations

import re
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import ReadKind
from accounts.history import append_only
from accounts.models.people import Authority, User


def content_digest(row: str) -> str:
    """Return the SQL of the hash over a whole row of the read log, independent of session settings."""
    return (
        f"sha256(convert_to(jsonb_build_array({row}.id, extract(epoch FROM {row}.at), {row}.user_id,"
        f" {row}.authority_id, {row}.kind, {row}.page, {row}.subject, {row}.subject_id, to_jsonb({row}.family_ids),"
        f' to_jsonb({row}.person_ids), {row}."right", {row}.address::text, {row}.session, {row}.guest_session_id,'
        f" {row}.guest_person_id)::text, 'UTF8'))"
    )


with_digest = pgtrigger.Trigger(
    name="with_digest",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func=f"NEW.digest = {content_digest('NEW')}; RETURN NEW;",
)


class AccessEvent(models.Model):
    """One read of case data: who, what, whom it showed, under which right. Never changed or removed.

    ``digest`` is the hash over the whole row, made by the database; ``AuditSeal`` chains the rows.
    """

    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reads", null=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=10, choices=ReadKind.choices, default=ReadKind.PAGE)
    page = models.CharField(max_length=80)
    subject = models.CharField(max_length=40, help_text="model name of the row that was opened")
    subject_id = models.BigIntegerField(null=True)
    family_ids = ArrayField(models.BigIntegerField(), default=list)
    person_ids = ArrayField(models.BigIntegerField(), default=list)
    right = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=16, blank=True, help_text="tells the sessions of one user apart")
    guest_session_id = models.BigIntegerField(null=True, help_text="who read through a link, without account")
    guest_person_id = models.BigIntegerField(null=True)
    digest = models.BinaryField(max_length=32, null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("user", "at")),
            models.Index(fields=("authority", "at", "id"), name="reads_of_authority"),
            models.Index(fields=("subject", "subject_id", "at")),
            GinIndex(fields=("family_ids",), name="reads_of_family"),
        ]
        triggers: ClassVar = [append_only, with_digest]

    def __str__(self) -> str:
        return f"{self.kind} {self.page} {self.subject} {self.subject_id}"

    @property
    def page_in_words(self) -> str:
        """Return the page's name in words: "families:see-family" is "Families: see family"."""
        words = self.page.replace(":", ": ").replace("-", " ").replace("_", " ")
        return words[:1].upper() + words[1:]

    @property
    def subject_in_words(self) -> str:
        """Return the kind of record in words: "RoleAssignment" is "Role assignment"."""
        return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", self.subject)


class AuditSeal(models.Model):
    """A link in the chain over the read log: the rows with ids above ``after_id`` up to ``last_id``.

    It holds the hash of each row, and its own ``digest`` covers these and the previous seal's digest, so that a
    row changed, removed or inserted later can be found by its id. ``seen_id`` says how far the log had come
    when the seal was made: the next seal ends there, once every transaction that was then writing to the log
    (``writing``) has ended.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    after_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    event_ids = ArrayField(models.BigIntegerField())
    event_digests = models.BinaryField()
    seen_id = models.BigIntegerField()
    writing = ArrayField(models.CharField(max_length=40), default=list)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("number",)
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"seal {self.number}"


class AuditPieceRemoved(models.Model):
    """The rows of one seal of the read log, gone because no council keeps them any longer; the seal itself stays.

    Written by the database alone (``records.retention.upkeep_sql``). ``seal_number`` is that of the seal.
    """

    seal_number = models.PositiveBigIntegerField(primary_key=True)
    removed_at = models.DateTimeField()
    count = models.PositiveBigIntegerField("rows that were in it")

    class Meta:
        ordering = ("seal_number",)
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"removed piece {self.seal_number}"


class AuditAnchor(models.Model):
    """The chain's digest at the end of a day. A copy leaves the database, so that both can't be rewritten."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    seal_number = models.PositiveBigIntegerField()
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    count = models.PositiveBigIntegerField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("day",)
        triggers: ClassVar = [append_only]

    def __str__(self) -> str:
        return f"anchor {self.day}"


class ReadsLookedInto(models.Model):
    """A review of one user's unusual reads on one day, and what came of it. Never changed."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    what_came_out = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        indexes: ClassVar = [models.Index(fields=("authority", "day"), name="looked_into_by_day")]
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what_came_out__regex=r"\S"),
                name="looked_into_says_what_came_out",
                violation_error_message="Say what the outcome was.",
            ),
            models.CheckConstraint(
                condition=~Q(user=models.F("by")),
                name="nobody_looks_into_themselves",
                violation_error_message="Someone else has to check what you read.",
            ),
        ]

    def __str__(self) -> str:
        return f"looked into {self.pk}"
