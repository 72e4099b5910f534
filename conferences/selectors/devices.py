"""Whether a child may have a link of their own: only where someone recorded that no one else can open the device."""

from __future__ import annotations

from accounts.guests.mailboxes import normalized
from conferences.enums import Capacity, WhoOpens
from conferences.models import DeviceAsked, Participant

WHY_NOT = {
    WhoOpens.SHARED: "Other people use the device on which they would open it.",
    WhoOpens.PARENT: "A parent or carer can open the device on which they would open it.",
    WhoOpens.UNKNOWN: "Nobody knows who else can open the device on which they would open it.",
}
NOT_ASKED = "Nobody has recorded who can open the device on which they would open it."
OTHER_ADDRESS = "Who can open the device was asked about another e-mail address."


def device_of(participant: Participant) -> DeviceAsked | None:
    """Return what is recorded about who can open a child's device; None where nobody has asked."""
    return participant.devices_asked.select_related("recorded_by").filter(superseded_at__isnull=True).first()


def why_no_own_link(participant: Participant) -> str:
    """Return why a participant gets no link of their own for the sake of who else would open it; "" where they may.

    Asked of children alone. What was recorded holds for the one address it was asked about.
    """
    if participant.capacity != Capacity.CHILD:
        return ""
    asked = device_of(participant)
    if asked is None:
        return NOT_ASKED
    if normalized(asked.email) != normalized(participant.email):
        return OTHER_ADDRESS
    return WHY_NOT.get(WhoOpens(asked.who_opens), "")
