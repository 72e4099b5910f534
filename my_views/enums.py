from __future__ import annotations

from django.db import models


class Asked(models.TextChoices):
    """Which of the council's forms; the value names the policy's list of questions."""

    ADULT = "adult", "An adult"
    YOUNG_PERSON = "young-person", "A young person"
    CHILD = "child", "A child"
    YOUNG_CHILD = "young-child", "A small child"


class Way(models.TextChoices):
    """How a form was filled in."""

    OWN_PAGE = "own_page", "On their own page"
    TOGETHER = "together", "With a worker, on the worker’s device"
    SAID = "said", "Said aloud, and a worker wrote it down"
    PAPER = "paper", "On paper, and a worker typed it in"


class Help(models.TextChoices):
    ALONE = "alone", "Alone"
    HELPED = "helped", "With help"
    NOT_ASKED = "not_asked", "Not asked"


class Kind(models.TextChoices):
    WORDS = "words", "Words"
    SCALE = "scale", "A scale from 0 to 10"
    FACES = "faces", "Faces"


class Given(models.TextChoices):
    """Whether a question was answered; each value is a different fact."""

    ANSWERED = "answered", "Answered"
    REFUSED = "refused", "Did not want to answer"
    BLANK = "blank", "Left blank"
    NOT_ASKED = "not_asked", "Not asked"


class Ended(models.TextChoices):
    """Why words that were released are released no more."""

    TAKEN_BACK = "taken_back", "The chair took it back"
    CHANGED = "changed", "The writer changed these words"
    WITHDRAWN = "withdrawn", "The writer took the form back"
