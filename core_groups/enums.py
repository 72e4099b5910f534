from __future__ import annotations

from django.db import models


class MeetingState(models.TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"


COLOUR_OF_STATE = {MeetingState.PLANNED: "grey", MeetingState.HELD: "green", MeetingState.CANCELLED: "red"}


class LedBy(models.TextChoices):
    """Who carried the meeting for the council: without the key worker or a stand-in it doesn't count as held."""

    KEY_WORKER = "key_worker", "Yes"
    STAND_IN = "stand_in", "No, but someone stood in"
    NO_ONE = "no_one", "No, and no one stood in"


class HowToMeet(models.TextChoices):
    """How someone takes part in a core group in which there is a person they must not meet."""

    OWN_SITTING = "own_sitting", "In a sitting of their own"
    CALL = "call", "In a separate call"
    TOGETHER = "together", "In the same meeting as the others"


APART = (HowToMeet.OWN_SITTING, HowToMeet.CALL)


class News(models.TextChoices):
    """Of what a member has to be told who gets no e-mail."""

    INVITATION = "invitation", "The invitation"
    CHANGED = "changed", "A change of the meeting"
    NOT_TO_COME = "not_to_come", "That they do not come to this meeting"
    CANCELLED = "cancelled", "The cancellation"


ASKS_THEM = (News.INVITATION, News.CHANGED)
