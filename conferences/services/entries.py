"""One participant's calendar entry, as it goes with a message to them."""

from __future__ import annotations

import datetime

from conferences.enums import Reply
from conferences.models import Conference, Participant, Sitting
from conferences.selectors.arrivals import own_place, own_times
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.calendar_files import Answer, Method, cancellation, invitation, times_in, uid_here, uid_in

ANSWERS: dict[str, Answer] = {
    Reply.NONE: "NEEDS-ACTION",
    Reply.COMING: "ACCEPTED",
    Reply.ONLINE: "ACCEPTED",
    Reply.DEPUTY: "DECLINED",
    Reply.REPORT_ONLY: "DECLINED",
    Reply.NOT_COMING: "DECLINED",
}


def entry_file(
    participant: Participant, conference: Conference, sitting: Sitting, *, method: Method, now: datetime.datetime
) -> str:
    """Return the calendar file of the participant's present version.

    An entry keeps for good the UID it was first sent with. A cancellation repeats the times of the last entry that
    left, and no place: whoever is taken off the list does not learn from it where the meeting has moved to.
    """
    files = _files_to(participant)
    uid = next(filter(None, (uid_in(file) for _, file in files)), "")
    uid = uid or uid_here(f"conference-{conference.pk}-{participant.pk}")
    summary = f"Meeting {conference.reference}"
    if method == "CANCEL":
        left = [file for state, file in files if state in (MessageState.SENT, MessageState.SENDING)]
        starts_at, ends_at = times_in(left[-1]) if left else own_times(participant, sitting)
        return cancellation(
            uid=uid,
            sequence=participant.invitation_sequence,
            starts_at=starts_at,
            ends_at=ends_at,
            summary=summary,
            attendee=participant.email,
            now=now,
        )
    starts_at, ends_at = own_times(participant, sitting)
    return invitation(
        uid=uid,
        sequence=participant.invitation_sequence,
        starts_at=starts_at,
        ends_at=ends_at,
        summary=summary,
        location=own_place(participant, conference, sitting),
        description=(
            f"Reference {conference.reference}. There is more in your e-mail. Pressing accept or decline in a calendar "
            "does not tell us whether you are coming."
        ),
        attendee=participant.email,
        answer=ANSWERS[participant.reply],
        now=now,
    )


def _files_to(participant: Participant) -> list[tuple[str, str]]:
    """Return state and calendar file of every message to the participant that has one, oldest first. One query."""
    rows = Message.objects.filter(key__startswith=f"invitation:{participant.pk}:").exclude(calendar_file="")
    return list(rows.order_by("pk").values_list("state", "calendar_file"))
