"""Where the meeting stands: its steps with what is done of each, and which comes next."""

from __future__ import annotations

from dataclasses import dataclass

from conferences.enums import ConferenceStatus, Outcome
from conferences.models import AgendaItem, Conference, ConferenceChild, Decision, Part, SafetyStop, Sitting
from conferences.selectors.attending import Attendee, attendees_of, sitting_of
from conferences.selectors.the_day import (
    ScoreSheet,
    ViewSheet,
    actions_for,
    actions_of,
    children_on_the_day,
    decisions_of,
    open_stops,
    scores_of,
    views_of,
)
from govuk.words import count


@dataclass(frozen=True)
class DayStep:
    """One step of the meeting: ``done`` of ``total``, in words beside its name."""

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


@dataclass(frozen=True)
class TheDay:
    """All that the strip at the top of each page of the day needs, and what pages share."""

    conference: Conference
    sitting: Sitting | None
    parts: list[Part]
    children: list[ConferenceChild]
    attendees: list[Attendee]
    agenda: list[AgendaItem]
    decisions: dict[int, Decision]
    scores: dict[int, ScoreSheet]
    views: dict[int, ViewSheet]
    stops: list[SafetyStop]
    steps: list[DayStep]

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
        """The first step that is not done; the agenda runs beside the others and is never the one."""
        return next((step for step in self.steps if not step.is_done and step.key != "agenda"), None)

    @property
    def item_now(self) -> AgendaItem | None:
        return next((item for item in self.agenda if item.begun_at and not item.done_at), None)

    @property
    def item_next(self) -> AgendaItem | None:
        return next((item for item in self.agenda if not item.begun_at and not item.done_at), None)

    @property
    def present_count(self) -> int:
        return len({row.participant.person_id for row in self.attendees if row.is_present})

    @property
    def undecided(self) -> list[ConferenceChild]:
        return [child for child in self.children if child.pk not in self.decisions]

    @property
    def plans_needed(self) -> bool:
        """Whether a child protection plan was decided, so that core group and review need their dates."""
        return any(decision.outcome == Outcome.CP_PLAN for decision in self.decisions.values())


def the_day(conference: Conference) -> TheDay:
    """Everything about the meeting as it stands now; the number of queries grows with the children only."""
    children = children_on_the_day(conference)
    attendees = attendees_of(conference)
    scores = {child.pk: scores_of(child, attendees=attendees) for child in children}
    views = {child.pk: views_of(child, attendees=attendees) for child in children}
    decisions = {row.conference_child_id: row for row in decisions_of(conference)}
    sitting = sitting_of(conference)
    agenda = list(conference.agenda.all())
    return TheDay(
        conference=conference,
        sitting=sitting,
        parts=list(sitting.parts.all()) if sitting else [],
        children=children,
        attendees=attendees,
        agenda=agenda,
        decisions=decisions,
        scores=scores,
        views=views,
        stops=open_stops(conference),
        steps=_steps(conference, children, attendees, agenda, scores, views, decisions),
    )


def _steps(
    conference: Conference,
    children: list[ConferenceChild],
    attendees: list[Attendee],
    agenda: list[AgendaItem],
    scores: dict[int, ScoreSheet],
    views: dict[int, ViewSheet],
    decisions: dict[int, Decision],
) -> list[DayStep]:
    number = len(children)
    expected = [row for row in attendees if not row.is_left_out]
    recorded = len([row for row in expected if row.presence])
    items_done = len([item for item in agenda if item.done_at])
    notes = conference.board.filter(withdrawn_at__isnull=True).count()
    scored = len([sheet for sheet in scores.values() if sheet.shown and not sheet.needs_exploring])
    given = sum(sheet.count_in for sheet in scores.values())
    actions = list(actions_of(conference))
    planned = len(
        [child for child in children if child.no_plan_needed_reason or actions_for(child, actions=actions)]
    )
    viewed = len([sheet for sheet in views.values() if sheet.due_count and not sheet.waiting])
    decided = len([child for child in children if child.pk in decisions])
    needs_dates = any(decision.outcome == Outcome.CP_PLAN for decision in decisions.values())
    dates = [conference.first_core_group_at, conference.review_at]
    agreed = len([day for day in dates if day]) if needs_dates else 0
    nothing_to_agree = decided == number > 0 and not needs_dates
    closed = conference.status == ConferenceStatus.CLOSED
    of_children = f"of {count(number, 'child', 'children')}"
    return [
        DayStep(
            "people",
            "People",
            "conferences:attendance",
            recorded,
            len(expected),
            f"{recorded} of {len(expected)} recorded",
        ),
        DayStep(
            "agenda",
            "Agenda",
            "conferences:agenda",
            items_done,
            len(agenda),
            f"{items_done} of {len(agenda)} done",
            begun=any(item.begun_at for item in agenda),
        ),
        DayStep("board", "Board", "conferences:board", min(notes, 1), 1, count(notes, "note")),
        DayStep(
            "scores",
            "Scores",
            "conferences:scores",
            scored,
            number,
            f"{scored} {of_children}",
            begun=bool(given),
        ),
        DayStep(
            "plan",
            "Plan",
            "conferences:plan",
            planned,
            number,
            f"{planned} {of_children}",
            begun=bool(actions),
        ),
        DayStep(
            "views",
            "Views",
            "conferences:views",
            viewed,
            number,
            f"{viewed} {of_children}",
            begun=any(row.view for sheet in views.values() for row in sheet.rows),
        ),
        DayStep(
            "decisions", "Decisions", "conferences:decisions", decided, number, f"{decided} {of_children}"
        ),
        DayStep(
            "dates",
            "Next dates",
            "conferences:next-dates",
            1 if nothing_to_agree else agreed,
            1 if nothing_to_agree else len(dates),
            "Not needed" if nothing_to_agree else f"{agreed} of {len(dates)} agreed",
        ),
        DayStep("close", "Close", "conferences:close", int(closed), 1, "Closed" if closed else "Open"),
    ]
