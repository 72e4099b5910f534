"""What most of those asked recommend about a child, counted by person and by agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import Outcome, PlanEffect
from families.models import Agency
from meetings.enums import Given, ViewStatus
from meetings.models import View

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
class Majority:
    """What those counted recommend, by person and by agency. It guides and does not bind."""

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
        """Return whether more than half of those counted recommend something else than what is decided.

        ``on_plan`` is what the decision makes of the plan in force (``PlanEffect``), empty where none is.
        """
        agreeing = agreeing_with(outcome, on_plan)
        return bool(self.status and agreeing) and self.status not in agreeing

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


def majority_of(views: Iterable[View], *, with_family: bool = False) -> Majority:
    """Count the professionals' views, or everyone's: each person once, each agency once if its people agree."""
    by_person: dict[int, View] = {}
    for view in views:
        if view.given == Given.GIVEN and view.status and (with_family or not view.participant.is_family):
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
