"""The progress of a meeting: its steps, how much of each is done, and which comes next."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from conferences.enums import ConferenceStatus
from conferences.models import Conference, ConferenceChild, Decision, Part, Sitting
from conferences.plans_held import HeldPlan, plans_of
from conferences.selectors.children import short_name_of
from conferences.selectors.procedures import policy_of_conference
from conferences.selectors.quorum import QuorumCount, agencies_in_contact
from deadlines.policies.amounts import NOT_USED
from govuk.words import count
from meetings.models import AgendaItem, Break, OutlineAction, SafetyStop, Score, View
from meetings.selectors.attendance import Attendee, attendees_of, part_of, sitting_of
from meetings.selectors.changes import Following
from meetings.selectors.outcomes import Choices
from meetings.selectors.outline import actions_drafted, actions_for
from meetings.selectors.quorum import quorum_for, quorum_of
from meetings.selectors.rounds import rounds_ended
from meetings.selectors.rules_of_day import break_now
from meetings.selectors.scores import ScoreSheet, scores_in, scores_of
from meetings.selectors.the_day import children_on_the_day, decisions_of, missing_before_decision, open_stops
from meetings.selectors.views_given import ViewSheet, views_in, views_of
from meetings.selectors.without_quorum import GoingOn


@dataclass(frozen=True)
class DayStep:
    """One step of the meeting, with ``done`` of ``total`` in words beside its name."""

    key: str
    label: str
    url_name: str
    done: int
    total: int
    words: str
    begun: bool = False

    @property
    def is_done(self) -> bool:
        return self.done >= self.total > 0

    @property
    def state(self) -> str:
        if self.is_done:
            return "Done"
        return "Under way" if self.begun or self.done else "Not started"

    @property
    def colour(self) -> str:
        return {"Done": "green", "Under way": "blue"}.get(self.state, "grey")


class TheDay:
    """The meeting as it is now; each part is read when a page first asks for it, and then cached."""

    def __init__(self, conference: Conference, *, sitting: Sitting | None = None) -> None:
        self.conference = conference
        if sitting is not None:
            self.sitting = sitting
        # The key of what a page shows (meetings.selectors.changes); empty where nothing follows it.
        self.live_key = ""

    @property
    def following(self) -> Following | None:
        """Return what lets the page follow this meeting; None where nothing does."""
        pk = self.conference.pk
        return (
            Following(self.live_key, reverse("meetings:changed", args=[pk]), f"/live/{pk}/") if self.live_key else None
        )

    @cached_property
    def sitting(self) -> Sitting | None:
        return sitting_of(self.conference)

    @cached_property
    def parts(self) -> list[Part]:
        return list(self.sitting.standing_parts.all()) if self.sitting else []

    @cached_property
    def part_now(self) -> Part | None:
        """Return the part under way, by who is recorded as there."""
        return part_of(self.attendees, self.parts)

    @cached_property
    def children(self) -> list[ConferenceChild]:
        return children_on_the_day(self.conference)

    @cached_property
    def attendees(self) -> list[Attendee]:
        return attendees_of(self.conference, sitting=self.sitting)

    @cached_property
    def agenda(self) -> list[AgendaItem]:
        return list(self.conference.agenda.all())

    @cached_property
    def decisions(self) -> dict[int, Decision]:
        return {row.conference_child_id: row for row in decisions_of(self.conference)}

    @cached_property
    def outcomes(self) -> dict[int, str]:
        """Return the outcome of the decision in force for each child who has one."""
        return {row.conference_child_id: row.outcome for row in self._decided}

    @cached_property
    def _decided(self) -> list[Decision]:
        rows = Decision.objects.filter(conference_child__conference=self.conference, superseded_by__isnull=True)
        return list(rows.only("conference_child", "outcome", "on_plan"))

    @cached_property
    def actions(self) -> list[OutlineAction]:
        return list(actions_drafted(self.conference))

    @cached_property
    def _scores_given(self) -> dict[int, list[Score]]:
        return scores_in(self.conference, self.attendees)

    @cached_property
    def _views_given(self) -> dict[int, list[View]]:
        return views_in(self.conference, self.attendees)

    @cached_property
    def rounds_ended(self) -> set[tuple[str, int, int]]:
        """Return which rounds of scores and views are over."""
        return rounds_ended(self.conference)

    def scores_of(self, child: ConferenceChild) -> ScoreSheet:
        """Return who is asked to score one child, and what was given."""
        return scores_of(
            child,
            attendees=self.attendees,
            given=self._scores_given[child.pk],
            ended=self.rounds_ended,
            parts=self.parts,
        )

    def views_of(self, child: ConferenceChild) -> ViewSheet:
        """Return what each person thinks about one child."""
        return views_of(
            child,
            attendees=self.attendees,
            given=self._views_given[child.pk],
            ended=self.rounds_ended,
            parts=self.parts,
            is_decided=child.pk in self.outcomes,
        )

    def missing_for(self, child: ConferenceChild) -> list[str]:
        """Return what is missing before the chair decides for one child, one sentence each."""
        return missing_before_decision(
            child,
            attendees=self.attendees,
            actions=self.actions,
            views=self.views_of(child),
            scores=self.scores_of(child),
        )

    @cached_property
    def scores(self) -> dict[int, ScoreSheet]:
        return {child.pk: self.scores_of(child) for child in self.children}

    @cached_property
    def views(self) -> dict[int, ViewSheet]:
        return {child.pk: self.views_of(child) for child in self.children}

    @cached_property
    def plans(self) -> dict[int, HeldPlan]:
        """Return the own plans in force when the day of the sitting began, by child of the conference."""
        held = plans_of([row.child_id for row in self.children], on=self.sitting.day if self.sitting else None)
        return {row.pk: held[row.child_id] for row in self.children if row.child_id in held}

    @cached_property
    def _in_contact(self) -> dict[int, set[int]]:
        return agencies_in_contact(self.conference, self.sitting)

    @cached_property
    def quorum(self) -> QuorumCount:
        """Return the quorum of the sitting for all its children together."""
        return quorum_of(self.conference, attendees=self.attendees, in_contact=self._in_contact)

    def choices_for(self, child: ConferenceChild, *, at: datetime.datetime, corrects: bool = False) -> Choices:
        """Return what the chair may decide for one child at a moment."""
        recorded_afterwards = self.sitting is not None and bool(self.sitting.recorded_afterwards_reason)
        quorum = quorum_for(
            child, attendees=self.attendees, in_contact=self._in_contact, at=None if recorded_afterwards else at
        )
        waits = ""
        if not corrects and not quorum.is_met:
            waits = self.going_on.why_too_few(child, quorum) or self.going_on.why_not_yet(child)
        return Choices(short_name_of(child.child), child.kind, self.plans.get(child.pk), quorum, corrects, waits)

    @cached_property
    def going_on(self) -> GoingOn:
        """Return whether the sitting may go on without a quorum."""
        return GoingOn(self.conference, self.sitting)

    def plan_too_early_for(self, child: ConferenceChild) -> datetime.date | None:
        """Return the day from which the council makes a plan for an unborn child, where that day is still to come."""
        pregnancy = child.child.pregnancy
        if pregnancy is None or not child.child.is_unborn or self.sitting is None:
            return None
        earliest = policy_of_conference(self.conference).earliest_plan_day(pregnancy.expected_on)
        return earliest if earliest is not None and earliest > self.sitting.day else None

    @cached_property
    def stops(self) -> list[SafetyStop]:
        return open_stops(self.conference)

    @cached_property
    def break_now(self) -> Break | None:
        """Return the break that lasts."""
        return break_now(self.sitting) if self.is_open else None

    @cached_property
    def steps(self) -> list[DayStep]:
        return _steps(self)

    @property
    def is_review(self) -> bool:
        """Return whether any of the children had a plan before."""
        return bool(self.plans)

    @property
    def is_open(self) -> bool:
        return self.conference.status == ConferenceStatus.OPEN

    @property
    def is_closed(self) -> bool:
        return self.conference.status == ConferenceStatus.CLOSED

    @property
    def can_open(self) -> bool:
        return self.conference.status == ConferenceStatus.SCHEDULED

    @property
    def next_step(self) -> DayStep | None:
        """Return the first step not done, leaving out the agenda, which runs beside the others."""
        return next((step for step in self.steps if not step.is_done and step.key != "agenda"), None)

    @property
    def item_now(self) -> AgendaItem | None:
        return next((item for item in self.agenda if item.begun_at and not item.done_at), None)

    @property
    def item_next(self) -> AgendaItem | None:
        return next((item for item in self.agenda if not item.begun_at and not item.done_at), None)

    @property
    def present_count(self) -> int:
        return len({row.participant.person_id for row in self.attendees if row.is_present and not row.is_in_lobby})

    @property
    def undecided(self) -> list[ConferenceChild]:
        return [child for child in self.children if child.pk not in self.outcomes]

    @property
    def plans_needed(self) -> bool:
        """Return whether a child protection plan starts or stays in force: core group and review need dates."""
        return any(row.leaves_a_plan for row in self._decided)


# The order of a council that drafts the plan after its status is decided.
PLAN_AFTERWARDS = ("people", "agenda", "board", "scores", "views", "decisions", "plan", "dates", "close")


def _steps(day: TheDay) -> list[DayStep]:
    conference, children, attendees, agenda = day.conference, day.children, day.attendees, day.agenda
    scores, views, outcomes = day.scores, day.views, day.outcomes
    number = len(children)
    expected = [row for row in attendees if not row.is_left_out]
    recorded = len([row for row in expected if row.presence])
    items_done = len([item for item in agenda if item.done_at])
    notes = conference.board.filter(withdrawn_at__isnull=True).count()
    scored = len([sheet for sheet in scores.values() if sheet.shown and not sheet.needs_exploring])
    given = sum(sheet.count_in for sheet in scores.values())
    actions = day.actions
    planned = len([child for child in children if child.no_plan_needed_reason or actions_for(child, actions=actions)])
    viewed = len([sheet for sheet in views.values() if sheet.due_count and not sheet.waiting])
    decided = len([child for child in children if child.pk in outcomes])
    needs_dates = day.plans_needed
    dates = [conference.first_core_group_at, conference.review_at]
    agreed = len([date for date in dates if date]) if needs_dates else 0
    nothing_to_agree = decided == number > 0 and not needs_dates
    closed = conference.status == ConferenceStatus.CLOSED
    of_children = f"of {count(number, 'child', 'children')}"
    policy = policy_of_conference(conference)
    steps = [
        DayStep(
            "people",
            "People",
            "meetings:attendance",
            recorded,
            len(expected),
            f"{recorded} of {len(expected)} recorded",
        ),
        DayStep(
            "agenda",
            "Agenda",
            "meetings:agenda",
            items_done,
            len(agenda),
            f"{items_done} of {len(agenda)} done",
            begun=any(item.begun_at for item in agenda),
        ),
        DayStep("board", "Board", "meetings:board", min(notes, 1), 1, count(notes, "note")),
        DayStep("scores", "Scores", "meetings:scores", scored, number, f"{scored} {of_children}", begun=bool(given)),
        DayStep("plan", "Plan", "meetings:plan", planned, number, f"{planned} {of_children}", begun=bool(actions)),
        DayStep(
            "views",
            "Views",
            "meetings:views",
            viewed,
            number,
            f"{viewed} {of_children}",
            begun=any(row.view for sheet in views.values() for row in sheet.rows),
        ),
        DayStep("decisions", "Decisions", "meetings:decisions", decided, number, f"{decided} {of_children}"),
        DayStep(
            "dates",
            "Next dates",
            "meetings:next-dates",
            1 if nothing_to_agree else agreed,
            1 if nothing_to_agree else len(dates),
            "Not needed" if nothing_to_agree else f"{agreed} of {len(dates)} agreed",
        ),
        DayStep("close", "Close", "meetings:close", int(closed), 1, "Closed" if closed else "Open"),
    ]
    if policy.scaling == NOT_USED and not given:
        steps = [step for step in steps if step.key != "scores"]
    if not policy.plan_before_decision:
        steps.sort(key=lambda step: PLAN_AFTERWARDS.index(step.key))
    return steps
