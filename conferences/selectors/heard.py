"""What people know of a meeting from someone who told them by another way than e-mail, or tried to."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from conferences.enums import Occasion, TellingOutcome
from conferences.models import Conference, Participant, Sitting, Telling, ToTell
from conferences.selectors.arrivals import own_place, own_times
from notifications.enums import MessageState
from notifications.models import Message

SAYS_WHEN_AND_WHERE = (Occasion.INVITATION, Occasion.CHANGED, Occasion.PLACE)


def entry_of(participant: Participant, conference: Conference, sitting: Sitting, link: str | None = None) -> str:
    """Return what stands for the day, times and place that a participant is told, to compare and not to read.

    It can't be turned back into the place or the link. ``link`` as in ``online_place``.
    """
    starts_at, ends_at = own_times(participant, sitting)
    place = own_place(participant, conference, sitting, link)
    told = (starts_at.astimezone(datetime.UTC).isoformat(), ends_at.astimezone(datetime.UTC).isoformat(), place)
    return sha256("\n".join(told).encode()).hexdigest()


@dataclass(frozen=True)
class Heard:
    """When someone was last told of the day, times and place, and of which (``entry``); empty where that is unsure."""

    at: datetime.datetime
    entry: str


def heard_by(participants: Iterable[Participant]) -> dict[int, Heard]:
    """Return by participant id what those without an e-mail address were last told of the meeting. Two queries.

    Unsure where someone has tried since to tell them of another day, time or place: a letter or a voice message
    may have reached them.
    """
    ids = [row.pk for row in participants if not row.email]
    if not ids:
        return {}
    rows = ToTell.objects.filter(participant__in=ids, told_at__isnull=False).exclude(occasion=Occasion.ANSWER)
    found = {
        row.participant_id: (row.pk, Heard(row.told_at, row.entry))
        for row in rows.order_by("told_at", "pk")
        if row.told_at is not None
    }
    tried = Telling.objects.filter(
        to_tell__participant__in=list(found), outcome=TellingOutcome.NOT_REACHED, taken_back_at=None
    ).select_related("to_tell")
    for one in tried:
        told_pk, heard = found[one.to_tell.participant_id]
        if one.to_tell_id > told_pk and one.to_tell.entry != heard.entry:
            found[one.to_tell.participant_id] = told_pk, Heard(heard.at, "")
    return {pk: heard for pk, (_, heard) in found.items()}


def heard_last(heard: Heard | None, left: Message | None) -> Heard | None:
    """Return what someone was told, unless a message has left since (``left``, the last one to them)."""
    if heard is None or left is None:
        return heard
    is_later = left.state == MessageState.SENDING or left.sent_at is None or left.sent_at > heard.at
    return None if is_later else heard


def may_have_heard(participant: Participant) -> bool:
    """Return whether someone has tried to tell them of the meeting: it may have reached them all the same."""
    tried = Telling.objects.filter(
        to_tell__participant=participant, outcome=TellingOutcome.NOT_REACHED, taken_back_at=None
    )
    return tried.exclude(to_tell__occasion=Occasion.ANSWER).exists()
