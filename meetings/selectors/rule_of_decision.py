"""The council's rule of decision: said in words beside the views, never applied.

No rule computes a decision, pre-selects one or bars one. Where the chair's decision differs from what the rule looks
to, the chair says why, and the minutes print it. Quorum for each child and the answer about harm are other bars, which
hold whatever the rule is (``meetings.selectors.outcomes``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conferences.enums import PlanEffect
from deadlines.policies import Policy
from meetings.enums import ViewStatus
from meetings.models import View
from meetings.selectors.majority import Majority, majority_of

CONFERENCE, MAJORITY = "conference", "majority, chair may overrule"
EVERYONE_AGREES = "everyone agrees"
COMES_OFF = frozenset({PlanEffect.ENDS, PlanEffect.LOWERED})


@dataclass(frozen=True)
class RuleOfDecision:
    """One council's rule and the views about one child.

    The rule looks to what most professionals recommend; where the conference decides, to what most of all those there
    recommend, the family included; and, for coming off a plan where the council wants everyone to agree, to whether
    anyone recommends that the child protection plan goes on.
    """

    decision_by: str
    coming_off_when: str
    professionals: Majority
    everyone: Majority

    @property
    def by_conference(self) -> bool:
        return self.decision_by == CONFERENCE

    @property
    def wants_everyone(self) -> bool:
        """Return whether the council wants everyone to agree before a child comes off a plan."""
        return self.coming_off_when == EVERYONE_AGREES

    @property
    def looked_to(self) -> Majority:
        return self.everyone if self.by_conference else self.professionals

    @property
    def everyone_agrees_to_come_off(self) -> bool:
        return bool(self.everyone.total) and ViewStatus.CP_PLAN not in self.everyone.by_person

    def may_differ(self, *, on_plan: bool) -> bool:
        """Return whether any decision could differ from what the rule looks to."""
        return bool(self.looked_to.status) or (on_plan and self.wants_everyone and bool(self.everyone.total))

    def why_asked(self, outcome: str, on_plan: str) -> str:
        """Return how a decision differs from what the rule looks to; empty where it doesn't.

        ``on_plan`` is what the decision makes of the plan in force (``PlanEffect``), empty where none is. The one
        definition for what is asked, refused without a reason, kept and printed.
        """
        if on_plan and self.wants_everyone and self.everyone.total:
            if on_plan in COMES_OFF and not self.everyone_agrees_to_come_off:
                return "Not everyone agrees that the plan ends or is lowered."
            if on_plan not in COMES_OFF and self.everyone_agrees_to_come_off:
                return "Everyone agrees that the plan can end or be lowered."
        if not self.looked_to.is_against(outcome, on_plan):
            return ""
        most = "Most people at the conference" if self.by_conference else "Most professionals"
        return f"{most} recommend something else."

    def reason_against(self, outcome: str, on_plan: str, reason: str) -> str:
        """Return ``reason``, why the chair decides differently, where the decision does; otherwise nothing."""
        return reason if self.why_asked(outcome, on_plan) else ""

    @property
    def question(self) -> str:
        """Return what the chair is asked where the decision differs."""
        return f"Why you decide differently from most {'people here' if self.by_conference else 'professionals'}"

    def in_words(self, council: str, *, on_plan: bool) -> list[str]:
        """Return the rule in words and what the views say about it, one sentence or two for each part of it."""
        if self.by_conference:
            said = [f"In {council} the conference decides together. {self._counted('Of everyone here')}"]
        elif self.decision_by == MAJORITY:
            said = [f"In {council} the decision is usually what most professionals recommend. You may overrule it."]
        else:
            said = [f"In {council} the chair decides after hearing all views."]
        if on_plan and self.wants_everyone:
            agree = self.everyone.total - self.everyone.by_person.get(ViewStatus.CP_PLAN, 0)
            said.append(
                f"In {council} a child comes off a plan when everyone agrees. "
                f"{agree} of the {self.everyone.total} who gave a view would end or lower it."
            )
        return said

    def _counted(self, start: str) -> str:
        words = self.everyone.words
        return f"{start}: {words[0].lower()}{words[1:]}." if self.everyone.total else "No one has given a view yet."


def rule_of_decision(policy: Policy, views: Iterable[View]) -> RuleOfDecision:
    """Return the rule of these procedures, with the views about one child."""
    given = list(views)
    return RuleOfDecision(
        decision_by=policy.value("decision-by"),
        coming_off_when=policy.value("coming-off-when"),
        professionals=majority_of(given),
        everyone=majority_of(given, with_family=True),
    )
