from __future__ import annotations

from django.db import models

from conferences.enums import Given, Nature

__all__ = [
    "AnswerKind",
    "EntryKind",
    "Given",
    "Harm",
    "HarmAnswer",
    "LateKind",
    "LateState",
    "Nature",
    "OutlineKind",
    "Statement",
    "StopGround",
    "TalkAnswered",
    "TalkHow",
    "TalkItem",
    "ViewStatus",
]


class AnswerKind(models.TextChoices):
    """What people are asked for about each child, each in a round of its own."""

    SCORE = "score", "Score"
    VIEW = "view", "View"


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


class Statement(models.TextChoices):
    """What is read out at the beginning of each part; the council words it."""

    FAIRNESS = "fairness", "Equal opportunities"
    CONFIDENTIALITY = "confidentiality", "Keeping things private"


class OutlineKind(models.TextChoices):
    """What a meeting agrees for the plan besides actions; ``plans`` takes it over under the same names."""

    OUTCOME = "outcome", "Outcome"
    CONTINGENCY = "contingency", "If this happens"


class StopGround(models.TextChoices):
    SCORE = "score", "A score of 0"
    SAID = "said", "Someone said the child is not safe tonight"


class TalkHow(models.TextChoices):
    """How the chair talks with one of the family before the meeting."""

    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By telephone"
    VIDEO = "video", "By video"
    DECLINED = "declined", "They do not want to talk before"


class TalkItem(models.TextChoices):
    """What the chair goes through with each of the family before the meeting, in this order."""

    PAPERS = "papers", "They have had the papers, and time to read them"
    PROCESS = "process", "They know what happens in the meeting, in what order, and who decides"
    VIEWS = "views", "We have gone through their views, and what of them may be said"
    NEWS = "news", "They know the news that came after the reports"
    COMFORTABLE = "comfortable", "They are comfortable with who will be there"
    INTERPRETER = "interpreter", "The interpreter is there, and they understand each other"
    SEAT = "seat", "They have chosen where to sit, or how to join on a screen"
    FIRST = "first", "They have said whether to speak first or last"
    SUPPORTER = "supporter", "Whoever is with them knows what they may do"
    SAFE = "safe", "It is arranged how they arrive and leave safely"
    READY = "ready", "They say that they are ready for the others to come in"


class TalkAnswered(models.TextChoices):
    """What became of one point; each value is a different fact."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_ASKED = "not_asked", "Not asked"
    DOES_NOT_APPLY = "does_not_apply", "Does not apply"


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


class LateKind(models.TextChoices):
    NOTE = "note", "Note on the board"
    ATTENDANCE = "attendance", "Attendance"


class LateState(models.TextChoices):
    TAKEN = "taken", "Recorded"
    WAITS = "waits", "Waits for the chair"
    ACCEPTED = "accepted", "The chair let it stand"
    SET_ASIDE = "set_aside", "The chair set it aside"
