"""Notes on the board, under the council's headings, with speaker, children and kind of statement."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import User
from conferences.models import Conference, ConferenceChild, Part, Participant
from conferences.selectors.procedures import policy_of_conference
from conferences.services.guards import children_in_conference, participant_in
from families.models import Person
from meetings.models import BoardEntry
from meetings.selectors.attendance import sitting_of
from meetings.services.guards import lock_for_writing, part_in
from meetings.services.notes import put_under, same_note, save_note, take_off, words_of_note


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

    Raises MeetingClosed and ValidationError on ``heading``, ``text``, ``nature``,
    ``evidence`` (an opinion must say what it is based on), ``speaker``, ``children`` or ``part``.
    """
    locked = lock_for_writing(conference)
    said_in = part_in(sitting_of(locked), part)
    chosen = children_in_conference(locked, children)
    facts = _said(
        locked, speaker, heading=heading, text=text, nature=nature, evidence=evidence, seen_differently=seen_differently
    )
    said_again = {name: facts[name] for name in ("heading", "text", "nature", "speaker_id")}
    standing = locked.board.filter(**said_again, created_by=by, withdrawn_at__isnull=True)
    same = same_note(standing.prefetch_related("children"), chosen)
    if same is not None:
        return same
    entry = BoardEntry.objects.create(conference=locked, part=said_in, created_by=by, created_at=now, **facts)
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
    row = _locked(entry)
    chosen = children_in_conference(row.conference, children)
    facts = _said(
        row.conference,
        speaker,
        heading=heading,
        text=text,
        nature=nature,
        evidence=evidence,
        seen_differently=seen_differently,
    )
    said_in = part_in(sitting_of(row.conference), part) if part is not None else row.part
    facts["part_id"] = said_in.pk if said_in else None
    return save_note(row, version=version, facts=facts, about=chosen, private_to=private_to)


@transaction.atomic
def move_to_heading(*, entry: BoardEntry, heading: str, version: int, by: User, now: datetime.datetime) -> BoardEntry:
    """Put a note under another heading; everything else of it stays, its time and its privacy marks too.

    Raises EditedMeanwhile if someone changed it since ``version``; ValidationError on ``heading``, MeetingClosed.
    """
    row = _locked(entry)
    return put_under(row, heading, _headings(row.conference), version=version)


@transaction.atomic
def withdraw_entry(*, entry: BoardEntry, because: str, by: User, now: datetime.datetime) -> BoardEntry:
    """Take a note off the board, with the reason; the row is kept. Idempotent.

    Raises ValidationError on ``because`` if no reason is given, MeetingClosed.
    """
    return take_off(_locked(entry), because, by=by, now=now)


def _locked(entry: BoardEntry) -> BoardEntry:
    locked = lock_for_writing(entry.conference)
    row = BoardEntry.objects.select_for_update().get(pk=entry.pk, conference=locked)
    row.conference = locked
    return row


def _headings(conference: Conference) -> set[str]:
    return {row.key for row in policy_of_conference(conference).framework.headings}


def _said(conference: Conference, speaker: Participant | None, **words: str) -> dict[str, Any]:
    facts = words_of_note(_headings(conference), **words)  # type: ignore[arg-type]
    participant_in(conference, speaker, "speaker")
    return {**facts, "speaker_id": speaker.pk if speaker else None}
