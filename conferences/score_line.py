"""The line of a child's scores over time, from every app in which scores are given.

Apps connect in their ``hooks.py``. Scores of different scales never share a line.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

import charts
from govuk import words
from govuk.hook import Hook


@dataclass(frozen=True)
class GivenScore:
    """One score that was given and is no secret any more, on which day and where.

    ``part`` is the part of a conference, ``core_group`` the core group and ``is_apart`` whether it was given in a
    sitting of one person's own there.
    """

    child: int
    on: datetime.date
    scale: str
    value: int
    conference: int | None = None
    part: int | None = None
    core_group: int | None = None
    is_apart: bool = False


Scores = Callable[[Collection[int]], Iterable[GivenScore]]
# Given children's ids, yields their scores.
scores_given: Hook[Scores] = Hook()


def everything(_score: GivenScore) -> bool:
    """Let every score be shown, for whoever may open the family."""
    return True


def lines_of_scores(
    names: Mapping[int, str], *, may_show: Callable[[GivenScore], bool] = everything
) -> dict[int, list[tuple[str, SafeString]]]:
    """Return, by child, one figure for each scale with the scores on each day, the oldest first.

    ``names`` says, by child id, what to call each child; ``may_show`` which scores the reader is entitled to.
    """
    rounds: dict[tuple[int, str], dict[datetime.date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for scores in scores_given:
        for score in scores(list(names)):
            if may_show(score):
                rounds[score.child, score.scale][score.on].append(score.value)
    found: dict[int, list[tuple[str, SafeString]]] = defaultdict(list)
    for (child, scale), days in sorted(rounds.items(), key=lambda one: (one[0][0], min(one[1]))):
        said = [(words.plain_date(day), sorted(numbers)) for day, numbers in sorted(days.items())]
        found[child].append((scale, charts.score_history(said, title=f"Scores for {names[child]}")))
    return found
