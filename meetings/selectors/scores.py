"""The scores of a meeting by child, hidden until the chair shows them, and their spread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.procedures import policy_of_conference
from deadlines.policies import Scale
from meetings.enums import Given
from meetings.models import Score
from meetings.selectors.attendance import Attendee, asked, attendees_of, fill_in


@dataclass(frozen=True)
class ScoreRow:
    """One person who is asked. ``score`` stays empty until the scores are shown, whatever was given.

    ``version`` is that of the score given, 0 where there is none yet.
    """

    participant: Participant
    version: int
    score: Score | None

    @property
    def is_in(self) -> bool:
        return self.version > 0


@dataclass(frozen=True)
class ScoreSheet:
    child: ConferenceChild
    scale: Scale
    rows: list[ScoreRow]
    explore_from: int

    @property
    def shown(self) -> bool:
        return self.child.scores_shown_at is not None

    @property
    def waiting(self) -> list[ScoreRow]:
        return [row for row in self.rows if not row.is_in]

    @property
    def count_in(self) -> int:
        return len(self.rows) - len(self.waiting)

    @property
    def given(self) -> list[Score]:
        """Return the scores with a number, lowest first; empty until they are shown."""
        scores = [row.score for row in self.rows if row.score and row.score.given == Given.GIVEN]
        return sorted(scores, key=lambda score: (score.value or 0, score.pk))

    @property
    def not_given(self) -> list[Score]:
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
    def needs_exploring(self) -> bool:
        return self.is_wide and not self.child.spread_explored.strip()

    @property
    def at_the_ends(self) -> list[tuple[int, list[Score]]]:
        """Return the highest and the lowest number, each with those who gave it."""
        if self.highest is None or self.lowest is None:
            return []
        return [(end, [row for row in self.given if row.value == end]) for end in (self.highest, self.lowest)]


def spread_of(values: Sequence[int]) -> int:
    """Return how many points lie between the lowest and the highest score."""
    return max(values) - min(values) if values else 0


def scores_in(conference: Conference, attendees: Iterable[Attendee] = ()) -> dict[int, list[Score]]:
    """Return the scores for each child, with who gave them."""
    found: dict[int, list[Score]] = defaultdict(list)
    for score in fill_in(Score.objects.filter(conference_child__conference=conference), attendees):
        found[score.conference_child_id].append(score)
    return found


def scores_of(
    child: ConferenceChild, *, attendees: Iterable[Attendee] | None = None, given: Iterable[Score] | None = None
) -> ScoreSheet:
    """Return who is asked to score one child, who has answered and, once they are shown, the scores."""
    conference = child.conference
    policy = policy_of_conference(conference)
    present = attendees_of(conference) if attendees is None else attendees
    scores = {score.participant_id: score for score in (scores_in(conference)[child.pk] if given is None else given)}
    people = {row.participant.pk: row.participant for row in asked(present, child, policy.gives_score)}
    people.update({pk: score.participant for pk, score in scores.items()})
    shown = child.scores_shown_at is not None
    return ScoreSheet(
        child=child,
        scale=policy.scale,
        rows=[
            ScoreRow(
                participant, version=scores[pk].version if pk in scores else 0, score=scores.get(pk) if shown else None
            )
            for pk, participant in people.items()
        ],
        explore_from=policy.spread_to_explore,
    )
