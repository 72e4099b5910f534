"""The list of those who have to be told by another way than e-mail, kept by whatever would have written to them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from conferences.enums import NOT_ABOUT_THE_MEETING, Occasion, SittingState
from conferences.models import ExclusionRequest, Participant, ToTell
from conferences.selectors.heard import SAYS_WHEN_AND_WHERE, entry_of
from conferences.selectors.letters import CHANGED
from notifications.enums import Subject

NO_ADDRESS = "They are not told by e-mail."
STILL_COMING = (Occasion.CHANGED, Occasion.PLACE)
OCCASIONS = {
    Subject.INVITATION: Occasion.INVITATION,
    Subject.CHANGED: Occasion.CHANGED,
    Subject.PLACE: Occasion.PLACE,
    Subject.CANCELLED: Occasion.CANCELLED,
}


def open_for(participant: Participant) -> ToTell | None:
    """Return what this participant still has to be told about the meeting, if anything."""
    rows = participant.to_tell.filter(told_at__isnull=True, ended_at__isnull=True)
    found: ToTell | None = rows.exclude(occasion__in=NOT_ABOUT_THE_MEETING).order_by("-pk").first()
    return found


def put_on_list(
    participant: Participant,
    occasion: Occasion,
    *,
    because: str = NO_ADDRESS,
    words: str = "",
    now: datetime.datetime,
    since: datetime.datetime | None = None,
) -> ToTell:
    """Put on the list what a locked participant has to be told about the meeting, in place of anything earlier.

    What was not told yet is told in this one: nobody needs the old time of a meeting that moved, and what was
    written for the person about how they take part is kept. ``since`` is when there was something to tell, where
    that is not now: an e-mail that did not leave was written before.
    """
    before = open_for(participant)
    if before is not None:
        if occasion in STILL_COMING and before.occasion == Occasion.INVITATION:
            occasion = Occasion.INVITATION
        words = _both(before, occasion, words)
        _end(before, because="Something later is told in its place.", now=now)
    row = ToTell.objects.create(
        conference_id=participant.conference_id,
        participant=participant,
        occasion=occasion,
        words=words,
        because=because[:300],
        entry=entry_to_tell(participant) if occasion in SAYS_WHEN_AND_WHERE else "",
        arose_at=since or now,
    )
    if before is not None:
        before.superseded_by = row
        before.save(update_fields=["superseded_by"])
    return row


def entry_to_tell(participant: Participant) -> str:
    """Return what stands for the day, times and place that a participant is told now; empty before any is booked."""
    conference = participant.conference
    rows = conference.sittings.exclude(state=SittingState.CANCELLED).select_related("room")
    sitting = rows.order_by("-number").first()
    return entry_of(participant, conference, sitting) if sitting else ""


def put_answer_on_list(
    participant: Participant, request: ExclusionRequest, *, because: str = NO_ADDRESS, now: datetime.datetime
) -> ToTell:
    """Put the chair's answer to a participant who asked on the list. Idempotent."""
    row, _ = ToTell.objects.get_or_create(
        request=request,
        occasion=Occasion.ANSWER,
        ended_at=None,
        defaults={
            "conference_id": participant.conference_id,
            "participant": participant,
            "words": request.answer_text,
            "because": because[:300],
            "arose_at": now,
        },
    )
    return row


def take_off_list(participant: Participant, *, because: str, now: datetime.datetime) -> None:
    """End what this participant still had to be told about the meeting; ``because`` says what took its place."""
    before = open_for(participant)
    if before is not None:
        _end(before, because=because, now=now)


def was_told_otherwise(participant: Participant) -> bool:
    """Return whether someone has told them of the meeting, by another way than e-mail."""
    return participant.to_tell.filter(told_at__isnull=False).exclude(occasion__in=NOT_ABOUT_THE_MEETING).exists()


def _both(before: ToTell, occasion: Occasion, words: str) -> str:
    """Return what is written for the person, with what was not told yet and still holds."""
    coming = (*STILL_COMING, Occasion.INVITATION)
    if occasion not in coming or before.occasion not in coming or not (before.words or words):
        return words
    ours = {Occasion.CHANGED: CHANGED}
    return one_after_another(before.words or ours.get(Occasion(before.occasion), ""), words or ours.get(occasion, ""))


def one_after_another(*texts: str) -> str:
    """Return what was written for one person at several times, each paragraph once."""
    paragraphs = (paragraph for text in texts for paragraph in text.split("\n\n"))
    return "\n\n".join(dict.fromkeys(paragraph for paragraph in paragraphs if paragraph.strip()))


def take_out_words(participant: Participant, texts: Iterable[str]) -> None:
    """Take out of what a participant still has to be told what does not hold any more."""
    row = open_for(participant)
    if row is None:
        return
    words = row.words
    for text in filter(None, texts):
        words = words.replace(text, "")
    words = one_after_another(words)
    if words != row.words:
        row.words = words
        row.save(update_fields=["words"])


def _end(row: ToTell, *, because: str, now: datetime.datetime) -> None:
    row.ended_at, row.ended_because = now, because[:200]
    row.save(update_fields=["ended_at", "ended_because"])
