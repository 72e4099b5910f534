from __future__ import annotations

from django.db import models


class MeetingState(models.TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


COLOUR_OF_STATE = {MeetingState.PLANNED: "grey", MeetingState.HELD: "green", MeetingState.CANCELLED: "red"}


class HowToMeet(models.TextChoices):
    """How someone takes part in a core group in which there is a person they must not meet."""

    OWN_SITTING = "own_sitting", "In a sitting of their own"
    CALL = "call", "In a separate call"
    TOGETHER = "together", "In the same meeting as the others"


APART = (HowToMeet.OWN_SITTING, HowToMeet.CALL)
