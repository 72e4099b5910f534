"""Makes the review agreed in a meeting a conference of its own, in the diaries before a letter promises it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from conferences.enums import ConferenceKind, Mode
from conferences.models import Conference
from conferences.selectors.recipients import to_be_told
from conferences.services.booking import BookedFor, Booking, ChildToConfer, booking_faults
from conferences.services.scheduling import convene_conference, record_request
from deadlines.policies import policy_of
from deadlines.working_days.arithmetic import civil_day
from families.models import Child
from notifications.services.outbox import notify

WHY_A_REVIEW = "To look at the child protection plan together and to decide whether it is still needed."
PLACE_TO_FOLLOW = "No room is chosen yet."


def why_not_booked(conference: Conference, children: Sequence[Child], *, now: datetime.datetime) -> list[str]:
    """Return what stands in the way of booking the agreed review, one sentence each; nothing where it can be booked.

    It never stops a date from being agreed, nor the meeting from being closed.
    """
    booking = _booking(conference)
    if booking is None:
        return []
    if booking.mode != Mode.ONLINE and booking.room is None:
        faults = {"room": PLACE_TO_FOLLOW}
    else:
        wanted = BookedFor(authority_id=conference.authority_id, child_ids=frozenset(row.pk for row in children))
        faults = booking_faults(booking, wanted, now=now, looks_at_diaries=True)
    return list(faults.values())


def book_agreed_review(
    conference: Conference, children: Sequence[Child], *, by: User, now: datetime.datetime
) -> Conference | None:
    """Make the agreed review of a closed conference a conference about these children, and book it where it can be.

    In order: books it with chair, room and coordinator, sending nothing to those who will be invited; where that is
    refused, records it as asked for, to be booked by the coordinator within the limit `agreed-review-booked`; where
    even that is refused (a child is in another current conference), tells the coordinator. The closing goes on in any
    case. Returns the review, if there is one. Repeating it returns the first.
    """
    made = conference.followed_by.order_by("pk").first()
    booking = _booking(conference)
    if made is not None or booking is None or not children:
        return made
    review: dict[str, Any] = {
        "family": conference.family,
        "children": [ChildToConfer(child=child, kind=ConferenceKind.REVIEW) for child in children],
        "reason": WHY_A_REVIEW,
        "by": by,
        "now": now,
    }
    refused: list[str] = []
    for settle in (partial(convene_conference, booking=booking), record_request):
        try:
            with transaction.atomic():
                made = settle(**review)
                made.follows, made.mode, made.coordinator = conference, booking.mode, booking.coordinator
                made.save(update_fields=["follows", "mode", "coordinator"])
        except ValidationError as refusal:
            refused = refused or refusal.messages
        else:
            break
    if refused:
        _tell_coordinator(conference, made, now=now)
    return made


def _booking(conference: Conference) -> Booking | None:
    """Return the agreed review as a booking; None where no date is agreed, or nobody would run it."""
    chair, starts_at = conference.review_chair or conference.chair, conference.review_at
    if starts_at is None or chair is None or conference.coordinator is None:
        return None
    policy = policy_of(conference.policy_version_id)
    return Booking(
        starts_at=starts_at,
        family_arrives_at=starts_at - policy.family_arrives_before,
        professionals_arrive_at=starts_at - policy.professionals_arrive_before,
        until=starts_at + policy.normal_length,
        mode=conference.review_mode or conference.mode,
        room=conference.review_room,
        chair=chair,
        coordinator=conference.coordinator,
        # Asked when the date was agreed.
        hours_confirmed=True,
    )


def _tell_coordinator(conference: Conference, made: Conference | None, *, now: datetime.datetime) -> None:
    text = f"{conference.reference}: the review agreed there is not booked. A child is in another conference."
    if made is not None:
        text = f"{made.reference}: the date of this review is agreed, and it is not booked yet. Book it."
    for user in to_be_told(conference, [conference.coordinator], on=civil_day(now)):
        notify(
            user=user,
            key=f"conference:{conference.pk}:review not booked",
            text=text,
            url=reverse("conferences:overview", args=[(made or conference).pk]),
            now=now,
        )
