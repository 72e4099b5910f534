"""Add a child to a conference that is arranged, or put one back who was withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.constraint_errors import refused_by_database
from accounts.models import User
from conferences.children_changed import before_child_joins
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.joining import CHANGEABLE, Known, candidate_of, why_not_kind
from conferences.services.child_news import tell_of_child, tell_staff
from conferences.services.comers import come_for_child
from conferences.services.guards import MeetingClosed, family_ids_of, require_chair, text_of
from conferences.services.lateness import ask_about_lateness
from conferences.services.proposals import propose_participants
from conferences.services.scheduling import lock_conference
from deadlines.services import reconcile
from deadlines.working_days.arithmetic import civil_day
from families.models import Child
from families.services.numbers import lock_authority

NEWLY_ABOUT = "this conference is now about another child as well."


def lock_to_change(conference: Conference, *, by: User, what: str) -> Conference:
    """Lock a conference whose children change. In session, only its chair changes them.

    Raises MeetingClosed where it is over, ValidationError for anyone but the chair while it is in session.
    """
    locked = lock_conference(conference)
    if locked.status not in CHANGEABLE:
        raise MeetingClosed("This conference is over, so the children it is about can't be changed.")
    if locked.status == ConferenceStatus.OPEN:
        require_chair(by, locked, what)
    return locked


@transaction.atomic
def add_child(
    *,
    conference: Conference,
    child: Child,
    kind: str,
    because: str,
    by: User,
    now: datetime.datetime,
    added_reason: str = "",
    also: Collection[Participant] = (),
) -> ConferenceChild:
    """Add a child to a conference that is not over; a withdrawn one is put back.

    In order: records the child with the kind, what led to it, and why; those on the list who know the child, and
    those of ``also``, come for this child too; proposes whoever else should be asked, sending them nothing; tells the
    invited family that there is another child, and invited agencies to report about this child too; tells the
    council's own people; asks for agreement where the date is now after the limit; counts the deadlines.
    Whatever is recorded about the other children stays. A child who is in it already is returned unchanged.

    Raises ValidationError on ``because``, ``kind`` or ``added_reason`` (an initial conference without a strategy
    discussion), for a child who is in another conference, has died or is in a restricted case, or if another than the
    chair adds one while it is in session; MeetingClosed.
    """
    lock_authority(conference.authority_id)
    locked = lock_to_change(conference, by=by, what="add a child to it")
    standing = locked.children.filter(child=child).first()
    if standing is not None and standing.withdrawn_at is None:
        return standing
    on = civil_day(now)
    candidate = candidate_of(locked, child, on=on, withdrawn=standing)
    reason = text_of("because", because, "Say why the child is added.")
    if candidate.refusal:
        raise ValidationError(candidate.refusal)
    if fault := why_not_kind(locked, candidate.known, kind):
        raise ValidationError({"kind": fault})
    row = standing or ConferenceChild(conference=locked, child=child, added_at=now)
    if standing is not None:
        _end_absence(row, now=now)
    for listener in before_child_joins:
        listener(locked, list(locked.children.present().order_by("pk")))
    row.joined_because = reason
    row.version += 0 if standing is None else 1
    lead(row, candidate.known, kind, added_reason=added_reason)
    with refused_by_database(initial_needs_enquiry_or_reason="added_reason"):
        row.save()
    _joins(locked, row, also=also, by=by, now=now)
    return row


def lead(row: ConferenceChild, known: Known, kind: str, *, added_reason: str = "") -> None:
    """Set the kind for the child, with what led to it, without saving; an enquiry once named stays."""
    row.kind = kind
    if kind in (ConferenceKind.INITIAL, ConferenceKind.PRE_BIRTH) or known.enquiry:
        row.enquiry = row.enquiry or known.enquiry
    if kind == ConferenceKind.TRANSFER_IN:
        row.transfer = known.transfer
    if row.enquiry is None:
        row.added_reason = added_reason.strip() or row.added_reason


def _end_absence(row: ConferenceChild, *, now: datetime.datetime) -> None:
    row.away_from, row.away_until = row.away_from or row.withdrawn_at, now
    row.withdrawn_at, row.withdrawal_decided_by = None, None
    row.withdrawn_because, row.withdrawn_ground, row.withdrawn_told = "", "", ""


def _joins(
    conference: Conference, row: ConferenceChild, *, also: Collection[Participant], by: User, now: datetime.datetime
) -> None:
    conference.version += 1
    conference.save(update_fields=["version"])
    if conference.status != ConferenceStatus.REQUESTED:
        come_for_child(conference, row, also=also, now=now)
        propose_participants(conference=conference, by=by, now=now)
        tell_of_child(conference, row, joins=True, now=now)
    tell_staff(conference, f"child:{row.pk}:{row.version}", NEWLY_ABOUT, but=by, now=now)
    ask_about_lateness(conference=conference, now=now)
    reconcile(family_ids=family_ids_of(conference), now=now)
