"""What one person is asked in the part under way: a score and a view about each child, entered by themselves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from conferences.enums import ConferenceStatus
from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from deadlines.policies import Policy
from meetings.enums import AnswerKind
from meetings.selectors.attendance import Attendee
from meetings.selectors.day_steps import TheDay
from meetings.selectors.outline import actions_for
from meetings.selectors.rounds import ASKS


@dataclass(frozen=True)
class AskedOf:
    """One child about whom a person is asked, as ``participant``; what is over or not yet asked is False.

    ``has_score`` and ``has_view`` say only that an answer is in: an answer is not shown again, to anybody. ``is_self``
    is whether the child is asked about themselves.
    """

    child: Any
    participant: Any
    name: str
    score: bool
    has_score: bool
    view: bool = False
    has_view: bool = False
    is_on_plan: bool = False
    is_self: bool = False


@dataclass(frozen=True)
class OwnAnswers:
    """Everything that one person is asked now, at a conference or a core group, and why nothing is."""

    policy: Policy
    children: list[AskedOf]
    is_open: bool
    is_here: bool
    is_family: bool
    # The part of a conference, or the sitting of a core group meeting, in which they are; the ids and names of all
    # children of the meeting.
    part: Any = None
    names: dict[int, str] = field(default_factory=dict)
    # Whether a view is asked for later, once the plan is drafted.
    views_later: bool = False

    @property
    def is_asked(self) -> bool:
        return bool(self.children)

    @property
    def asks_scores(self) -> bool:
        return any(one.score for one in self.children)

    @property
    def asks_views(self) -> bool:
        return any(one.view for one in self.children)

    @property
    def has_answered(self) -> bool:
        """Return whether an answer is in for everything that is asked now."""
        return self.is_asked and all(
            (one.has_score or not one.score) and (one.has_view or not one.view) for one in self.children
        )


def own_answers(day: TheDay, persons: Collection[int]) -> OwnAnswers:
    """Return what a person, by the ids of their records, is asked in the part under way."""
    policy, part = policy_of_conference(day.conference), day.part_now
    rows = [row for row in day.attendees if row.participant.person_id in persons]
    here = [row for row in rows if row.is_in(part)]
    found: list[AskedOf] = []
    later = False
    is_open = day.conference.status == ConferenceStatus.OPEN
    for child in day.children if is_open and here and part is not None else ():
        one, is_later = _asked(day, child, here, policy)
        later = later or is_later
        if one is not None and (one.score or one.view):
            found.append(one)
    return OwnAnswers(
        policy,
        found,
        is_open=is_open,
        is_here=bool(here),
        is_family=any(row.participant.is_family for row in rows),
        part=part,
        names={child.pk: short_name_of(child.child) for child in day.children},
        views_later=later,
    )


def _asked(day: TheDay, child: ConferenceChild, here: list[Attendee], policy: Policy) -> tuple[AskedOf | None, bool]:
    scores = [row.participant for row in here if ASKS[AnswerKind.SCORE](row, child, policy)]
    views = [row.participant for row in here if ASKS[AnswerKind.VIEW](row, child, policy)]
    if not scores and not views:
        return None, False
    person = here[0].participant.person_id
    given = next((row for row in day.scores[child.pk].rows if row.participant.person_id == person), None)
    said = [row for row in day.views[child.pk].rows if row.participant.person_id == person]
    is_decided = child.pk in day.outcomes
    view_open = bool(views) and not day.views[child.pk].is_over and not is_decided
    is_later = view_open and not _plan_is_drafted(day, child, policy)
    return (
        AskedOf(
            child=child,
            participant=(scores or views)[0],
            name=short_name_of(child.child),
            score=bool(scores) and not day.scores[child.pk].is_over and not (given and given.is_over),
            view=view_open and not is_later,
            has_score=bool(given and given.is_in),
            has_view=any(row.is_in for row in said),
            is_on_plan=child.pk in day.plans,
        ),
        is_later,
    )


def _plan_is_drafted(day: TheDay, child: ConferenceChild, policy: Policy) -> bool:
    """Return whether views may be asked: the plan comes first, unless the council drafts it afterwards."""
    if not policy.plan_before_decision or child.no_plan_needed_reason.strip():
        return True
    return bool(actions_for(child, actions=day.actions))
