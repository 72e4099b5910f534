"""The plan as plain sentences, to be read out in a part before anyone is asked for a view."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import Capacity
from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from deadlines.policies import Heading
from entitlement import Concealed, may_be_shown_to_all
from govuk.words import long_date
from meetings.enums import OutlineKind
from meetings.models import BoardEntry, OutlineAction, OutlineEntry
from meetings.selectors.board import entries_of, excerpt_of
from meetings.selectors.day_steps import TheDay
from meetings.selectors.outline import actions_of, agreed_for, agreed_in
from meetings.selectors.room_screen import concealed_from_the_room

# Headings of frameworks that ask the social worker for a danger statement, and agree a safety goal.
ASKED_OF_SOCIAL_WORKER = "danger-statement"
AGREED_HEADINGS = (ASKED_OF_SOCIAL_WORKER, "safety-goal")


@dataclass(frozen=True)
class Statement:
    """What the framework asks to be said about a child beside the actions; ``sentences`` are empty until it is."""

    heading: Heading
    sentences: list[str]
    asked: Participant | None


@dataclass(frozen=True)
class ReadOut:
    """One child's plan, sentence by sentence; ``kept_back`` says that something can't be read out here."""

    child: ConferenceChild
    name: str
    statements: list[Statement]
    outcomes: list[str]
    sentences: list[str]
    contingency: list[str]
    kept_back: bool


def sentence_of(action: OutlineAction) -> str:
    """Return one action as it is read out: what, who, by when and why."""
    who = action.who.person.full_name if action.who else ""
    people = ", with ".join(filter(None, (who, action.who_else)))
    when = f"by {long_date(action.by_when)}" if action.by_when else ""
    times = ", ".join(filter(None, (when, action.by_when_words)))
    return f"{_ended(action.what)} Who does this: {people}, {times}. Why: {_ended(action.why)}"


def sentence_of_agreed(entry: OutlineEntry) -> str:
    """Return an outcome, or what is done if something happens, as it is read out."""
    if entry.kind == OutlineKind.OUTCOME:
        return _ended(entry.text)
    people = ", with ".join(filter(None, (entry.who.person.full_name if entry.who else "", entry.who_else)))
    return f"If this happens: {_ended(entry.text)} Then: {_ended(entry.we_do)} Who acts: {people}."


def _ended(text: str) -> str:
    words = text.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def read_out(found: TheDay, *, now: datetime.datetime) -> list[ReadOut]:
    """Return each child's plan as everyone in the part under way may hear it.

    Left out is what was agreed or said in another part, what holds somebody's private information, and what would tell
    anyone where another person is.
    """
    hidden = concealed_from_the_room(found, now=now)
    here = found.part_now.pk if found.part_now else None
    actions = list(actions_of(found.conference))
    framework = policy_of_conference(found.conference).framework.headings
    headings = [row for row in framework if row.key in AGREED_HEADINGS]
    keys = [row.key for row in headings]
    notes = list(entries_of(found.conference).filter(heading__in=keys).order_by("created_at", "pk")) if keys else []
    workers = (row.participant for row in found.attendees if row.participant.capacity == Capacity.SOCIAL_WORKER)
    worker = next(workers, None)
    agreed = list(agreed_in(found.conference))
    return [_of_child(child, actions, agreed, notes, headings, worker, here, hidden) for child in found.children]


def _of_child(
    child: ConferenceChild,
    actions: Iterable[OutlineAction],
    agreed: Iterable[OutlineEntry],
    notes: Iterable[BoardEntry],
    headings: Iterable[Heading],
    worker: Participant | None,
    here: int | None,
    hidden: Concealed,
) -> ReadOut:
    own = [row for row in actions if not row.named_ids or child.pk in row.named_ids]  # type: ignore[attr-defined]
    heard = [row for row in own if row.part_id in (None, here) and not _is_hidden(row, hidden)]
    theirs = agreed_for(child, agreed)
    open_here = [
        row for row in theirs if row.part_id in (None, here) and not hidden.is_in(row.text, row.we_do, row.who_else)
    ]
    said = [note for note in notes if child.pk in (named := _named(note)) or not named]
    may = [note for note in said if note.part_id in (None, here) and may_be_shown_to_all(excerpt_of(note), hidden)]
    return ReadOut(
        child=child,
        name=short_name_of(child.child),
        statements=[
            Statement(
                heading,
                [_ended(note.text) for note in may if note.heading == heading.key],
                worker if heading.key == ASKED_OF_SOCIAL_WORKER else None,
            )
            for heading in headings
        ],
        outcomes=[sentence_of_agreed(row) for row in open_here if row.kind == OutlineKind.OUTCOME],
        sentences=[sentence_of(row) for row in heard],
        contingency=[sentence_of_agreed(row) for row in open_here if row.kind == OutlineKind.CONTINGENCY],
        kept_back=len(heard) < len(own) or len(may) < len(said) or len(open_here) < len(theirs),
    )


def _named(note: BoardEntry) -> set[int]:
    return {row.pk for row in note.children.all()}


def _is_hidden(action: OutlineAction, hidden: Concealed) -> bool:
    return bool(action.private_to.all()) or hidden.is_in(action.what, action.why, action.who_else, action.by_when_words)
