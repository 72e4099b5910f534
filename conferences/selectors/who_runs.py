"""What each person on the list was told of who chairs and coordinates the conference, and the words for what is new."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from conferences.enums import Capacity, ConferenceStatus, Job
from conferences.models import Conference, Participant, ToTell
from conferences.selectors.runners import Runs, replacements_of, runs_at, runs_now
from notifications.enums import MessageState
from notifications.models import Message

# Said by whoever tells them, with the names of the day on which they do.
LED_BY, ARRANGED_BY = "[chair]", "[coordinator]"
TO_BE_SAID = f"The meeting is now led by {LED_BY}, and {ARRANGED_BY} arranges it."
RUNS_IT = (Capacity.CHAIR, Capacity.COORDINATOR)
LEFT = (MessageState.SENT, MessageState.SENDING)


@dataclass(frozen=True)
class LastWritten:
    """When something that says or shows who runs the meeting last left for a person."""

    invited: datetime.datetime | None = None
    told: datetime.datetime | None = None

    @property
    def at(self) -> datetime.datetime | None:
        return self.told or self.invited


def last_written(participants: Sequence[Participant], *, with_waiting: bool = False) -> dict[int, LastWritten]:
    """Return by participant id what has left, or may be leaving now. One query.

    From the first invitation on a person can look up who comes; every later version of it, like a message about
    nothing else, names who is new when it is written. ``with_waiting`` counts a later version that is still to leave.
    """
    by_prefix = {f"{kind}:{row.pk}:": (row.pk, kind) for row in participants for kind in ("invitation", "who-runs")}
    wanted = Q()
    for prefix in by_prefix:
        wanted |= Q(key__startswith=prefix)
    found: dict[int, dict[str, datetime.datetime]] = {row.pk: {} for row in participants}
    if not by_prefix:
        return {}
    states = (*LEFT, MessageState.WAITING) if with_waiting else LEFT
    rows = Message.objects.filter(wanted, state__in=states).values_list("key", "state", "created_at", "sent_at")
    for key, state, created_at, sent_at in rows.order_by("pk"):
        pk, kind = by_prefix[":".join(key.split(":")[:2]) + ":"]
        is_first = kind == "invitation" and kind not in found[pk]
        if is_first and state in LEFT:
            found[pk][kind] = sent_at or created_at
        elif not is_first and not key.endswith(":cancel"):
            found[pk]["who-runs"] = created_at
    return {pk: LastWritten(invited=times.get("invitation"), told=times.get("who-runs")) for pk, times in found.items()}


def known_to(
    conference: Conference, participants: Sequence[Participant], *, with_waiting: bool = False
) -> dict[int, Runs]:
    """Return by participant id who runs the meeting as far as they know from us; without those never told.

    A fixed number of queries. ``with_waiting`` as in ``last_written``.
    Someone told by post, telephone or by hand knows what was so when they stood as invited, or were told of it.
    """
    now, replaced = runs_now(conference), list(replacements_of(conference))
    written = last_written(participants, with_waiting=with_waiting)
    said = dict(
        ToTell.objects.filter(participant__in=participants, told_at__isnull=False, words__contains=LED_BY)
        .order_by("told_at")
        .values_list("participant", "told_at")
    )
    found = {}
    for row in participants:
        by_hand = said.get(row.pk) or (None if row.email else row.invited_at)
        moment = max(filter(None, (written[row.pk].at, by_hand)), default=None)
        if moment is not None:
            found[row.pk] = runs_at(now, replaced, moment)
    return found


def news_for(conference: Conference, known: Runs) -> str:
    """Return in a sentence or two what has changed since; empty where they know it."""
    over = conference.status == ConferenceStatus.CLOSED
    said = []
    for job, user in ((Job.CHAIR, conference.chair), (Job.COORDINATOR, conference.coordinator)):
        if user is not None and known.who(job) != user.pk:
            said.append(AFTER[job].format(name=user.name) if over else BEFORE[job].format(name=user.name))
    return " ".join(said)


def news_to(participant: Participant, conference: Conference) -> str:
    """Return what has changed in who runs the meeting since this person last heard of it; empty for who runs it."""
    if participant.capacity in RUNS_IT or not conference.replacements.exists():
        return ""
    known = known_to(conference, [participant]).get(participant.pk)
    return news_for(conference, known) if known is not None else ""


def as_it_is(told: str, conference: Conference) -> str:
    """Return what is to be said with the names of whoever chairs and coordinates the conference now."""
    chair = conference.chair.name if conference.chair else "someone else"
    coordinator = conference.coordinator.name if conference.coordinator else "someone else"
    return told.replace(LED_BY, chair).replace(ARRANGED_BY, coordinator)


BEFORE = {Job.CHAIR: "{name} now leads this meeting.", Job.COORDINATOR: "{name} now arranges it and takes the notes."}
AFTER = {
    Job.CHAIR: "{name} is now its chair, and answers for what was decided.",
    Job.COORDINATOR: "{name} now answers questions about its minutes.",
}
