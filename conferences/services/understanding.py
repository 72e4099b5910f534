"""Setting how a child is written to, where it is not as their age proposes."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.enums import Band
from conferences.models import ConferenceChild, Understanding
from conferences.selectors.understanding import understanding_of
from conferences.services.advocates import MEANWHILE
from conferences.services.guards import text_of
from conferences.services.scheduling import lock_conference


@transaction.atomic
def set_understanding(
    *, child: ConferenceChild, band: str, because: str, by: User, now: datetime.datetime, standing: int = 0
) -> Understanding:
    """Set how a child is written to, with the reason; an empty ``band`` lets the age count again.

    ``standing`` is the id of the record that the page showed, 0 for none; the same values again change nothing. Raises
    ValidationError for an unborn child, by field, and where somebody set something else meanwhile.
    """
    lock_conference(child.conference)
    if child.child.is_unborn:
        raise ValidationError("Nobody writes to a child who is not born yet.")
    if band and band not in Band.values:
        raise ValidationError({"band": "Choose how the child is written to."})
    reason = text_of("because", because, "Say why.")
    before = understanding_of(child)
    if before is not None and (before.band, before.because) == (band, reason):
        return before
    if (before.pk if before else 0) != standing:
        raise ValidationError(MEANWHILE)
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    with refused_by_database():
        return Understanding.objects.create(child=child, band=band, because=reason, set_by=by, set_at=now)
