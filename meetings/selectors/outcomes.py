"""What the chair may decide for one child now, and why not something else.

The one rule for the form, the last check, the service and a correction: where a child protection plan of this council
is in force, only a review with a quorum for this child ends or lowers it, and only after the chair has answered that
significant harm is no longer suffered or likely. A lower quorum for exceptions never serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conferences.enums import AlsoAdvised, ConferenceKind, EndsBecause, Outcome, PlanEffect, StillHarm
from conferences.plans_held import HeldPlan, why_a_review
from conferences.selectors.quorum import QuorumCount

# How the outcomes read where a plan is in force; no other outcome may be chosen then.
WITH_A_PLAN_IN_FORCE: dict[str, str] = {
    Outcome.CP_PLAN: "The child protection plan goes on",
    Outcome.FURTHER_ASSESSMENT: "Further assessment. The plan stays in force",
    Outcome.OTHER_SUPPORT: "Other support. The plan stays in force",
    Outcome.CIN_PLAN: "Lowered to a child in need plan, with consent",
    Outcome.CIN_REFUSED: "Child in need plan offered and refused",
    Outcome.PLAN_ENDS: "The child protection plan ends",
}
ENDED = frozenset({PlanEffect.LOWERED, PlanEffect.ENDS})
ENDS_OR_LOWERS = frozenset({Outcome.CIN_PLAN, Outcome.CIN_REFUSED, Outcome.PLAN_ENDS})


def advised_in_words(values: Sequence[str]) -> str:
    """Return what is advised beside a decision."""
    return "; ".join(str(AlsoAdvised(value).label) for value in values)


def harm_question(name: str) -> str:
    """Return what everyone is asked first about a child on a plan, and the chair before the decision."""
    return f"Does {name} still suffer significant harm, or is {name} likely to?"


@dataclass(frozen=True)
class Answers:
    """What the chair answers about a plan in force before and with the outcome."""

    outcome: str
    still_harm: str = ""
    refusal_changes: str = ""
    ends_because: str = ""
    also_advised: Sequence[str] = ()


@dataclass(frozen=True)
class Choices:
    """The outcomes for one child at one moment; ``plan`` is the child's own plan that was in force, if any.

    ``quorum`` is counted for this child at that moment; only a plan in force needs it. ``corrects`` is set where a
    decision made earlier is corrected: its conference keeps its kind. ``waits`` says why nothing is decided now without
    a quorum: the procedures forbid it, or someone has yet to agree.
    """

    name: str
    kind: str
    plan: HeldPlan | None
    quorum: QuorumCount
    corrects: bool = False
    waits: str = ""

    @property
    def offered(self) -> list[tuple[str, str]]:
        """Return the outcomes that may be chosen, each with its words."""
        if self.plan is None:
            known = Outcome.choices
            return [(value, label) for value, label in known if value != Outcome.PLAN_ENDS and not self.waits]
        return [(value, label) for value, label in WITH_A_PLAN_IN_FORCE.items() if not self.why_not(value)]

    def why_not(self, outcome: str) -> str:
        """Return why an outcome can't be chosen now, whatever is answered; empty where it can."""
        if outcome not in Outcome.values:
            return "Choose what you decide."
        if self.waits:
            return self.waits
        if self.plan is None:
            none = f"There is no child protection plan of this council for {self.name}, so none can end."
            return none if outcome == Outcome.PLAN_ENDS else ""
        is_review = self.kind == ConferenceKind.REVIEW
        if not is_review and (outcome in ENDS_OR_LOWERS or not self.corrects):
            return f"{why_a_review(self.plan, self.name)} Correct its kind first."
        if outcome not in WITH_A_PLAN_IN_FORCE:
            return "A child protection plan is in force. Choose that it ends, or what else you decide."
        return self.why_no_end if outcome in ENDS_OR_LOWERS else ""

    @property
    def why_no_end(self) -> str:
        """Return that the quorum is missing without which a plan can't end or be lowered; empty where it is there."""
        if self.plan is None or self.quorum.is_met:
            return ""
        words = self.quorum.words[0].lower() + self.quorum.words[1:]
        return f"There is no quorum for {self.name} now: {words}. Without it the plan can’t end or be lowered."

    @property
    def question(self) -> str:
        return harm_question(self.name)

    def faults(self, said: Answers) -> dict[str, str]:
        """Return what is wrong with outcome and answers, by form field."""
        faults: dict[str, str] = {}
        if why := self.why_not(said.outcome):
            faults["outcome"] = why
        if self.plan is None:
            return faults
        if said.still_harm not in StillHarm.values:
            faults["still_harm"] = (
                f"Say first whether {self.name} still suffers, or is likely to suffer, significant harm."
            )
        elif said.still_harm == StillHarm.YES and said.outcome in ENDS_OR_LOWERS:
            faults.setdefault(
                "outcome",
                f"You answered that {self.name} still suffers, or is likely to suffer, significant harm. "
                "The plan can’t end or be lowered then.",
            )
        elif said.still_harm == StillHarm.NO and said.outcome == Outcome.CP_PLAN and self.quorum.is_met:
            faults.setdefault(
                "outcome",
                f"You answered that {self.name} no longer suffers, nor is likely to suffer, significant harm. "
                "The plan can’t simply go on then: choose what else you decide, or change the answer.",
            )
        if said.outcome == Outcome.CIN_REFUSED and said.refusal_changes not in StillHarm.values:
            faults["refusal_changes"] = "Say whether the refusal changes your answer about significant harm."
        elif self.effect(said) in ENDED and said.ends_because not in EndsBecause.values:
            faults["ends_because"] = "Say why the plan ends or is lowered."
        return faults

    def effect(self, said: Answers) -> str:
        """Return what the decision makes of the plan in force (``PlanEffect``); empty where none is."""
        if self.plan is None:
            return ""
        if said.outcome == Outcome.CIN_PLAN:
            return PlanEffect.LOWERED
        refused = said.outcome == Outcome.CIN_REFUSED and said.refusal_changes == StillHarm.NO
        return PlanEffect.ENDS if refused or said.outcome == Outcome.PLAN_ENDS else PlanEffect.GOES_ON

    def recorded(self, said: Answers) -> dict[str, Any]:
        """Return the fields of a decision that say what becomes of the plan, for a checked answer."""
        if self.plan is None:
            return {}
        refused = said.outcome == Outcome.CIN_REFUSED
        return {
            "still_harm": said.still_harm,
            "refusal_changes": said.refusal_changes if refused else "",
            "on_plan": self.effect(said),
            "quorate": self.quorum.is_met,
            "ends_because": said.ends_because if self.effect(said) in ENDED else "",
            "also_advised": [value for value in AlsoAdvised.values if value in said.also_advised],
        }
