"""The scores of a meeting by child, hidden until the chair shows them, and their spread."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild, Part, Participant
from conferences.selectors.procedures import policy_of_conference
from deadlines.policies import Scale
from meetings.enums import AnswerKind, Given
from meetings.models import Score
from meetings.selectors.attendance import Attendee, asked, asked_for_score, attendees_of, fill_in, part_of, parts_of
from meetings.selectors.rounds import Ended, not_recorded_yet, rounds_ended, waited_for


@dataclass(frozen=True)
class ScoreRow:
    """One person who is asked: a participant of a conference, or a member of a core group.

    ``score`` stays empty until it is shown in this part, whatever was given.

    ``version`` is that of the score given, 0 where there is none yet. ``is_here`` is whether they are in the part that
    is under way, and ``in_part`` the one in which the score was given.
    """

    participant: Any
    version: int
    score: Any
    is_here: bool = True
    in_part: int | None = None
    may_be_shown: bool = True
    is_shown: bool = False
    # Whether the round in which it was given is over, so that the chair may choose to show it.
    is_over: bool = False

    @property
    def is_in(self) -> bool:
        return self.version > 0


@dataclass(frozen=True)
class ScoreSheet:
    """The scores for one child, in one part of a conference or one sitting of a core group meeting."""

    child: Any
    scale: Scale
    rows: list[ScoreRow]
    explore_from: int
    # When the first score was shown, why before all were in, and what explains that they are far apart.
    shown_at: datetime.datetime | None = None
    shown_because: str = ""
    explored: str = ""
    part: Part | None = None
    # Whether the round of the part under way is over, and whether the sitting has other parts.
    is_over: bool = False
    has_parts: bool = False
    # Those expected in this part of whom nobody has recorded whether they came.
    unrecorded: list[Attendee] = field(default_factory=list)
    # Every value shown so far, in whichever part.
    values_shown: tuple[int, ...] = ()

    @property
    def shown(self) -> bool:
        """Return whether the scores are on the page: shown in this part, and nobody is asked any more."""
        return self.shown_at is not None and (self.is_over or not self.waiting)

    @property
    def is_to_choose(self) -> bool:
        """Return whether the chair can choose what more is shown in this part."""
        return bool(self.has_parts and self.choices)

    @property
    def choices(self) -> list[ScoreRow]:
        """Return those in whose score is not shown in this part, and may be: its round is over, and they agree."""
        return [row for row in self.rows if row.is_in and row.is_over and row.may_be_shown and not row.is_shown]

    @property
    def waiting(self) -> list[ScoreRow]:
        return [row for row in self.rows if not row.is_in and row.is_here]

    @property
    def count_in(self) -> int:
        return len([row for row in self.rows if row.is_in])

    @property
    def count_asked(self) -> int:
        return self.count_in + len(self.waiting)

    @property
    def is_complete(self) -> bool:
        """Return whether all who are here and asked have answered, and it is known who is here."""
        return bool(self.count_in) and not self.waiting and not self.unrecorded

    @property
    def kept_back(self) -> list[ScoreRow]:
        """Return those in whose number is not shown in this part."""
        return [row for row in self.rows if row.is_in and row.score is None]

    @property
    def given(self) -> list[Any]:
        """Return the scores with a number, lowest first; empty until they are shown."""
        scores = [row.score for row in self.rows if row.score and row.score.given == Given.GIVEN]
        return sorted(scores, key=lambda score: (score.value or 0, score.pk))

    @property
    def not_given(self) -> list[Any]:
        return [row.score for row in self.rows if row.score and row.score.given != Given.GIVEN]

    @property
    def lowest(self) -> int | None:
        return self.given[0].value if self.given else None

    @property
    def highest(self) -> int | None:
        return self.given[-1].value if self.given else None

    @property
    def spread(self) -> int:
        return spread_of([score.value for score in self.given if score.value is not None])

    @property
    def is_wide(self) -> bool:
        return self.spread > self.explore_from

    @property
    def spread_shown(self) -> int:
        """Return how far apart is what was shown, in whichever part."""
        return spread_of(self.values_shown)

    @property
    def needs_exploring(self) -> bool:
        """Return whether what was shown, in whichever part, is far apart and nobody has written down why."""
        return self.spread_shown > self.explore_from and not self.explored.strip()

    @property
    def at_the_ends(self) -> list[tuple[int, list[Any]]]:
        """Return the highest and the lowest number, each with the professionals who gave it.

        Nobody in the family is singled out as the one who is furthest from the others.
        """
        if self.highest is None or self.lowest is None:
            return []
        workers = [row for row in self.given if not row.participant.is_family]
        ends = ((end, [row for row in workers if row.value == end]) for end in (self.highest, self.lowest))
        return [(end, rows) for end, rows in ends if rows]


def spread_of(values: Sequence[int]) -> int:
    """Return how many points lie between the lowest and the highest score."""
    return max(values) - min(values) if values else 0


def scores_in(conference: Conference, attendees: Iterable[Attendee] = ()) -> dict[int, list[Score]]:
    """Return the scores for each child, with who gave them."""
    found: dict[int, list[Score]] = defaultdict(list)
    rows = Score.objects.filter(conference_child__conference=conference).select_related("recorded_by", "turn")
    for score in fill_in(rows.prefetch_related("shown_in"), attendees):
        found[score.conference_child_id].append(score)
    return found


def scores_of(
    child: ConferenceChild,
    *,
    attendees: Iterable[Attendee] | None = None,
    given: Iterable[Score] | None = None,
    ended: Ended | None = None,
    parts: Collection[Part] | None = None,
) -> ScoreSheet:
    """Return who is asked to score one child, who has answered and, once they are shown, the scores.

    What was shown in another part of the running sitting is not shown in this one before the chair chooses it.
    """
    conference = child.conference
    policy = policy_of_conference(conference)
    present = list(attendees_of(conference) if attendees is None else attendees)
    scores = {score.participant_id: score for score in (scores_in(conference)[child.pk] if given is None else given)}
    over = rounds_ended(conference) if ended is None else ended
    parts = list(parts_of(conference) if parts is None else parts)
    part = part_of(present, parts)
    others = {one.pk for one in parts if part is not None and one.pk != part.pk}
    is_closed = conference.status != ConferenceStatus.OPEN
    answered = {score.participant.person_id for score in scores.values()}
    kind = AnswerKind.SCORE
    here = {row.participant.pk for row in waited_for(present, child, policy, kind=kind, part=part, answered=answered)}
    people = {
        row.participant.pk: row.participant
        for row in asked(present, child, policy, asked_for_score)
        if row.participant.person_id not in answered
    }
    people = {**people, **{pk: score.participant for pk, score in scores.items()}}

    def row_of(participant: Participant) -> ScoreRow:
        score = scores.get(participant.pk)
        if score is None:
            return ScoreRow(participant, version=0, score=None, is_here=participant.pk in here)
        shown_in = {one.pk for one in score.shown_in.all()}
        is_shown = bool(shown_in if is_closed else shown_in - others)
        return ScoreRow(
            participant,
            version=score.version,
            score=score if is_shown else None,
            in_part=score.part_id,
            may_be_shown=may_be_shown(score),
            is_shown=is_shown,
            is_over=(str(kind), child.pk, score.part_id) in over,
        )

    return ScoreSheet(
        child=child,
        scale=policy.scale,
        rows=[row_of(people[pk]) for pk in sorted(people)],
        explore_from=policy.spread_to_explore,
        shown_at=child.scores_shown_at,
        shown_because=child.scores_shown_reason,
        explored=child.spread_explored,
        part=part,
        is_over=is_closed or (part is not None and (str(kind), child.pk, part.pk) in over),
        has_parts=len(parts) > 1,
        unrecorded=not_recorded_yet(present, child, policy, kind=kind, part=part, answered=answered),
        values_shown=tuple(
            score.value for score in scores.values() if score.value is not None and score.shown_in.all()
        ),
    )


def may_be_shown(score: Any) -> bool:
    """Return whether a score may be shown to others: one of the family's only where they agreed."""
    return not score.participant.is_family or score.may_be_shown is True
