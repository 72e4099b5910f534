"""Conferences that were broken off, and wait until their next sitting is booked."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conferences.enums import ConferenceStatus, SittingState
from conferences.models import Conference, ConferenceChild, Sitting
from conferences.models.conference import BROKEN_OFF


def waits_for_next_sitting(rows: QuerySet[Conference]) -> QuerySet[Conference]:
    """Return those that were adjourned or inquorate and have no next sitting, with ``broken_off_at``, ``goes_on_at``.

    One that no child is left for waits to be cancelled instead.
    """
    sittings = Sitting.objects.filter(conference=OuterRef("pk")).exclude(state=SittingState.CANCELLED)
    newest = sittings.order_by("-number")
    children = ConferenceChild.objects.present().filter(conference=OuterRef("pk"))
    ended = newest.annotate(over_at=Coalesce("ended_at", "starts_at"))
    return rows.annotate(
        newest_state=Subquery(newest.values("state")[:1]),
        broken_off_at=Subquery(ended.values("over_at")[:1]),
        goes_on_at=Subquery(newest.values("goes_on_at")[:1]),
    ).filter(Exists(children), status=ConferenceStatus.SCHEDULED, newest_state__in=BROKEN_OFF)
