from __future__ import annotations

from django.db import models


class PlanKind(models.TextChoices):
    CP = "cp", "Child protection plan"
    CIN = "cin", "Child in need plan"


class EndReason(models.TextChoices):
    NO_LONGER_AT_RISK = "no_longer_at_risk", "No longer at continuing risk of significant harm"
    MOVED = "moved", "Moved permanently, and the other council has held its conference"
    EIGHTEEN = "eighteen", "Reached 18"
    DIED = "died", "Died"
    LEFT_UK = "left_uk", "Left the United Kingdom for good"
    STEPPED_DOWN = "stepped_down", "Became a child in need plan"
    STEPPED_UP = "stepped_up", "Became a child protection plan"
    CONSENT_WITHDRAWN = "consent_withdrawn", "Consent was withdrawn"
    GOALS_MET = "goals_met", "The help worked"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


class Progress(models.TextChoices):
    NOT_STARTED = "not_started", "Not started"
    UNDER_WAY = "under_way", "Under way"
    DONE = "done", "Done"
    STUCK = "stuck", "Stuck"
    DROPPED = "dropped", "No longer needed"


COLOUR_OF_PROGRESS: dict[str, str] = {
    Progress.NOT_STARTED: "grey",
    Progress.UNDER_WAY: "blue",
    Progress.DONE: "green",
    Progress.STUCK: "red",
    Progress.DROPPED: "grey",
}
