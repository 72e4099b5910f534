"""One person's list of decisions is what the services would let that person decide, whoever is there to decide it.

The list is one query; the services ask row by row. Here both are asked about the same councils.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest
import time_machine

from accounts.enums import Role
from accounts.models import AccountProposal, RoleAssignment, RoleProposal, SecondPerson, User
from accounts.people.services.second_person import who_may_confirm
from conferences.access import may
from conferences.enums import ConferenceStatus, Party
from conferences.models import Conference, LateAgreement
from conferences.selectors.lateness import open_to
from deadlines.to_decide import to_decide
from families.access import reviewers_of
from families.models import BreakGlass, Family
from meetings.models import DecisionCorrection
from tests.factories import BreakGlassFactory, ConflictOfInterestFactory, NamedForFamilyFactory
from tests.reports.story import NOW
from tests.stories import once_per_module
from tests.world import tell_world

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DRAWS = 12


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def world():
    """Everything that waits, and a date after the limit to which each party is asked to agree."""
    world = tell_world()
    Conference.objects.filter(pk=world.conference.pk).update(status=ConferenceStatus.SCHEDULED)
    for party in Party.values:
        LateAgreement.objects.create(conference=world.conference, party=party, day=TODAY, asked_at=NOW)
    manager = world.actors["service manager"]
    BreakGlassFactory(family=world.family, user=manager, opened_at=NOW)
    # Named beforehand, for when no service manager is left.
    SecondPerson.objects.filter(authority=world.authority).update(ends_on=None, ended_at=None, ended_by=None)
    for who in ("other team manager", "own chair"):
        SecondPerson.objects.get_or_create(
            authority=world.authority, user=world.actors[who], ended_at=None,
            defaults={"starts_on": TODAY, "why": "Nobody else", "named_by": manager, "named_at": NOW},
        )  # fmt: skip
    return world


def changed(world, dice):
    """Leave someone without an account, a role or the case, or restrict the case: whoever else then has to decide."""
    actors = list(world.actors.values())
    deciding = RoleAssignment.objects.filter(
        authority=world.authority, role__in=[Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.ADMINISTRATOR, Role.CHAIR]
    )
    for user in dice.sample(actors, 3):
        ConflictOfInterestFactory(family=world.family, user=user)
    for held in dice.sample(list(deciding), min(4, deciding.count())):
        if dice.random() < 0.5:
            User.objects.filter(pk=held.user_id).update(is_active=False)
        else:
            RoleAssignment.objects.filter(pk=held.pk).update(ends_on=TODAY)
    if dice.random() < 0.5:
        Family.objects.filter(pk=world.family.pk).update(restricted=True)
    for user in dice.sample(actors, 2):
        NamedForFamilyFactory(family=world.family, user=user)
    given = dice.choice(actors)
    DecisionCorrection.objects.filter(pk=world.correction.pk).update(
        **dice.choice([{}, {"chair_agreed_by": given, "chair_agreed_at": NOW}, {
            "manager_agreed_by": given, "manager_agreed_at": NOW}])
    )  # fmt: skip


def confirmed_by(model, user):
    return sum(
        who_may_confirm(authority=row.authority, asked_by=row.proposed_by, user=row.user, on=TODAY)
        .filter(pk=user.pk)
        .exists()
        for row in model.objects.filter(state="proposed")
    )


def corrected_by(row, user):
    conference = row.decision.conference_child.conference
    chairs, manages = may(user, conference, to="chair"), may(user, conference, to="manage")
    as_chair = chairs and row.chair_agreed_by_id is None and row.manager_agreed_by_id != user.pk
    as_manager = manages and row.manager_agreed_by_id is None and row.chair_agreed_by_id != user.pk
    return as_chair or as_manager


def decided_by(user):
    """Return how many matters of each kind the services would take from this user."""
    waiting = BreakGlass.objects.filter(reviewed_at__isnull=True).select_related("family__authority")
    return Counter(
        {
            "role": confirmed_by(RoleProposal, user),
            "account": confirmed_by(AccountProposal, user),
            "glass": sum(user.pk != row.user_id and user in reviewers_of(row, on=TODAY) for row in waiting),
            "late-date": sum(len(open_to(user, row, on=TODAY)) for row in Conference.objects.all()),
            "correction": sum(
                corrected_by(row, user)
                for row in DecisionCorrection.objects.filter(made_at__isnull=True, refused_at__isnull=True)
            ),
        }
    )


def listed(user):
    kinds = ("role", "account", "glass", "late-date", "correction")
    return Counter(key for _, key, *_ in to_decide(user) if key in kinds)


@pytest.mark.parametrize("seed", range(DRAWS))
def test_the_list_and_the_services_agree(world, seed):
    changed(world, random.Random(seed))
    people = {who: User.objects.get(pk=user.pk) for who, user in world.actors.items()}
    active = {who: user for who, user in people.items() if user.is_active}
    assert {who: +listed(user) for who, user in active.items()} == {
        who: +decided_by(user) for who, user in active.items()
    }
