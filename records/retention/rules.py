"""How long a child's records are kept: facts and the council's procedures in, a day out. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from deadlines.policies import Policy
from families.enums import LegalStatusKind

BIRTH = "birth of the child"
DEATH = "death of the child"
PREGNANCY = "end of the pregnancy"
SEALING = "sealing of the record"
CLOSING = "closing of the case"

# Children Act 1989, sections 21 and 22: in the council's care, or accommodated by it for more than a day.
LOOKED_AFTER = (
    LegalStatusKind.LOOKED_AFTER,
    LegalStatusKind.ACCOMMODATED,
    LegalStatusKind.INTERIM_CARE_ORDER,
    LegalStatusKind.CARE_ORDER,
    LegalStatusKind.EMERGENCY_PROTECTION,
    LegalStatusKind.POLICE_PROTECTION,
)


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """What decides how long a child's records are kept.

    ``closed_on`` is the last closing of all cases that the child belongs to; None while one is open, as
    ``has_open_plan`` says of plans. ``pregnancy_ended_on`` is set only where no child was born.
    """

    born_on: datetime.date | None = None
    died_on: datetime.date | None = None
    pregnancy_ended_on: datetime.date | None = None
    sealed_on: datetime.date | None = None
    closed_on: datetime.date | None = None
    was_looked_after: bool = False
    had_sexual_harm: bool = False
    had_cp_plan: bool = False
    had_cin_plan: bool = False
    had_conference: bool = False
    has_open_plan: bool = False

    @property
    def was_sealed(self) -> bool:
        return self.sealed_on is not None

    @property
    def died(self) -> bool:
        return self.died_on is not None

    @property
    def was_never_born(self) -> bool:
        return self.born_on is None and self.pregnancy_ended_on is not None

    @property
    def is_known(self) -> bool:
        return True

    def day_of(self, event: str) -> datetime.date | None:
        """Return the civil day of one of the events from which procedures may count."""
        return {
            BIRTH: self.born_on or self.pregnancy_ended_on,
            DEATH: self.died_on or self.pregnancy_ended_on,
            PREGNANCY: self.pregnancy_ended_on,
            SEALING: self.sealed_on,
            CLOSING: self.closed_on,
        }[event]


@dataclass(frozen=True)
class Period:
    """A length of time from an event."""

    amount: int
    unit: str
    event: str

    def until(self, day: datetime.date) -> datetime.date:
        """Return the day on which it is over; from a 29 February it ends on the 28th in other years."""
        return day + relativedelta(**{self.unit: self.amount})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Rule:
    """The procedure that keeps a child's records, and the fact about the child that makes it apply."""

    key: str
    applies: str
    period: Period


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    """Return every rule, those with the longest statutory period first."""
    found = (
        ("keep-sealed-child", "was_sealed", policy.value("keep-sealed-child")),
        ("keep-child-looked-after", "was_looked_after", policy.value("keep-child-looked-after")),
        ("keep-child-sexual-harm", "had_sexual_harm", policy.value("keep-child-sexual-harm")),
        ("keep-child-with-cp-plan", "had_cp_plan", policy.value("keep-child-with-cp-plan")),
        ("keep-child-who-died", "died", policy.value("keep-child-who-died")),
        ("keep-pregnancy-without-birth", "was_never_born", policy.value("keep-pregnancy-without-birth")),
        ("keep-child-with-cin-plan", "had_cin_plan", policy.value("keep-child-with-cin-plan")),
        ("keep-child-with-conference", "had_conference", policy.value("keep-child-with-conference")),
        ("keep-child-other", "is_known", policy.value("keep-child-other")),
    )
    return tuple(
        Rule(key, applies, Period(value["amount"], value["unit"], value["from"])) for key, applies, value in found
    )


OPEN_PLAN = "a plan is open"
NOT_KNOWN = "the day of the {} is not recorded"


@dataclass(frozen=True)
class Kept:
    """Until when something is kept and by which rule; without a day it can't be known, and ``because`` says why."""

    until: datetime.date | None
    rule: str = ""
    because: str = ""

    def is_over(self, on: datetime.date) -> bool:
        """Return whether its time is over: it is kept up to and including the day before ``until``."""
        return self.until is not None and self.until <= on


def kept_until(child: ChildFacts, rules: Sequence[Rule]) -> Kept:
    """Return how long one child's records are kept: the longest of the rules that apply.

    A rule that applies but can't be counted, because its event is not recorded, keeps them without end: a
    person has to look.
    """
    if child.has_open_plan:
        return Kept(None, because=OPEN_PLAN)
    longest: Kept | None = None
    for rule in rules:
        if not getattr(child, rule.applies):
            continue
        day = child.day_of(rule.period.event)
        if day is None:
            return Kept(None, rule.key, NOT_KNOWN.format(rule.period.event))
        until = rule.period.until(day)
        if longest is None or longest.until is None or until > longest.until:
            longest = Kept(until, rule.key)
    return longest or Kept(None, because="no rule applies")


def case_kept_until(children: Sequence[ChildFacts], rules: Sequence[Rule]) -> Kept:
    """Return how long what a family shares is kept: as long as the child whose records are kept longest."""
    each = [kept_until(child, rules) for child in children]
    unknown = next((kept for kept in each if kept.until is None), None)
    if unknown is not None:
        return unknown
    return max(each, key=lambda kept: kept.until or datetime.date.min) if each else Kept(None)
