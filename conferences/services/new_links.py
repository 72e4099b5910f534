"""Staff actions on a participant's link: revoke it, send a new one, show its holder who else is coming."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import GuestLink, User
from conferences.enums import ConferenceStatus, ParticipantStatus, SittingState
from conferences.guest_access import comes_by_link
from conferences.models import ListShown, Participant
from conferences.selectors.devices import why_no_own_link
from conferences.selectors.mailboxes import refusal, sharers
from conferences.selectors.reach import REFUSED, reach_of
from conferences.services.exclusions import hold_undecided, lock_participant
from conferences.services.guards import require_chair
from conferences.services.guest_links import issue_link, revoke_link
from conferences.services.sending import booked_sitting, send_next_version
from deadlines.working_days.arithmetic import civil_day
from notifications.enums import Subject


@transaction.atomic
def close_guest_link(*, participant: Participant, because: str, by: User, now: datetime.datetime) -> int:
    """Revoke a participant's link with a reason, ending its session; return how many were revoked.

    An unsent message with the link leaves without one. Raises ValidationError on ``because``.
    """
    locked = lock_participant(participant)
    if not because.strip():
        raise ValidationError({"because": "Say why the link is closed."})
    return revoke_link(locked, because=because, by=by, now=now)


@transaction.atomic
def send_new_link(*, participant: Participant, because: str, by: User, now: datetime.datetime) -> GuestLink:
    """Revoke a participant's link and send a new one to the mailbox on record, with the current invitation.

    In order: holds anyone under a contact risk recorded meanwhile; revokes what is open; issues the new link
    with the reason; sends the next version of the invitation with it. Raises ValidationError on ``because``,
    for anyone who is not invited, who has no mailbox of their own, or whose conference is over.
    """
    if not because.strip():
        raise ValidationError({"because": "Say why a new link is needed."})
    hold_undecided(conference=participant.conference, by=by, now=now)
    locked = lock_participant(participant)
    sitting = booked_sitting(locked.conference)
    if locked.status != ParticipantStatus.INVITED:
        raise ValidationError("This person is not invited now, so nothing can be sent to them.")
    if because_of_device := why_no_own_link(locked):
        raise ValidationError(f"No link can be sent. {because_of_device}")
    if not comes_by_link(locked):
        raise ValidationError(
            "No link can be sent: this person has no e-mail address on the list, or an account of their own."
        )
    reach = reach_of([locked], on=civil_day(now))[locked.pk]
    if not reach.is_open:
        raise ValidationError(REFUSED[reach].format(name=locked.person.full_name))
    shared = sharers(locked.conference, [(locked, locked.email)], on=civil_day(now))
    if locked.pk in shared:
        raise ValidationError(refusal(locked.person.full_name, shared[locked.pk]))
    if sitting is None or sitting.state not in (SittingState.BOOKED, SittingState.IN_SESSION):
        raise ValidationError("Nothing is booked, so there is no invitation to send a link with.")
    if locked.conference.status not in (ConferenceStatus.SCHEDULED, ConferenceStatus.OPEN):
        raise ValidationError("This conference is over.")
    revoke_link(locked, because=because, by=by, now=now)
    link = issue_link(participant=locked, sitting=sitting, by=by, because=because, now=now)
    if link is None:
        raise ValidationError("No link can be sent to this person.")
    send_next_version(
        participant=locked, conference=locked.conference, sitting=sitting, subject=Subject.INVITATION, now=now
    )
    return link


@transaction.atomic
def show_list(*, participant: Participant, by: User, now: datetime.datetime) -> ListShown:
    """Show one guest who else is coming, as the chair, within what that person may know. Idempotent.

    Raises ValidationError for anyone but the chair.
    """
    locked = lock_participant(participant)
    require_chair(by, locked.conference, "show someone who else is coming")
    standing = locked.list_shown.filter(ended_at__isnull=True).first()
    return standing or ListShown.objects.create(participant=locked, shown_by=by, shown_at=now)


@transaction.atomic
def stop_showing_list(*, participant: Participant, by: User, now: datetime.datetime) -> int:
    """Stop showing it, as the chair. Raises ValidationError for anyone but the chair."""
    locked = lock_participant(participant)
    require_chair(by, locked.conference, "decide who sees who else is coming")
    rows = locked.list_shown.filter(ended_at__isnull=True)
    return len([_ended(row, by=by, now=now) for row in rows])


def _ended(row: ListShown, *, by: User, now: datetime.datetime) -> ListShown:
    row.ended_at, row.ended_by = now, by
    row.save(update_fields=["ended_at", "ended_by"])
    return row
