"""The outbox: one row for each message to one recipient, written in the transaction that causes it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.history import never_deleted
from accounts.models import Authority, User
from notifications.enums import TAG_COLOURS, MessageKind, MessageState


class Message(models.Model):
    """A message to one address. ``key`` makes writing it twice harmless."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="messages")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=MessageKind.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages", null=True, blank=True)
    person_id = models.BigIntegerField(null=True, blank=True)
    family_id = models.BigIntegerField(null=True, blank=True)
    conference_id = models.BigIntegerField(null=True, blank=True)
    to_email = models.EmailField()
    subject = models.CharField(max_length=150)
    body = models.TextField()
    calendar_file = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    held_because = models.CharField(max_length=300, blank=True, db_default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_because = models.CharField("why it was sent or kept back", max_length=500, blank=True, db_default="")

    # Set by ``notifications.access.hide_addresses`` for pages.
    hides_address = False

    class Meta:
        ordering = ("-created_at", "-pk")
        triggers: ClassVar = [never_deleted]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values),
                name="message_state_is_known",
                violation_error_message="Choose a state.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="message_sent_with_time",
                violation_error_message="A message that was sent needs the time.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING) | Q(claimed_until__isnull=False),
                name="message_sending_under_a_lease",
                violation_error_message="A message being sent needs the end of its lease.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.WITHDRAWN) | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="message_withdrawn_with_reason",
                violation_error_message="Say when and why the message was withdrawn.",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("send_after",),
                name="message_to_send",
                condition=Q(state__in=[MessageState.WAITING, MessageState.SENDING]),
            ),
            models.Index(fields=("conference_id",), name="message_of_conference"),
            models.Index(fields=("person_id",), name="message_held", condition=Q(state=MessageState.HELD)),
        ]

    @property
    def address_on_page(self) -> str:
        return "E-mail address confidential" if self.hides_address else self.to_email

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def tag_colour(self) -> str:
        return TAG_COLOURS[MessageState(self.state)]

    @property
    def is_of_own_work(self) -> bool:
        """Return whether it tells staff about their own work: it may name any case, so only they may read the text."""
        of_a_case = self.family_id or self.conference_id
        return self.kind in (MessageKind.NOTICE, MessageKind.ALERT) and bool(self.user_id) and not of_a_case


class Notice(models.Model):
    """Something to tell a user inside the product; ``key`` makes telling it twice impossible."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices", db_index=False)
    key = models.CharField(max_length=120)
    text = models.CharField(max_length=250, help_text="reference only: no names")
    url = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was noted that the matter waits for no one"
    )

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "key"), name="notice_once")]
        indexes: ClassVar = [
            models.Index(
                fields=("user", "-created_at"), condition=Q(acknowledged_at__isnull=True), name="notice_to_acknowledge"
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
