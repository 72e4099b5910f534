from __future__ import annotations

from django.db import models


class MessageState(models.TextChoices):
    WAITING = "waiting", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    WITHDRAWN = "withdrawn", "Withdrawn"


class MessageKind(models.TextChoices):
    INVITATION = "invitation", "Invitation"
    NOTICE = "notice", "Notice of a deadline"
    ALERT = "alert", "Urgent notice"
