from __future__ import annotations

from django.db import models

from conferences.enums import Given, Nature

__all__ = ["EntryKind", "Given", "Harm", "HarmAnswer", "Nature", "StopGround", "ViewStatus"]


class Harm(models.TextChoices):
    SUFFERED = "suffered", "Has suffered significant harm"
    LIKELY = "likely", "Is likely to suffer significant harm"
    BOTH = "both", "Has suffered it and is likely to suffer it"
    NEITHER = "neither", "Neither"
    CANNOT_SAY = "cannot_say", "Cannot say"


class HarmAnswer(models.TextChoices):
    """An answer to whether a child on a plan still suffers, or is likely to suffer, significant harm."""

    YES = "yes", "Yes"
    NO = "no", "No"
    CANNOT_SAY = "cannot_say", "Cannot say"


class ViewStatus(models.TextChoices):
    """The status that a participant recommends."""

    CP_PLAN = "cp_plan", "Child protection plan"
    CIN_PLAN = "cin_plan", "Child in need plan"
    NO_PLAN = "no_plan", "No plan"


class AgreesWithoutQuorum(models.TextChoices):
    """Who, besides the chair, a council may ask to agree before a meeting goes on without a quorum."""

    MANAGER = "manager", "Team manager"
    SERVICE_MANAGER = "service_manager", "Service manager"
    COORDINATOR = "coordinator", "Coordinator"


class StopGround(models.TextChoices):
    SCORE = "score", "A score of 0"
    SAID = "said", "Someone said the child is not safe tonight"


class EntryKind(models.TextChoices):
    """The kinds of entry that can be filed under the wrong child."""

    BOARD = "board", "Board note"
    OUTLINE = "outline", "Action of the outline plan"
    SCORE = "score", "Score"
    VIEW = "view", "View"
    SECTION = "section", "Section of a report"
    ACTION = "action", "Action of a plan"
    VISIT = "visit", "Visit"
    ENTRY = "entry", "Part of a plan"
    NOTE = "note", "Note of a core group"
    RATING = "rating", "Score of a core group"
