from __future__ import annotations

from django.db import models


class Threshold(models.TextChoices):
    """What someone who works with children is said to have done (Working Together to Safeguard Children)."""

    HARMED = "harmed", "Harmed a child, or may have"
    OFFENCE = "offence", "May have committed a criminal offence against a child, or related to one"
    RISK = "risk", "Behaved towards a child in a way that shows they may be a risk to children"
    UNSUITABLE = "unsuitable", "Behaved in a way that shows they may not be suitable to work with children"


class StepKind(models.TextChoices):
    """What came of a referral, in the order in which it usually happens."""

    ADVICE = "advice", "Advice was given"
    STRATEGY_MEETING = "strategy", "A strategy meeting was held"
    POLICE = "police", "The police investigate"
    EMPLOYER = "employer", "The employer investigates"
    NO_FURTHER_ACTION = "none", "No further action"
    SUBSTANTIATED = "proved", "Substantiated"
    UNSUBSTANTIATED = "unproved", "Unsubstantiated: neither proved nor disproved"
    UNFOUNDED = "unfounded", "Unfounded: nothing supports it"
    FALSE = "false", "False: there is evidence against it"
    MALICIOUS = "malicious", "Malicious: made to deceive"


# With one of these the matter is closed.
OUTCOMES = frozenset(
    {
        StepKind.NO_FURTHER_ACTION,
        StepKind.SUBSTANTIATED,
        StepKind.UNSUBSTANTIATED,
        StepKind.UNFOUNDED,
        StepKind.FALSE,
        StepKind.MALICIOUS,
    }
)
