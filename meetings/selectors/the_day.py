"""What was said, scored, planned, thought and decided, and what is missing before a decision."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from conferences.models import Conference, ConferenceChild, Decision
from conferences.selectors.children import children_listed, short_name_of
from conferences.selectors.procedures import policy_of_conference
from govuk.words import count
from meetings.models import OutlineAction, SafetyStop
from meetings.selectors.attendance import Attendee, absent_but_heard, children_unheard
from meetings.selectors.outline import actions_for
from meetings.selectors.scores import ScoreSheet
from meetings.selectors.views_given import ViewSheet

LONGEST_MISSING = 250


def children_on_the_day(conference: Conference) -> list[ConferenceChild]:
    """Return the children the conference is about, in the order used on every page."""
    rows = children_listed(conference)
    for row in rows:
        row.conference = conference
    return rows


# The board


# Scores


# The plan


# Views


# Stops and decisions


def open_stops(conference: Conference) -> list[SafetyStop]:
    """Return the safety stops for which no one has yet recorded what is done now; nearly always none."""
    return list(conference.safety_stops.filter(settled_at__isnull=True))


def decisions_of(conference: Conference) -> QuerySet[Decision]:
    """Return the decisions in force, with everything needed to show them."""
    return (
        Decision.objects.filter(conference_child__conference=conference, superseded_by__isnull=True)
        .select_related("conference_child__child__person", "key_worker", "decided_by", "sitting")
        .prefetch_related(
            "core_group__person", "core_group__agency", "consents__person", "dissents__participant__person"
        )
    )


def missing_before_decision(
    child: ConferenceChild,
    *,
    attendees: Iterable[Attendee],
    actions: Iterable[OutlineAction],
    views: ViewSheet,
    scores: ScoreSheet,
) -> list[str]:
    """Return what is still missing, one sentence each; empty when the chair can decide.

    The plan comes first, then everyone's views, then the status (domain rule: all five guides), unless the council's
    procedures draft the plan afterwards (``plan-before-decision``). The chair may go on without it by giving a reason,
    which the minutes print. A safety stop is not listed, because it cannot be overridden.
    """
    present = list(attendees)
    name = short_name_of(child.child)
    missing: list[str] = []
    plan_first = policy_of_conference(child.conference).plan_before_decision
    if plan_first and not child.no_plan_needed_reason.strip() and not actions_for(child, actions=actions):
        missing.append(f"No plan is drafted for {name}, and the chair has not said that none is needed")
    missing += [
        f"The view of {row.participant.person.full_name} about {name}, or why there is none" for row in views.waiting
    ]
    missing += [
        f"Who brings the views of {row.participant.person.full_name}, who is not here"
        for row in absent_but_heard(present, child)
        if row.heard_through is None
    ]
    missing += [
        f"Who brings the views of {row.child.person.full_name}, who is not here"
        for row in children_unheard(present, [child])
    ]
    missing += [
        f"The chair's decision whether and how {row.participant.person.full_name} takes part"
        for row in present
        if row.needs_the_chair
    ]
    if scores.needs_exploring:
        missing.append(f"What lies behind the scores for {name}, which are {count(scores.spread_shown, 'point')} apart")
    return [sentence[:LONGEST_MISSING] for sentence in missing]
