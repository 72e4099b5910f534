"""When everybody who was to be asked has been: the clock of the invitations."""

from __future__ import annotations

import datetime

from conferences.enums import ParticipantStatus
from conferences.models import Conference
from conferences.selectors.companions import not_accepted


def settle_first_round(conference: Conference, *, now: datetime.datetime) -> None:
    """Meet the clock of the invitations, if it is open, once nobody is left whose invitation still has to go.

    Where the message to someone did not leave, or someone has yet to tell them, the clock waits for that, or for
    them to be held for the chair, or left out. Whom the chair has still to accept does not hold it up.
    """
    rows = conference.participants
    if rows.filter(~not_accepted(), status=ParticipantStatus.TO_INVITE).exists():
        return
    if rows.filter(status=ParticipantStatus.INVITED).exists():
        met = Conference.objects.filter(pk=conference.pk, invited_at__isnull=True).update(invited_at=now)
        conference.invited_at = now if met else conference.invited_at
