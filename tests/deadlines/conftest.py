"""Clocks of this app's own tests: what other apps declare is tested where it is declared."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest

from accounts.enums import Role
from accounts.models import Authority
from deadlines import cases, clocks
from deadlines.arithmetic import LONDON
from deadlines.clocks import Clock, ClockFact
from families.models import Allocation, Family
from tests.factories import AuthorityFactory, TeamFactory, policy_in_force, user_with_role


def moment(text: str) -> datetime.datetime:
    """An aware moment from what a clock in London shows, such as "2026-12-22 12:31"."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON)


class Facts:
    """Facts of one clock, held in a list that a test changes."""

    def __init__(self) -> None:
        self.rows: list[ClockFact] = []
        self.asked: list[Sequence[int] | None] = []

    def __call__(self, family_ids: Sequence[int] | None) -> list[ClockFact]:
        self.asked.append(family_ids)
        return [row for row in self.rows if family_ids is None or row.family_id in family_ids]


class Case:
    """A council with a policy, a family, its social worker and the team's manager."""

    def __init__(
        self, authority: Authority | None = None, number: str = "26-0417", preset: str = "baseline"
    ) -> None:
        self.authority = authority or AuthorityFactory()
        policy_in_force(self.authority, preset=preset)
        self.team = TeamFactory(authority=self.authority)
        self.worker = user_with_role(Role.SOCIAL_WORKER, authority=self.authority, team=self.team)
        self.manager = user_with_role(Role.TEAM_MANAGER, authority=self.authority, team=self.team)
        self.family = self.another_family(number, name="Brambley")

    def another_family(self, number: str, name: str = "Yarrow") -> Family:
        family = Family.objects.create(
            authority=self.authority, case_number=number, name=name, team=self.team
        )
        Allocation.objects.create(family=family, user=self.worker, starts_on=datetime.date(2020, 1, 1))
        return family

    def fact(self, **fields) -> ClockFact:
        given = {
            "authority_id": self.authority.pk,
            "family_id": self.family.pk,
            "fact_id": 1,
            "starts": datetime.date(2026, 12, 8),
            "policy_version_id": None,
            "responsible_ids": (self.worker.pk,),
        }
        return ClockFact(**{**given, **fields})


@pytest.fixture(autouse=True)
def _only_the_clocks_of_the_test():
    registered, providers = dict(clocks.registry), list(cases._providers)
    clocks.registry.clear()
    cases._providers.clear()
    yield
    clocks.registry.clear()
    clocks.registry.update(registered)
    cases._providers[:] = providers


def a_clock(kind: str, facts: Facts, **fields) -> Clock:
    given = {
        "title": "Hold the initial conference",
        "rule": "An initial conference is held within 15 working days.",
        "url": lambda _deadline: "/conferences/",
        "button": "Schedule the conference",
        "event": "strategy discussion",
        "met_when": "A sitting decides",
    }
    clock = Clock(kind=kind, facts=facts, **{**given, **fields})
    clocks.register(clock)
    return clock


@pytest.fixture
def initial() -> Facts:
    """The clock of the initial conference, without facts."""
    facts = Facts()
    a_clock("initial-conference", facts)
    return facts


@pytest.fixture
def decisions() -> Facts:
    """The clock of decisions and plan, which is one of hours, without facts."""
    facts = Facts()
    a_clock(
        "decisions-sent",
        facts,
        title="Send decisions and plan",
        event="end of the conference",
        button="Send them",
    )
    return facts


@pytest.fixture
def case(db) -> Case:
    return Case()
