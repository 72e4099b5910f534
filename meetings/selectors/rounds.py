"""The rounds in which people are asked for scores and views: which are over, and who is waited for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from conferences.models import Conference, ConferenceChild, Part
from deadlines.policies import Policy
from meetings.enums import AnswerKind
from meetings.models import AnswerRound
from meetings.selectors.attendance import Asks, Attendee, asked_for_score, asked_for_view

ASKS: dict[str, Asks] = {AnswerKind.SCORE: asked_for_score, AnswerKind.VIEW: asked_for_view}
# The ends of rounds: kind, child of the conference, part.
Ended = Collection[tuple[str, int, int]]


def rounds_ended(conference: Conference) -> set[tuple[str, int, int]]:
    """Return the rounds of a conference that are over. One query."""
    rows = AnswerRound.objects.filter(conference_child__conference=conference)
    return set(rows.values_list("kind", "conference_child", "part"))


def waited_for(
    attendees: Iterable[Attendee],
    child: ConferenceChild,
    policy: Policy,
    *,
    kind: str,
    part: Part | None,
    answered: Collection[int],
) -> list[Attendee]:
    """Return those asked who are in this part now and have not answered; ``answered`` are ids of persons."""
    asks = ASKS[kind]
    found: dict[int, Attendee] = {}
    for row in attendees:
        person = row.participant.person_id
        if person not in answered and row.is_in(part) and asks(row, child, policy):
            found.setdefault(person, row)
    return list(found.values())


def not_recorded_yet(
    attendees: Iterable[Attendee],
    child: ConferenceChild,
    policy: Policy,
    *,
    kind: str,
    part: Part | None,
    answered: Collection[int],
) -> list[Attendee]:
    """Return those who would be asked in this part, and of whom nobody has recorded whether they came.

    The last answer ends no round before that is known: whoever comes in a minute later could not answer any more.
    """
    asks = ASKS[kind]
    return [
        row
        for row in attendees
        if row.participant.person_id not in answered and row.may_still_come(part) and asks(row, child, policy)
    ]
