"""The gatekeeper of a guest's own My Views."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.enums import ReadKind
from accounts.guests.access import GuestRequired
from conferences.guest_access import place_of_guest, record_as_guest
from conferences.models import Participant
from my_views.selectors.speakers import may_speak


def access_as_writer(request: HttpRequest) -> Participant:
    """Return the guest's own place on the list, if they are of the family; never another's, because no id is taken.

    As long as they have access: nobody reads here what was not theirs. Writes the read log. Raises GuestRequired.
    """
    participant = place_of_guest(request)
    is_theirs = may_speak(participant)
    record_as_guest(request, participant, kind=ReadKind.PAGE if is_theirs else ReadKind.REFUSED)
    if not is_theirs:
        raise GuestRequired
    return participant
