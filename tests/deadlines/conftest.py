"""Clocks for this app's own tests; other apps' clocks are tested where they are declared."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.enums import Role
from accounts.models import Authority
from deadlines import cases, clocks
from deadlines.clocks import Clock
from deadlines.facts import COLUMNS, Families, facts
from deadlines.working_days.arithmetic import LONDON
from families.models import Allocation, Family
from tests.factories import AuthorityFactory, TeamFactory, policy_in_force, user_with_role
from tests.hooks import restored
from tests.stories import once_per_module


def moment(text: str) -> datetime.datetime:
    """Return an aware moment for a London time such as "2026-12-22 12:31"."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=LONDON)


class Fact(models.Model):
    """A made-up fact; its table exists only in the test databases."""

    kind = models.TextField()
    authority_id = models.BigIntegerField()
    family_id = models.BigIntegerField()
    fact_id = models.BigIntegerField()
    child_id = models.BigIntegerField(null=True)
    conference_id = models.BigIntegerField(null=True)
    responsible_ids = ArrayField(models.BigIntegerField())
    what = models.TextField(null=True)
    starts_on = models.DateField(null=True)
    starts_at = models.DateTimeField(null=True)
    began_on = models.DateField(null=True)
    policy_version_id = models.BigIntegerField(null=True)
    limit_key = models.TextField(null=True)
    own_amount = models.IntegerField(null=True)
    own_unit = models.TextField(null=True)
    other_limit_key = models.TextField(null=True)
    other_starts_on = models.DateField(null=True)
    other_not_after = models.DateField(null=True)
    not_before = models.DateField(null=True)
    due_not_before = models.DateField(null=True)
    met_at = models.DateTimeField(null=True)
    not_needed = models.TextField(null=True)

    class Meta:
        app_label = "deadlines"
        managed = False
        db_table = "tests_fact"

    def __str__(self) -> str:
        return f"{self.kind} {self.fact_id}"


class Facts:
    """Facts of one clock: whatever was last assigned to ``rows``."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._rows: list[Fact] = []

    @property
    def rows(self) -> list[Fact]:
        return self._rows

    @rows.setter
    def rows(self, rows: list[Fact]) -> None:
        self._rows = rows
        Fact.objects.filter(kind=self.kind).delete()
        for row in rows:
            row.pk, row.kind = None, self.kind
        Fact.objects.bulk_create(rows)

    def __call__(self, families: Families) -> list[models.QuerySet]:
        columns = {name: name for name in COLUMNS}
        return [facts(families.of(Fact.objects.filter(kind=self.kind), "family_id"), **columns)]


class Case:
    """A council with a policy, a family, its social worker and the team's manager."""

    def __init__(self, authority: Authority | None = None, number: str = "26-0417", preset: str = "baseline") -> None:
        self.authority = authority or AuthorityFactory()
        policy_in_force(self.authority, preset=preset)
        self.team = TeamFactory(authority=self.authority)
        self.worker = user_with_role(Role.SOCIAL_WORKER, authority=self.authority, team=self.team)
        self.manager = user_with_role(Role.TEAM_MANAGER, authority=self.authority, team=self.team)
        self.family = self.another_family(number, name="Brambley")

    def another_family(self, number: str, name: str = "Yarrow") -> Family:
        family = Family.objects.create(authority=self.authority, case_number=number, name=name, team=self.team)
        Allocation.objects.create(family=family, user=self.worker, starts_on=datetime.date(2020, 1, 1))
        return family

    def fact(self, *, starts: datetime.date | datetime.datetime = datetime.date(2026, 12, 8), **fields) -> Fact:
        given = {
            "authority_id": self.authority.pk,
            "family_id": self.family.pk,
            "fact_id": 1,
            "starts_at" if isinstance(starts, datetime.datetime) else "starts_on": starts,
            "responsible_ids": [self.worker.pk],
        }
        return Fact(**{**given, **fields})


@pytest.fixture(autouse=True)
def _only_the_clocks_of_the_test():
    registered = dict(clocks.registry)
    clocks.registry.clear()
    with restored(clocks.preparations, cases.case_contexts, emptied=True):
        yield
    clocks.registry.clear()
    clocks.registry.update(registered)


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
    facts = Facts("initial-conference")
    a_clock("initial-conference", facts)
    return facts


@pytest.fixture
def decisions() -> Facts:
    """The clock of decisions and plan, which is in hours, without facts."""
    facts = Facts("decisions-sent")
    a_clock("decisions-sent", facts, title="Send decisions and plan", event="end of the conference", button="Send them")
    return facts


@once_per_module()
def case() -> Case:
    return Case()
