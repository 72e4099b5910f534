"""What each participant thinks about each child, and what most of them recommend."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import Outcome, PlanEffect
from conferences.models import Conference, ConferenceChild, Participant
from conferences.selectors.procedures import policy_of_conference
from families.models import Agency
from govuk.words import listed
from meetings.enums import Given, HarmAnswer, ViewStatus
from meetings.models import View
from meetings.selectors.attendance import Attendee, asked, attendees_of, fill_in

# What people may have recommended that agrees with each outcome, where no child protection plan is in force.
AGREES_WITH: dict[str, ViewStatus] = {
    Outcome.CP_PLAN: ViewStatus.CP_PLAN,
    Outcome.CIN_PLAN: ViewStatus.CIN_PLAN,
    Outcome.CIN_REFUSED: ViewStatus.CIN_PLAN,
    Outcome.FURTHER_ASSESSMENT: ViewStatus.NO_PLAN,
    Outcome.OTHER_SUPPORT: ViewStatus.NO_PLAN,
    Outcome.NOTHING: ViewStatus.NO_PLAN,
    Outcome.PLAN_ENDS: ViewStatus.NO_PLAN,
}
# Decided as well as what becomes of the plan in force.
OFFERED = frozenset({Outcome.CIN_REFUSED})


def agreeing_with(outcome: str, on_plan: str) -> set[str]:
    """Return what people may have recommended that agrees with a decision and what it makes of a plan in force.

    Where the plan goes on (``PlanEffect``), the child has a child protection plan, whatever else was decided. A child
    in need plan that was offered and refused agrees then both with those who wanted it and with those who want what
    goes on.
    """
    stays = on_plan == PlanEffect.GOES_ON
    offered = {AGREES_WITH[outcome]} if outcome in AGREES_WITH and (not stays or outcome in OFFERED) else set()
    return offered | ({ViewStatus.CP_PLAN} if stays else set())


@dataclass(frozen=True)
class ViewRow:
    """One person and their view; ``view`` is None until they have been asked."""

    participant: Participant
    view: View | None
    is_due: bool
    differs: bool = False


@dataclass(frozen=True)
class Majority:
    """The professionals' recommendation, counted by person and by agency. It guides and does not bind."""

    by_person: dict[str, int]
    by_agency: dict[str, int]
    split_agencies: int

    @property
    def total(self) -> int:
        return sum(self.by_person.values())

    @property
    def status(self) -> str:
        """Return the status that more than half recommend; empty if there is none."""
        for status, number in self.by_person.items():
            if number * 2 > self.total:
                return status
        return ""

    def is_against(self, outcome: str, on_plan: str) -> bool:
        """Return whether more than half of the professionals recommend something else than what is decided.

        ``on_plan`` is what the decision makes of the plan in force (``PlanEffect``), empty where none is. The one
        definition for what is asked, refused, kept and printed.
        """
        agreeing = agreeing_with(outcome, on_plan)
        return bool(self.status and agreeing) and self.status not in agreeing

    def reason_against(self, outcome: str, on_plan: str, reason: str) -> str:
        """Return ``reason``, why the chair decides differently, where the decision does; otherwise nothing."""
        return reason if self.is_against(outcome, on_plan) else ""

    @property
    def agreeing(self) -> int:
        return self.by_person.get(self.status, 0) if self.status else max(self.by_person.values(), default=0)

    @property
    def words(self) -> str:
        """Return text such as "7 of 8 say child protection plan"."""
        if not self.total:
            return "No professional has given a view"
        if self.status:
            verb = "says" if self.agreeing == 1 else "say"
            return f"{self.agreeing} of {self.total} {verb} {ViewStatus(self.status).label.lower()}"
        said = ", ".join(f"{number} {ViewStatus(status).label.lower()}" for status, number in self.by_person.items())
        return f"No majority: {said}"

    @property
    def agency_words(self) -> str:
        """Return text such as "By agency: 5 child protection plan, 1 child in need plan"."""
        parts = [f"{number} {ViewStatus(status).label.lower()}" for status, number in self.by_agency.items()]
        if self.split_agencies:
            parts.append(f"{self.split_agencies} with mixed views")
        return f"By agency: {', '.join(parts)}" if parts else ""


@dataclass(frozen=True)
class ViewSheet:
    child: ConferenceChild
    professionals: list[ViewRow]
    family: list[ViewRow]
    majority: Majority

    @property
    def harm_said(self) -> list[tuple[str, int, str]]:
        """Return each answer to whether the child still suffers or is likely to suffer harm: words, how many, who."""
        given = [row for row in self.rows if row.view is not None and row.view.still_harm]
        found = []
        for answer in HarmAnswer:
            names = [row.participant.person.full_name for row in given if row.view and row.view.still_harm == answer]
            if names:
                found.append((str(answer.label), len(names), listed(names)))
        return found

    @property
    def harm_words(self) -> str:
        """Return text such as "Yes: 2 (Ada Reed and Lou Fox). No: 1 (Jo Sand)"; empty where no one was asked."""
        return ". ".join(f"{label}: {number} ({names})" for label, number, names in self.harm_said)

    @property
    def rows(self) -> list[ViewRow]:
        return [*self.professionals, *self.family]

    @property
    def waiting(self) -> list[ViewRow]:
        return [row for row in self.rows if row.is_due and row.view is None]

    @property
    def due_count(self) -> int:
        return len([row for row in self.rows if row.is_due])


def views_in(conference: Conference, attendees: Iterable[Attendee] = ()) -> dict[int, list[View]]:
    """Return the views about each child, with whose they are."""
    found: dict[int, list[View]] = defaultdict(list)
    for view in fill_in(View.objects.filter(conference_child__conference=conference), attendees):
        found[view.conference_child_id].append(view)
    return found


def views_of(
    child: ConferenceChild, *, attendees: Iterable[Attendee] | None = None, given: Iterable[View] | None = None
) -> ViewSheet:
    """Return each person's view about one child, professionals apart from family, and the majority."""
    conference = child.conference
    policy = policy_of_conference(conference)
    present = list(attendees_of(conference) if attendees is None else attendees)
    views = {view.participant_id: view for view in (views_in(conference)[child.pk] if given is None else given)}
    due = {row.participant.pk: row.participant for row in asked(present, child, policy.gives_view)}
    people = {
        **due,
        # Family members who are not asked, or not here, may still be quoted in their own words.
        **{row.participant.pk: row.participant for row in present if row.participant.is_family and row.concerns(child)},
        **{pk: view.participant for pk, view in views.items()},
    }
    majority = majority_of(views.values())
    rows = [
        ViewRow(
            participant,
            views.get(pk),
            is_due=pk in due,
            differs=bool(majority.status and pk in views and views[pk].status and views[pk].status != majority.status),
        )
        for pk, participant in sorted(people.items())
    ]
    return ViewSheet(
        child=child,
        professionals=[row for row in rows if not row.participant.is_family],
        family=[row for row in rows if row.participant.is_family],
        majority=majority,
    )


def majority_of(views: Iterable[View]) -> Majority:
    """Count the professionals' views: each person once, each agency once if its people agree."""
    by_person: dict[int, View] = {}
    for view in views:
        if view.given == Given.GIVEN and view.status and not view.participant.is_family:
            by_person.setdefault(view.participant.person_id, view)
    agencies: dict[Agency, set[str]] = {}
    for view in by_person.values():
        if view.participant.agency is not None:
            agencies.setdefault(view.participant.agency, set()).add(view.status)
    of_one_mind = Counter(next(iter(statuses)) for statuses in agencies.values() if len(statuses) == 1)
    return Majority(
        by_person=dict(Counter(view.status for view in by_person.values()).most_common()),
        by_agency=dict(of_one_mind.most_common()),
        split_agencies=len([statuses for statuses in agencies.values() if len(statuses) > 1]),
    )
