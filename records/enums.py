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


class DisclosureState(models.TextChoices):
    PREPARING = "preparing", "Being prepared"
    WAITING = "waiting", "Waiting for a second person"
    AGREED = "agreed", "Agreed, the bundle is being made"
    MADE = "made", "Made, not handed over yet"
    HANDED_OVER = "handed_over", "Handed over"
    WITHDRAWN = "withdrawn", "Withdrawn"
