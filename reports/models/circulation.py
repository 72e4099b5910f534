"""What became of a copy, and the packs in which copies are printed for the post and for giving by hand."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.history import append_only, never_deleted, tracked
from accounts.models import User
from conferences.models import Participant
from core_groups.models import CoreGroupMember
from families.models import Person
from reports.enums import Channel, NewsKind, PackState
from reports.models.papers import Copy, Document, for_one

BY_PACK = (Channel.POST, Channel.BY_HAND)


@tracked
class CopyNews(models.Model):
    """What became of one copy: opened for the first time, acknowledged, returned, recalled. Each is known once."""

    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="news")
    kind = models.CharField("what became of it", max_length=15, choices=NewsKind.choices)
    at = models.DateTimeField()
    note = models.CharField(max_length=250, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    guest_session_id = models.BigIntegerField("stay of the guest", null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        verbose_name_plural = "copy news"
        triggers: ClassVar = [append_only]
        constraints: ClassVar = [models.UniqueConstraint(fields=("copy", "kind"), name="news_of_a_copy_once")]

    def __str__(self) -> str:
        return f"news {self.pk} of copy {self.copy_id}"


@tracked
class PrintPack(models.Model):
    """Copies of one version that are printed in one go, each with its covering sheet. The file is kept encrypted."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="print_packs")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PackState.choices, default=PackState.WAITING)
    stored_as = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    take_after = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-made_at", "-pk")
        triggers: ClassVar = [
            never_deleted,
            pgtrigger.ReadOnly(name="frozen", fields=["document", "made_by", "made_at", "stored_as"]),
        ]
        indexes: ClassVar = [
            models.Index(fields=("take_after",), condition=Q(state=PackState.WAITING), name="pack_waits_for_layout")
        ]

    def __str__(self) -> str:
        return f"print pack {self.pk}"

    @property
    def is_ready(self) -> bool:
        return self.state == PackState.READY


@tracked
class Envelope(models.Model):
    """One recipient's pages in a print pack, with the address as it was confirmed for this sending.

    ``mark`` stands on each of its pages, and ``last_mark`` on the last one alone: who closes the envelope types it, so
    that pages which a printer has mixed are noticed. ``copy`` is there once it was posted or handed over.
    """

    pack = models.ForeignKey(PrintPack, on_delete=models.PROTECT, related_name="envelopes")
    number = models.PositiveSmallIntegerField()
    recipient = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    member = models.ForeignKey(CoreGroupMember, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    name = models.CharField(max_length=250)
    channel = models.CharField(max_length=14, choices=Channel.choices)
    address = models.TextField(blank=True)
    channel_confirmed = models.CharField("how the channel was confirmed as safe", max_length=200)
    is_large = models.BooleanField("in large print", default=False)
    mark = models.CharField(max_length=8)
    last_mark = models.CharField(max_length=8)
    pages = models.PositiveSmallIntegerField(null=True, blank=True)
    sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    sending_key = models.UUIDField(unique=True, editable=False, help_text="makes a form sent twice harmless")
    copy = models.OneToOneField(Copy, on_delete=models.PROTECT, related_name="envelope", null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_because = models.CharField("why it does not go", max_length=300, blank=True)

    class Meta:
        ordering = ("number",)
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("pack", "number"), name="envelope_number_once"),
            models.CheckConstraint(condition=for_one(), name="envelope_for_one"),
            models.CheckConstraint(condition=Q(channel__in=BY_PACK), name="envelope_by_post_or_hand"),
            models.CheckConstraint(
                condition=~Q(channel=Channel.POST) | Q(address__regex=r"\S"),
                name="posted_envelope_has_an_address",
                violation_error_message="There is no address to post it to.",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_because="")
                | Q(stopped_at__isnull=False, stopped_because__regex=r"\S", copy__isnull=True),
                name="stopped_envelope_says_why",
                violation_error_message="Say why it does not go.",
            ),
        ]

    def __str__(self) -> str:
        return f"envelope {self.pk}"

    @property
    def for_whom(self) -> int:
        """Return the id of the recipient in its document's content."""
        return self.recipient_id or self.member_id or self.person_id or 0

    @property
    def waits(self) -> bool:
        """Return whether it is printed, or about to be, and has not gone."""
        return self.copy_id is None and self.stopped_at is None
