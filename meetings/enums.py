from __future__ import annotations

from django.db import models


class Nature(models.TextChoices):
    FACT = "fact", "Fact"
    OPINION = "opinion", "Opinion"


class Given(models.TextChoices):
    """Whether a score or view was given and, if not, why not. Each value is a different fact."""

    GIVEN = "given", "Given"
    ABSTAINED = "abstained", "Abstained"
    LEFT = "left", "Left before"
    NOT_ASKED = "not_asked", "Not asked"
    REFUSED = "refused", "Refused"
    UNKNOWN = "unknown", "Not known"


class Harm(models.TextChoices):
    SUFFERED = "suffered", "Has suffered significant harm"
    LIKELY = "likely", "Is likely to suffer significant harm"
    BOTH = "both", "Has suffered it and is likely to suffer it"
    NEITHER = "neither", "Neither"


class ViewStatus(models.TextChoices):
    """The status that a participant recommends."""

    CP_PLAN = "cp_plan", "Child protection plan"
    CIN_PLAN = "cin_plan", "Child in need plan"
    NO_PLAN = "no_plan", "No plan"


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
