from __future__ import annotations

from django.db import models


class MessageState(models.TextChoices):
    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    WITHDRAWN = "withdrawn", "Withdrawn"
    HELD = "held", "Waiting for a manager"


TAG_COLOURS = {
    MessageState.WAITING: "grey",
    MessageState.SENDING: "blue",
    MessageState.SENT: "green",
    MessageState.FAILED: "red",
    MessageState.WITHDRAWN: "purple",
    MessageState.HELD: "yellow",
}


class MessageKind(models.TextChoices):
    INVITATION = "invitation", "Invitation"
    PAPER = "paper", "Paper"
    NOTICE = "notice", "Notice of a deadline"
    ALERT = "alert", "Urgent notice"
    CODE = "code", "One-time code"
    ACCOUNT = "account", "About an account"


class Subject(models.TextChoices):
    """All that a subject line may say besides the reference: bystanders can read a mailbox preview."""

    INVITATION = "invitation", "Invitation to a meeting"
    CHANGED = "changed", "A meeting has changed"
    CANCELLED = "cancelled", "A meeting has been cancelled"
    PLACE = "place", "About your place at a meeting"
    WHO_RUNS = "who_runs", "Who runs a meeting"
    CHILDREN = "children", "About a meeting you are invited to"
    ANSWER = "answer", "An answer to what you asked"
    REMINDER = "reminder", "Reminder of a meeting"
    PAPERS = "papers", "Papers for a meeting"
    DUE_SOON = "due_soon", "Something is due soon"
    DUE = "due", "Something is due today"
    LATE = "late", "Something is late"
    ESCALATED = "escalated", "Something late needs a manager"
    DIGEST = "digest", "What is due"
    ASKED = "asked", "Something is waiting for your decision"
    ALERT = "alert", "Please look at this now"
    NEWS = "news", "Something has changed"
    CODE = "code", "Your one-time code"
    ACCOUNT = "account", "Your account"
