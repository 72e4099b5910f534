"""The events the public calculator asks about, the case each makes, and the clock that answers it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from deadlines.calculator.cases import INITIAL, PRE_BIRTH, TRANSFER_IN, Case
from deadlines.calculator.cases import REVIEW as REVIEW_CONFERENCE
from deadlines.working_days.arithmetic import LONDON

DISCUSSION, MOVE, CONFERENCE, REVIEW = "discussion", "move", "conference", "review"
CORE_GROUP, BIRTH, CIN_PLAN, VISIT = "core-group", "birth", "cin-plan", "visit"


@dataclass(frozen=True)
class EventKind:
    """One answer to "What has happened?".

    ``label`` is the answer, ``event`` the same in mid-sentence, ``clock`` what people want to know first,
    ``until`` the words that introduce its date; ``also`` are clocks that follow alongside.
    """

    label: str
    event: str
    clock: str
    until: str
    also: tuple[str, ...] = ()


_BEFORE = ("report-shared-with-family", "report-submitted", "chair-has-reports")
_PAPERS = ("decisions-sent", "minutes-sent")
_PLAN = ("outline-plan", "first-core-group", "first-review", "visit")
_HELD_BY = "has to be held by"

EVENT_KINDS = {
    DISCUSSION: EventKind(
        "Strategy discussion that started an enquiry",
        "strategy discussion",
        "initial-conference",
        f"The initial conference {_HELD_BY}",
        also=("pre-birth-conference", *_BEFORE, *_PAPERS, *_PLAN),
    ),
    MOVE: EventKind(
        "Told that a child has moved here",
        "being told of the move",
        "transfer-in-conference",
        f"The receiving council’s conference {_HELD_BY}",
        also=(*_BEFORE, *_PAPERS, *_PLAN),
    ),
    CONFERENCE: EventKind(
        "Initial conference held",
        "initial conference",
        "first-review",
        f"If there is a plan, the first review {_HELD_BY}",
        also=(*_PAPERS, "outline-plan", "first-core-group", "visit"),
    ),
    REVIEW: EventKind(
        "Review conference held",
        "review conference",
        "next-review",
        f"If the plan continues, the next review {_HELD_BY}",
        also=_PAPERS,
    ),
    CORE_GROUP: EventKind("Core group held", "core group", "next-core-group", f"The next core group {_HELD_BY}"),
    BIRTH: EventKind(
        "Child born with a plan made before birth", "birth", "after-birth", f"A review conference {_HELD_BY}"
    ),
    CIN_PLAN: EventKind(
        "Child in need plan started or reviewed",
        "start or last review of the plan",
        "cin-plan-review",
        f"The next review of the plan {_HELD_BY}",
    ),
    VISIT: EventKind(
        "Visit at which the child was seen",
        "visit",
        "visit",
        "Unless the plan has its own figure, the child has to be seen again by",
    ),
}


def case_of(
    happened: str,
    *,
    when: datetime.date,
    expected: datetime.date | None = None,
    first_review_of: datetime.date | None = None,
    plan_began: datetime.date | None = None,
    conference: datetime.date | None = None,
) -> Case:
    """Return the case for an answer and its dates; dates that don't belong to the answer are ignored.

    Times aren't asked for: a conference is taken to be at noon, so that hour limits lead to the right day.
    Raises CaseInvalid where the dates contradict each other.
    """
    held: dict[str, Any] = {}
    if conference is not None and happened in {DISCUSSION, MOVE}:
        held = {"conference": _noon(conference), "ended": _noon(conference), "plan_began": conference}
    if happened == DISCUSSION:
        kind = PRE_BIRTH if expected else INITIAL
        return Case(type=kind, strategy_discussion=when, expected=expected, **held)
    if happened == MOVE:
        return Case(type=TRANSFER_IN, notified=when, **held)
    if happened == REVIEW:
        number = None if first_review_of is None else 1
        return Case(
            type=REVIEW_CONFERENCE, ended=_noon(when), last_review=when, plan_began=first_review_of, reviews_held=number
        )
    simple: dict[str, dict[str, Any]] = {
        CONFERENCE: {"ended": _noon(when), "plan_began": when},
        CORE_GROUP: {"last_core_group": when},
        BIRTH: {"born": when, "plan_began": plan_began},
        CIN_PLAN: {"cin_plan_began": when},
        VISIT: {"last_seen": when},
    }
    return Case(**simple[happened])


def _noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=LONDON)
