"""What the chair writes while preparing: own notes, that they have read, and the talks with the family."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from conferences.enums import FAMILY_CAPACITIES
from conferences.models import Conference, ConferenceChild, Participant, Sitting
from conferences.services.guards import EditedMeanwhile, require_chair
from families.models import Person
from meetings.enums import Nature, TalkAnswered, TalkHow, TalkItem
from meetings.models import BoardEntry, ChairNote, ChairReading, TalkBefore, TalkPoint, WordsBefore
from meetings.selectors.attendance import sitting_of
from meetings.services.board import add_entry
from meetings.services.guards import lock_for_writing

SAID_BEFORE = "Said to the chair before the meeting."


@transaction.atomic
def write_note(*, conference: Conference, text: str, version: int, by: User, now: datetime.datetime) -> ChairNote:
    """Keep the chair's own note on a conference; nobody else's changes.

    ``version`` is the one the page was drawn from, 0 where there was none. The same text again changes nothing.
    Raises EditedMeanwhile where the same chair changed it on another page, ValidationError for anyone else.
    """
    require_chair(by, conference, "keep notes on it")
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    row = ChairNote.objects.select_for_update().filter(conference=conference, chair=by).first()
    if row is None:
        return ChairNote.objects.create(conference=conference, chair=by, text=text.strip(), changed_at=now)
    if row.text == text.strip():
        return row
    if row.version != version:
        raise EditedMeanwhile(row)
    row.text, row.changed_at = text.strip(), now
    row.version += 1
    row.save(update_fields=["text", "changed_at", "version"])
    return row


@transaction.atomic
def mark_read(*, conference: Conference, shown_at: datetime.datetime, by: User, now: datetime.datetime) -> ChairReading:
    """Record that the chair has read all that was on the page when it was shown (``shown_at``).

    What came in between showing and marking still counts as new. A mark that is not later than the last changes
    nothing. Raises ValidationError for anyone but the chair.
    """
    require_chair(by, conference, "mark it as read")
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    read_at = min(shown_at, now)
    last = ChairReading.objects.filter(conference=conference, chair=by).first()
    if last is not None and last.read_at >= read_at:
        return last
    return ChairReading.objects.create(conference=conference, chair=by, read_at=read_at)


@dataclass(frozen=True, kw_only=True)
class TalkFacts:
    """What is recorded of one talk. ``points`` gives for each item the answer and what was said about it."""

    planned_at: datetime.datetime | None
    how: str
    is_held: bool
    note: str = ""
    points: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@transaction.atomic
def record_talk(
    *, participant: Participant, facts: TalkFacts, version: int, by: User, now: datetime.datetime
) -> TalkBefore:
    """Record the chair's talk with one member of the family before the current sitting, apart from all others.

    In order: keeps when and how it is to be, and that it was held; keeps each point with its answer. The same again
    changes nothing. ``version`` as in ``write_note``. Raises EditedMeanwhile, MeetingClosed, and ValidationError for
    anyone but the chair, for someone not of the family, without a sitting, or on ``how`` or ``points``.
    """
    conference = lock_for_writing(participant.conference)
    require_chair(by, conference, "record this talk")
    sitting = _sitting(conference)
    _refuse_unclear(participant, facts)
    talk = TalkBefore.objects.select_for_update().filter(sitting=sitting, participant=participant).first()
    if talk is None:
        talk = TalkBefore(sitting=sitting, participant=participant, version=0)
    elif _is_so(talk, facts):
        return talk
    elif talk.version != version:
        raise EditedMeanwhile(talk)
    talk.planned_at, talk.how, talk.note = facts.planned_at, facts.how, facts.note.strip()
    if not facts.is_held:
        talk.held_at, talk.held_by = None, None
    elif talk.held_at is None:
        talk.held_at, talk.held_by = now, by
    talk.changed_by, talk.changed_at = by, now
    talk.version += 1
    talk.save()
    standing = {row.item: row for row in talk.points.all()}
    for item, (answer, note) in facts.points.items():
        row = standing.get(item) or TalkPoint(talk=talk, item=item)
        if (row.answer, row.note) != (answer, note.strip()) or row.pk is None:
            row.answer, row.note = answer, note.strip()
            row.save()
    return talk


def _refuse_unclear(participant: Participant, facts: TalkFacts) -> None:
    if participant.capacity not in FAMILY_CAPACITIES:
        raise ValidationError("This talk is with one of the family. Choose someone in the family.")
    if facts.how and facts.how not in TalkHow.values:
        raise ValidationError({"how": "Choose how you talk."})
    if facts.is_held and not facts.how:
        raise ValidationError({"how": "Choose how you talked."})
    for item, (answer, _) in facts.points.items():
        if item not in TalkItem.values or answer not in TalkAnswered.values:
            raise ValidationError({item: "Choose an answer."})


def _is_so(talk: TalkBefore, facts: TalkFacts) -> bool:
    points = {row.item: (row.answer, row.note) for row in talk.points.all()}
    return (talk.planned_at, talk.how, talk.held_at is not None, talk.note) == (
        facts.planned_at,
        facts.how,
        facts.is_held,
        facts.note.strip(),
    ) and all(points.get(item) == (answer, note.strip()) for item, (answer, note) in facts.points.items())


@transaction.atomic
def put_words_on_board(
    *,
    participant: Participant,
    text: str,
    heading: str,
    children: Iterable[ConferenceChild],
    private_to: Iterable[Person],
    agreed: bool,
    by: User,
    now: datetime.datetime,
) -> BoardEntry:
    """Put on the board, as their own words, what someone of the family said before the meeting and agrees to.

    In order: records the note with them as the speaker, the children it is about and whose private information it
    holds; keeps that they agreed, and when. The same words again are kept once. Without their agreement nothing is
    kept. Raises ValidationError on ``agreed``, for anyone but the chair, and what ``add_entry`` raises.
    """
    conference = lock_for_writing(participant.conference)
    require_chair(by, conference, "record this talk")
    if not agreed:
        raise ValidationError({"agreed": "Only what they agree to goes on the board. Ask them first."})
    sitting = _sitting(conference)
    talk = TalkBefore.objects.select_for_update().filter(sitting=sitting, participant=participant).first()
    if talk is None:
        talk = TalkBefore.objects.create(sitting=sitting, participant=participant, changed_by=by, changed_at=now)
    entry = add_entry(
        conference=conference,
        heading=heading,
        text=text,
        nature=Nature.OPINION,
        evidence=SAID_BEFORE,
        speaker=participant,
        children=children,
        private_to=private_to,
        by=by,
        now=now,
    )
    WordsBefore.objects.get_or_create(entry=entry, defaults={"talk": talk, "agreed_at": now, "recorded_by": by})
    return entry


def _sitting(conference: Conference) -> Sitting:
    sitting = sitting_of(conference)
    if sitting is None:
        raise ValidationError("No date is booked for this conference. Schedule it first.")
    return sitting
