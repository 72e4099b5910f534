"""What families thought of a council's meetings, as a whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from conferences.models import FamilyFeedback

ANSWERS = ("Yes", "Partly", "No")


@dataclass(frozen=True)
class Question:
    text: str
    counts: list[tuple[str, int]]
    asked: int


@dataclass(frozen=True)
class Feedback:
    """All that was said: answers counted for each question as it was asked, and the words with their month."""

    given: int
    questions: list[Question]
    words: list[FamilyFeedback]


def feedback_of(authority_ids: list[int]) -> Feedback:
    """Return the feedback given to these councils, in one query."""
    rows = list(FamilyFeedback.objects.filter(authority__in=authority_ids))
    counted: dict[str, Counter[str]] = {}
    for row in reversed(rows):
        for one in row.answers:
            counted.setdefault(one["question"], Counter())[one["answer"]] += 1
    questions = [
        Question(text, [(answer, counts[answer]) for answer in ANSWERS], sum(counts.values()))
        for text, counts in counted.items()
    ]
    return Feedback(len(rows), questions, [row for row in rows if row.text])
