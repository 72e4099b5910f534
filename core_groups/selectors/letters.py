"""What a member of a core group is told of a meeting, in an e-mail or by another way."""

from __future__ import annotations

import datetime

from core_groups.models import CoreGroupMeeting
from govuk import words


def letter(meeting: CoreGroupMeeting, *, at: datetime.datetime, place: str, changed: bool, page: str = "") -> str:
    """Return the text of an invitation or change: the member's own time and place, and no name.

    ``page`` is the address of the member's own page, where they have one.
    """
    authority = meeting.core_group.authority
    ring = f"Ring us on {authority.day_phone}" if authority.day_phone else "Get in touch"
    opening = (
        "The day, time or place of your core group meeting has changed. These are the new details."
        if changed
        else "You are invited to a core group meeting. The people who carry out the plan look at how it is going."
    )
    facts = "\n".join(
        (
            f"Day: {words.long_date(at)}".replace(words.NO_BREAK, " "),
            f"Time: {words.clock(at)}",
            f"Where: {place or 'we will tell you'}",
            f"Reference: {meeting.core_group.family.case_number}",
        )
    )
    night = f"At night and at weekends, ring {authority.night_phone}. " if authority.night_phone else ""
    closing = (
        f"{ring} if you can't come, or if you need help to take part. You can ask not to be in a room with someone.\n\n"
        f"{night}If someone is in danger, ring 999."
    )
    own_page = (
        f"Your own page says when and where you meet. You can write there how things are going: {page}\n"
        "The page asks for a code. We send it here."
    )
    parts = [
        "Hello,",
        opening,
        facts,
        *([own_page] if page else []),
        closing,
        "Please do not pass this message on.",
        authority.name,
    ]
    return "\n\n".join(parts)


def no_more(meeting: CoreGroupMeeting) -> str:
    """Return the text that tells someone that they do not come to a meeting, or that it is cancelled."""
    group = meeting.core_group
    ring = f"Ring us on {group.authority.day_phone}" if group.authority.day_phone else "Get in touch"
    not_needed = f"You do not need to come to the meeting with the reference {group.family.case_number}."
    parts = [
        "Hello,",
        f"{not_needed} Please take it out of your diary.",
        f"{ring} if you have any questions.",
        group.authority.name,
    ]
    return "\n\n".join(parts)
