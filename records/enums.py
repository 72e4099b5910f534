from __future__ import annotations

from django.db import models


class HoldGround(models.TextChoices):
    """Why nothing in a case may be disposed of."""

    DEATH = "death", "A child of the case died"
    PREGNANCY = "pregnancy", "A pregnancy ended without a living child"
    COURT = "court", "A court or an inquest"
    INQUIRY = "inquiry", "An inquiry or a review of what happened"
    CLAIM = "claim", "A claim or a complaint"
    OTHER = "other", "Something else"


GROUNDS_BY_HAND = (HoldGround.COURT, HoldGround.INQUIRY, HoldGround.CLAIM, HoldGround.OTHER)


class DisposalState(models.TextChoices):
    PROPOSED = "proposed", "Proposed, waiting for a second person"
    AGREED = "agreed", "Agreed"
    REFUSED = "refused", "Refused by the second person"
    DONE = "done", "Disposed of"


class DisclosureKind(models.TextChoices):
    COURT = "court", "A court ordered it"
    SUBJECT_ACCESS = "access", "The person, or someone acting for them, asked for it"


class Asker(models.TextChoices):
    """Who asks for what is held about a person."""

    THEMSELVES = "themselves", "The person themselves"
    PARENT = "parent", "A parent or someone else with parental responsibility, for a child"
    ACTING = "acting", "Someone who acts for an adult, with their written authority"


class Answered(models.TextChoices):
    """What was found out; empty where nobody asked."""

    YES = "yes", "Yes"
    NO = "no", "No"


class DecisionGround(models.TextChoices):
    """Why a record is given to whoever asked, or left out."""

    AGREED = "agreed", "The other person agreed"
    REASONABLE = "reasonable", "It is fair to give it without the other person’s agreement"
    THIRD_PARTY = "third_party", "It is about someone else, who did not agree"
    SERIOUS_HARM = "serious_harm", "It could seriously harm someone"
    NO_HARM = "no_harm", "It harms no one"
    OTHER = "other", "Another reason"

    @property
    def needs_advice(self) -> bool:
        """Return whether somebody has to be consulted: on harm, who knows the person's health or care."""
        return self in {DecisionGround.SERIOUS_HARM, DecisionGround.NO_HARM}


class DisclosureState(models.TextChoices):
    PREPARING = "preparing", "Being prepared"
    WAITING = "waiting", "Waiting for a second person"
    AGREED = "agreed", "Agreed, the bundle is being made"
    MADE = "made", "Made, not handed over yet"
    HANDED_OVER = "handed_over", "Handed over"
    WITHDRAWN = "withdrawn", "Withdrawn"
