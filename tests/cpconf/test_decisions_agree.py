"""One person's list of decisions is what the services would let that person decide, whoever is there to decide it.

The list is one query; the services ask row by row. Here both are asked about the same councils.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter
from itertools import cycle

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import AccountProposal, RoleAssignment, RoleProposal, SecondPerson, User
from accounts.people.services.second_person import who_may_confirm
from accounts.request_cache import one_request
from conferences.access import may
from conferences.enums import ConferenceStatus, Party
from conferences.models import Conference, LateAgreement
from conferences.selectors.lateness import open_to
from deadlines.access import DEADLINE_RULE
from deadlines.models import Deadline, LateCause
from deadlines.selectors.late_causes import ASKED_FOR, may_agree_to_cause, may_explain
from deadlines.services.late_causes import agree_to_cause, explain_late
from deadlines.to_decide import to_decide
from families.access import reviewers_of
from families.models import BreakGlass, Child, Family
from meetings.models import DecisionCorrection
from tests.factories import BreakGlassFactory, ConflictOfInterestFactory, DeadlineFactory, NamedForFamilyFactory
from tests.reports.story import NOW
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
DRAWS = 12
# Whose roles decide nothing of what is compared, or nothing here: asked by turn, some in each draw.
BYSTANDERS = (
    "custodian", "duty worker", "auditor", "designated officer", "data protection officer", "invited professional",
    "other professional", "social worker elsewhere", "coordinator elsewhere", "service manager elsewhere, with all roles",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def world(still_world):
    """Everything that waits, and a date after the limit to which each party is asked to agree."""
    world = still_world
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
    late_clocks(world)
    return world


def late_clocks(world):
    """Clocks of every state, stage and owner: late, done late, in time; explained or not; with a conference or none."""
    people = [world.actors[who].pk for who in ("own social worker", "own chair", "own coordinator")]
    children = Child.objects.filter(person__memberships__family=world.family).values_list("pk", flat=True)
    hours, days = (lambda n: NOW + datetime.timedelta(hours=n)), (lambda n: NOW - datetime.timedelta(days=n))
    stages = ((days(100), days(99), hours(1)), (hours(-1), hours(2), hours(3)), (days(100), days(99), days(98)))
    # Lists of lengths that share no divisor come together in every way, and one after another.
    each = zip(
        range(24),
        cycle(("visit", "visit", "next-review", "visit", "next-review")),
        cycle((None, None, None, world.conference.pk)),
        cycle(([], people[:1], people[1:])),
        cycle((None, None, days(1), None, days(60), None, hours(-200))),
        cycle(stages),
        cycle(children[:2]),
        strict=False,
    )
    for number, kind, conference, answers, met_at, (late, manager, service), child in each:
        row = DeadlineFactory(
            family=world.family, kind=kind, child_id=child, conference_id=conference,
            responsible_ids=answers if number % 2 else people[:1], met_at=met_at, late_from=late, manager_from=manager,
            service_manager_from=service, policy_version_id=world.conference.policy_version_id,
        )  # fmt: skip
        if number % 5 == 0:
            LateCause.objects.create(
                deadline=row, cause="other", reason="The road was closed", recorded_by_id=people[number % 3],
                recorded_at=NOW, asked_of=(Role.TEAM_MANAGER, Role.SERVICE_MANAGER, "")[number % 3],
            )  # fmt: skip


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


def causes_asked(user):
    """Return the kinds and cases of which the service would take a first cause from this user, while they are asked."""
    said = LateCause.objects.filter(replaced_at__isnull=True).values("deadline")
    return {
        (row.family_id, row.kind, row.conference_id)
        for row in Deadline.objects.exclude(pk__in=said)
        if may_explain(user, row, now=NOW) and (row.met_at is None or row.met_at > NOW - ASKED_FOR)
    }


def causes_agreed(user):
    """Return the statements about late deadlines to which the service would let this user agree."""
    return {
        (row.deadline.family_id, row.deadline.kind, row.recorded_by_id, row.recorded_at, row.cause, row.reason)
        for row in LateCause.objects.select_related("deadline")
        if may_agree_to_cause(user, row) and DEADLINE_RULE.right_of(user, row.deadline)
    }


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
            "cause": len(causes_asked(user)),
            "agree to a cause": len(causes_agreed(user)),
        }
    )


ASKS_WHY = ("late-cause-missing", "late-cause-of-other")
KINDS = {
    **{key: key for key in ("role", "account", "glass", "late-date", "correction")},
    "late-cause": "agree to a cause",
}


def listed(user):
    """Return how many matters of each kind stand on the list; each cause of lateness once, whoever else is asked."""
    rows = [(key, first) for _, key, _, first, *_ in to_decide(user)]
    causes = {first for key, first in rows if key in ASKS_WHY}
    asked = {(row.family_id, row.kind, row.conference_id) for row in Deadline.objects.filter(pk__in=causes)}
    return Counter(KINDS[key] for key, _ in rows if key in KINDS) + Counter({"cause": len(asked)})


def in_one_request(count, user):
    """Return what is counted for a user, who is asked once what every rule wants to know of them."""
    with one_request():
        return +count(user)


@pytest.mark.parametrize("seed", range(DRAWS))
def test_the_list_and_the_services_agree(world, seed):
    changed(world, random.Random(seed))
    by_turn = {who for place, who in enumerate(BYSTANDERS) if place % 5 != seed % 5}
    people = {who: User.objects.get(pk=user.pk) for who, user in world.actors.items() if who not in by_turn}
    active = {who: user for who, user in people.items() if user.is_active}
    assert {who: in_one_request(listed, user) for who, user in active.items()} == {
        who: in_one_request(decided_by, user) for who, user in active.items()
    }


def test_each_line_leads_to_what_the_service_takes_and_to_no_more(world):
    """What the list asks of each is taken from them, and refused from everybody else."""
    for who, user in world.actors.items():
        for _, key, _, first, *_ in to_decide(user):
            if key in ASKS_WHY:
                row = Deadline.objects.get(pk=first)
                assert explain_late(deadline=row, cause="other", reason=who, by=user, now=NOW)
            elif key == "late-cause":
                said = LateCause.objects.get(deadline=first, replaced_at__isnull=True)
                assert agree_to_cause(cause=said, by=user, now=NOW).agreed_by == user
    waits = Deadline.objects.filter(kind="visit", late_causes__isnull=True, met_at__isnull=True).first()
    for who, user in world.actors.items():
        if waits is not None and not may_explain(user, waits, now=NOW):
            with pytest.raises(ValidationError, match="Only whoever is responsible"):
                explain_late(deadline=waits, cause="other", reason=who, by=user, now=NOW)
