"""Correct the kind of conference for one child."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.models import ConferenceChild
from conferences.selectors.joining import known_about, why_not_kind
from conferences.services.child_news import tell_staff
from conferences.services.children import lead, lock_to_change
from conferences.services.guards import EditedMeanwhile, family_ids_of, lock_child, text_of
from conferences.services.lateness import ask_about_lateness
from deadlines.services import reconcile

DECIDED = "The chair has already decided for this child, so what kind of conference it was stays as it is."


@transaction.atomic
def correct_kind(
    *,
    conference_child: ConferenceChild,
    kind: str,
    because: str,
    by: User,
    now: datetime.datetime,
    version: int | None = None,
    added_reason: str = "",
) -> ConferenceChild:
    """Correct the kind of conference for a child for whom the chair has not decided yet.

    In order: records the kind, what led to it and why it was corrected; tells the council's own people; asks for
    agreement where the date is now after the limit; counts the deadlines: what is met already stays met. No one
    invited is told, because no message to them names the kind. The kind it has already changes nothing.

    Raises ValidationError on ``because``, ``kind`` or ``added_reason``, for a child decided about, or if another than
    the chair corrects it while the conference is in session; EditedMeanwhile; MeetingClosed.
    """
    locked = lock_to_change(conference_child.conference, by=by, what="correct its kind")
    row = lock_child(locked, conference_child)
    if row.kind == kind:
        return row
    if row.decisions.filter(superseded_by__isnull=True).exists():
        raise ValidationError(DECIDED)
    if version is not None and version != row.version:
        raise EditedMeanwhile(row)
    reason = text_of("because", because, "Say why you are correcting it.")
    known = known_about(row.child)
    if fault := why_not_kind(locked, known, kind):
        raise ValidationError({"kind": fault})
    lead(row, known, kind, added_reason=added_reason)
    row.kind_because = reason
    row.version += 1
    with refused_by_database(initial_needs_enquiry_or_reason="added_reason"):
        row.save()
    locked.version += 1
    locked.save(update_fields=["version"])
    what = "what kind of conference it is for a child has been corrected."
    tell_staff(locked, f"kind:{row.pk}:{row.version}", what, but=by, now=now)
    ask_about_lateness(conference=locked, now=now)
    reconcile(family_ids=family_ids_of(locked), now=now)
    return row
