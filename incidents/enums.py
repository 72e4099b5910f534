from __future__ import annotations

from django.db import models


class IncidentKind(models.TextChoices):
    """How it came into the wrong hands."""

    WRONG_PERSON = "wrong_person", "It went to the wrong person"
    OPENED = "opened", "It came back opened, or somebody else opened it"
    WRONG_VERSION = "wrong_version", "It was the wrong version, or said too much"
    LOST = "lost", "It is lost"
    SAID = "said", "It was said, shown or overheard"


class Telling(models.TextChoices):
    """Whether somebody whom an incident concerns is told of it."""

    OPEN = "", "Not decided"
    TELL = "tell", "To be told"
    TOLD = "told", "Told"
    NOT_TOLD = "not_told", "Not told"


class StepKind(models.TextChoices):
    """What was done about an incident."""

    ASKED_BACK = "asked_back", "Asked to give it back or to destroy it"
    BACK = "back", "It is back, or destroyed"
    SAFETY = "safety", "Somebody was made safe"
    POLICE = "police", "The police were told"
    CORRECTED = "corrected", "An address, a mailbox or a marking was corrected"
    OTHER = "other", "Something else"
