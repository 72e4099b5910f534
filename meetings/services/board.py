"""Notes on the board, under the council's headings, with speaker, children and kind of statement."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.models import Conference, ConferenceChild, Part, Participant
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import EditedMeanwhile, children_in_conference, participant_in, text_of
from families.models import Person
from meetings.enums import Nature
from meetings.models import BoardEntry
from meetings.selectors.attendance import sitting_of
from meetings.services.guards import lock_for_writing, part_in, refuse_while_stopped


@transaction.atomic
def add_entry(
    *,
    conference: Conference,
    heading: str,
    text: str,
    nature: str,
    by: User,
    now: datetime.datetime,
    evidence: str = "",
    speaker: Participant | None = None,
    children: Iterable[ConferenceChild] = (),
    private_to: Iterable[Person] = (),
    seen_differently: str = "",
    part: Part | None = None,
) -> BoardEntry:
    """Put one note on the board, before or during the meeting.

    No children named means all of them; no part means that it was written before the meeting opened. The same
    words by the same speaker about the same children are kept once under a heading: submitting the form twice
    returns the first note.

    Raises MeetingClosed, StoppedForSafety, and ValidationError on ``heading``, ``text``, ``nature``,
    ``evidence`` (an opinion must say what it is based on), ``speaker``, ``children`` or ``part``.
    """
    locked = lock_for_writing(conference)
    refuse_while_stopped(locked)
    said_in = part_in(sitting_of(locked), part)
    chosen = children_in_conference(locked, children)
    words = _checked(locked, heading=heading, text=text, nature=nature, evidence=evidence, speaker=speaker)
    same_words = locked.board.filter(
        heading=heading, text=words, nature=nature, speaker=speaker, created_by=by, withdrawn_at__isnull=True
    ).prefetch_related("children")
    for standing in same_words:
        if {row.pk for row in standing.children.all()} == {row.pk for row in chosen}:
            return standing
    entry = BoardEntry.objects.create(
        conference=locked,
        part=said_in,
        heading=heading,
        text=words,
        nature=nature,
        evidence=evidence.strip(),
        speaker=speaker,
        seen_differently=seen_differently.strip(),
        created_by=by,
        created_at=now,
    )
    entry.children.set(chosen)
    entry.private_to.set(private_to)
    return entry


@transaction.atomic
def change_entry(
    *,
    entry: BoardEntry,
    version: int,
    heading: str,
    text: str,
    nature: str,
    by: User,
    now: datetime.datetime,
    evidence: str = "",
    speaker: Participant | None = None,
    children: Iterable[ConferenceChild] = (),
    private_to: Iterable[Person] = (),
    seen_differently: str = "",
    part: Part | None = None,
) -> BoardEntry:
    """Change a note; the history keeps every earlier text.

    ``version`` is the one the page was rendered from. Submitting the existing values is a no-op, whatever the
    version.

    Raises EditedMeanwhile if someone changed the note in between, so that both texts can be shown; otherwise as
    add_entry.
    """
    locked = lock_for_writing(entry.conference)
    refuse_while_stopped(locked)
    row = BoardEntry.objects.select_for_update().get(pk=entry.pk, conference=locked)
    if row.withdrawn_at is not None:
        raise ValidationError("This note was taken off the board. Add a new one.")
    chosen = children_in_conference(locked, children)
    private = list(private_to)
    words = _checked(locked, heading=heading, text=text, nature=nature, evidence=evidence, speaker=speaker)
    said_in = part_in(sitting_of(locked), part) if part is not None else row.part
    wanted = {
        "heading": heading,
        "text": words,
        "nature": nature,
        "evidence": evidence.strip(),
        "speaker_id": speaker.pk if speaker else None,
        "seen_differently": seen_differently.strip(),
        "part_id": said_in.pk if said_in else None,
    }
    same_links = {child.pk for child in chosen} == set(row.children.values_list("pk", flat=True)) and {
        person.pk for person in private
    } == set(row.private_to.values_list("pk", flat=True))
    if same_links and all(getattr(row, name) == value for name, value in wanted.items()):
        return row
    if row.version != version:
        raise EditedMeanwhile(row)
    for name, value in wanted.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    row.children.set(chosen)
    row.private_to.set(private)
    return row


@transaction.atomic
def withdraw_entry(*, entry: BoardEntry, because: str, by: User, now: datetime.datetime) -> BoardEntry:
    """Take a note off the board, with the reason; the row is kept. Idempotent.

    Raises ValidationError on ``because`` if no reason is given, MeetingClosed, StoppedForSafety.
    """
    locked = lock_for_writing(entry.conference)
    refuse_while_stopped(locked)
    row = BoardEntry.objects.select_for_update().get(pk=entry.pk, conference=locked)
    if row.withdrawn_at is not None:
        return row
    row.withdrawn_because = text_of("because", because, "Say why you are taking this note off the board.")
    row.withdrawn_at = now
    row.withdrawn_by = by
    row.save(update_fields=["withdrawn_because", "withdrawn_at", "withdrawn_by"])
    return row


def _checked(
    conference: Conference, *, heading: str, text: str, nature: str, evidence: str, speaker: Participant | None
) -> str:
    headings = {row.key for row in policy_of_conference(conference).framework.headings}
    faults: dict[str, str] = {}
    if heading not in headings:
        faults["heading"] = "Choose the heading this belongs under."
    if not text.strip():
        faults["text"] = "Write what was said."
    if nature not in Nature.values:
        faults["nature"] = "Choose whether this is a fact or an opinion."
    if nature == Nature.OPINION and not evidence.strip():
        faults["evidence"] = "Write what this opinion is based on."
    if faults:
        raise ValidationError(faults)
    participant_in(conference, speaker, "speaker")
    return text.strip()
