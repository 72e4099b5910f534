"""Need-to-know rules give the same answer as predicate and as queryset, over randomly generated councils.

Their answers are also compared with an oracle that goes through the rows one by one in plain Python, and with a
few cases written by hand. A rule that is added without an entry in ``MODELS`` fails.
"""

from __future__ import annotations

import datetime
import importlib
import pkgutil
import random
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from accounts.enums import CASE_ROLES, TEAM_ROLES, Role
from accounts.models import RoleAssignment, User
from accounts.request_cache import one_request
from accounts.rules import Rule
from conferences.access import CONFERENCE_RULE
from conferences.enums import ConferenceKind, ConferenceStatus
from conferences.models import Conference, Participant, StandIn
from core_groups.models import CoreGroup, CoreGroupMember
from deadlines.models import Deadline
from families.access import (
    FAMILY_CHANGE_RULE,
    FAMILY_MANAGE_RULE,
    FAMILY_RULE,
    GLASS_ROLES,
    barred_families,
    belonging,
    knowing,
)
from families.models import (
    Address,
    Allocation,
    BreakGlass,
    Child,
    ConflictOfInterest,
    Family,
    FamilyMember,
    NamedForFamily,
    Person,
    PersonMerge,
    Relationship,
    Residence,
)
from plans.access import PLAN_RULE
from plans.models import KeyWorker, Plan
from reports.models import Complaint
from tests.factories import (
    AllocationFactory,
    AuthorityFactory,
    BreakGlassFactory,
    ChildFactory,
    ConferenceChildFactory,
    ConferenceFactory,
    ConflictOfInterestFactory,
    DeadlineFactory,
    FamilyFactory,
    FamilyMemberFactory,
    NamedForFamilyFactory,
    ParticipantFactory,
    PersonFactory,
    PlanFactory,
    RelationshipFactory,
    RoleAssignmentFactory,
    StandInFactory,
    TeamFactory,
    UserFactory,
    policy_in_force,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 23, 10, tzinfo=datetime.UTC)
TODAY = NOW.date()
LONG_AGO = datetime.date(2020, 1, 1)
SEEDS = (1, 2, 3)

# Where a rule is first defined, and the model of its rows; a dotted name is one of several rules in a table.
MODELS: dict[str, str] = {
    "accounts.people.views.devices.DEVICE_RULE": "accounts.EnrolledDevice",
    "accounts.people.views.second_people.SECOND_PERSON_RULE": "accounts.SecondPerson",
    "accounts.people.views.second_person.PROPOSAL_RULE": "accounts.AccountProposal",
    "accounts.people.views.staff.POST_RULE": "accounts.RoleAssignment",
    "accounts.people.views.staff.USER_RULE": "accounts.User",
    "allegations.access.REFERRAL_RULE": "allegations.Referral",
    "allegations.access.REFERRAL_RULES": "allegations.Referral",
    "incidents.access.INCIDENT_RULE": "incidents.Incident",
    "incidents.access.INCIDENT_RULES": "incidents.Incident",
    "conferences.access.CONFERENCE_RULE": "conferences.Conference",
    "conferences.access.INVITATION_RULE": "conferences.Participant",
    "conferences.access.RULES": "conferences.Conference",
    "conferences.answered_by.ANSWERS_RULE": "conferences.Conference",
    "conferences.answered_by.COORDINATORS_RULE": "conferences.Conference",
    "conferences.answered_by.DANGERS_RULE": "families.Family",
    "conferences.answered_by.WORKERS_RULE": "conferences.Conference",
    "conferences.selectors.agreements.AGREEMENT_RULE": "conferences.ConferenceAgreement",
    "conferences.selectors.requests.ANSWER_RULE": "conferences.ConferenceRequest",
    "conferences.selectors.requests.READ_RULE": "conferences.ConferenceRequest",
    "core_groups.access.CORE_GROUP_APART_RULE": "core_groups.CoreGroup",
    "core_groups.access.CORE_GROUP_PAST_RULE": "core_groups.CoreGroup",
    "core_groups.access.CORE_GROUP_PLAN_RULE": "core_groups.CoreGroup",
    "core_groups.access.CORE_GROUP_RECORD_RULE": "core_groups.CoreGroup",
    "core_groups.access.CORE_GROUP_RULE": "core_groups.CoreGroup",
    "core_groups.access.CORE_GROUP_SAFETY_RULE": "core_groups.CoreGroup",
    "deadlines.access.ADMINISTERED": "deadlines.PolicyVersion",
    "deadlines.access.CALENDAR_RULE": "deadlines.ClosedDay",
    "deadlines.access.DEADLINE_RULE": "deadlines.Deadline",
    "deadlines.access.DRAFT_PREVIEW_RULE": "deadlines.PolicyDraft",
    "deadlines.selectors.decisions_below.LATE_CAUSE_RULE": "deadlines.LateCause",
    "deadlines.selectors.late_causes.EXPLAIN_RULE": "deadlines.Deadline",
    "families.access.AGENCY_RULE": "families.Agency",
    "families.access.CHILD_CHANGE_RULE": "families.Child",
    "families.access.CHILD_RULE": "families.Child",
    "families.access.FAMILY_CHANGE_RULE": "families.Family",
    "families.access.FAMILY_LEAD_RULE": "families.Family",
    "families.access.FAMILY_MANAGE_RULE": "families.Family",
    "families.access.FAMILY_NAME_RULE": "families.Family",
    "families.access.FAMILY_RULE": "families.Family",
    "families.access.GLASS_REVIEW_RULE": "families.BreakGlass",
    "families.access.GLASS_RULE": "families.Family",
    "families.access.MERGE_RULE": "families.PersonMerge",
    "families.access.MERGE_SETTLE_RULE": "families.PersonMerge",
    "families.access.PERSON_CHANGE_RULE": "families.Person",
    "families.access.PERSON_RULE": "families.Person",
    "families.access.POST_RULE": "families.Post",
    "families.views.who_looked.LOOKED_RULE": "families.Family",
    "meetings.own_access.OWN_PLACE_RULE": "conferences.Participant",
    "meetings.selectors.stops.SAFETY_RULE": "conferences.Conference",
    "my_views.access.READS_RULE": "conferences.Conference",
    "my_views.access.WRITES_DOWN_RULE": "conferences.Conference",
    "notifications.access.MESSAGES": "notifications.Message",
    "plans.access.PLAN_CARRY_RULE": "plans.Plan",
    "plans.access.PLAN_RULE": "plans.Plan",
    "plans.selectors.list_access.CHECK_RULE": "plans.ListCheck",
    "plans.selectors.list_access.CHOOSE_RULE": "plans.ListCheck",
    "plans.selectors.longer_visits.LONGER_VISITS_RULE": "plans.LongerVisits",
    "reports.to_decide.CHAIRS_RULE": "conferences.Conference",
    "reports.to_decide.OBJECTIONS_RULE": "conferences.Conference",
    "reports.access.AFTER_RULES": "conferences.Conference",
    "reports.access.AUTHOR_RULES": "conferences.Participant",
    "reports.access.CHECK_RULES": "conferences.Conference",
    "reports.access.COMPLAINT_RULE": "reports.Complaint",
    "reports.access.FILE_RULES": "reports.Attachment",
    "reports.access.LETTER_STATE_RULE": "conferences.Conference",
    "reports.access.PLAN_PAPER_RULE": "reports.Document",
    "reports.access.RELEASE_RULE": "reports.Document",
    "records.disclosure.access.CASE_RULE": "families.Family",
    "records.disclosure.access.DISCLOSURE_RULES": "records.Disclosure",
    "records.disclosure.access.SEALED_COVER_RULE": "records.Disclosure",
    "records.retention.access.CASE_RULE": "families.Family",
    "records.retention.access.DISPOSAL_RULE": "records.Disposal",
    "records.retention.access.HOLD_RULE": "records.LegalHold",
}


def rules() -> dict[str, Rule]:
    """Return every rule of the code base, by where it is first defined."""
    found: dict[int, tuple[str, Rule]] = {}
    for name in _modules():
        for attribute, value in sorted(vars(importlib.import_module(name)).items(), key=lambda pair: pair[0]):
            table = value if isinstance(value, dict) else {"": value}
            for key, rule in table.items():
                if isinstance(rule, Rule):
                    where = f"{name}.{attribute}" + (f"[{key}]" if key else "")
                    found.setdefault(id(rule), (where, rule))
    return dict(found.values())


def _modules() -> Iterator[str]:
    for config in apps.get_app_configs():
        if config.path.startswith(str(settings.BASE_DIR)) and ".venv" not in config.path:
            # Lower apps come first, so that a rule is found where it is defined and not where it is imported.
            for module in pkgutil.walk_packages([config.path], f"{config.name}."):
                if not {"migrations", "management"} & set(module.name.split(".")):
                    yield module.name


def home_of(where: str) -> str:
    return where.partition("[")[0]


def model_of(where: str) -> type[Model]:
    return apps.get_model(MODELS[home_of(where)])


RULES = rules()


def test_every_rule_has_its_model():
    assert sorted({home_of(where) for where in RULES} - set(MODELS)) == []
    assert sorted(set(MODELS) - {home_of(where) for where in RULES}) == []


@pytest.fixture(autouse=True)
def _wednesday_23_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


class Councils:
    """Two councils with teams, users in every role, and random cases with ties, posts and closures."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.councils = [AuthorityFactory() for _ in range(2)]
        for council in self.councils:
            policy_in_force(council)
        self.teams = [TeamFactory(authority=council) for council in self.councils for _ in range(2)]
        self.users = [self._user(role, council) for council in self.councils for role in Role]
        self.users += [self._two_roles() for _ in range(4)]
        self.families = [self._family() for _ in range(12)]
        for family in self.families:
            self._people(family)
            self._posts(family)
        self._closures()

    def maybe(self, share: float) -> bool:
        return self.dice.random() < share

    def any_of(self, rows: list[Any]) -> Any:
        return self.dice.choice(rows)

    def team_of(self, council: Any) -> Any:
        return self.any_of([team for team in self.teams if team.authority == council])

    def staff(self, council: Any, *roles: str) -> list[User]:
        held = RoleAssignment.objects.filter(authority=council, role__in=roles).order_by("pk")
        return [row.user for row in held]

    def _user(self, role: str, council: Any) -> User:
        user = UserFactory()
        self._role(user, role, council)
        return user

    def _role(self, user: User, role: str, council: Any) -> None:
        team = self.team_of(council) if role in TEAM_ROLES else None
        ended = TODAY if self.maybe(0.05) else None
        RoleAssignmentFactory(user=user, authority=council, role=role, team=team, ends_on=ended)

    def _two_roles(self) -> User:
        user = UserFactory(is_active=self.maybe(0.8))
        for _ in range(2):
            self._role(user, self.any_of(list(Role)), self.any_of(self.councils))
        return user

    def _family(self) -> Family:
        return FamilyFactory(team=self.any_of(self.teams), restricted=self.maybe(0.5))

    def _people(self, family: Family) -> None:
        children = [ChildFactory(authority=family.authority, family=family) for _ in range(self.dice.randint(1, 2))]
        adult = PersonFactory(authority=family.authority)
        if self.maybe(0.7):
            FamilyMemberFactory(family=family, person=adult, ends_on=TODAY if self.maybe(0.2) else None)
        RelationshipFactory(child=children[0], person=adult)
        if self.maybe(0.1):
            for child in children:
                Person.objects.filter(pk=child.person_id).update(sealed_at=NOW, sealed_because="Adopted")
        if self.maybe(0.25):
            self._tie(self.any_of(self.users), family, adult)
        PlanFactory(child=children[0], authority=family.authority, starts_on=TODAY)
        DeadlineFactory(family=family, child_id=children[0].pk if self.maybe(0.5) else None)

    def _tie(self, user: User, family: Family, adult: Person) -> None:
        if Person.objects.filter(user=user).exists() or adult.user_id:
            return
        kind = self.dice.randint(0, 3)
        own = PersonFactory(authority=family.authority, user=user)
        if kind == 0:
            FamilyMemberFactory(family=family, person=own)
        elif kind == 1:
            Person.objects.filter(pk=adult.pk).update(merged_into=own)
        elif kind == 2:
            RelationshipFactory(child=ChildFactory(authority=family.authority), person=adult)
            RelationshipFactory(child=adult.relationships.latest("pk").child, person=own)
        else:
            address = Address.objects.create(authority=family.authority, lines="1 Quiet Lane")
            for person in (own, adult):
                ended = TODAY if self.maybe(0.3) else None
                Residence.objects.create(person=person, address=address, ends_on=ended)

    def _posts(self, family: Family) -> None:
        council = family.authority
        workers = self.staff(council, *TEAM_ROLES)
        if self.maybe(0.7):
            AllocationFactory(family=family, user=self.any_of(workers), ends_on=TODAY if self.maybe(0.2) else None)
        for _ in range(self.dice.randint(0, 2)):
            user = self.any_of(self.users)
            if not NamedForFamily.objects.filter(family=family, user=user).exists():
                NamedForFamilyFactory(family=family, user=user)
        plan = Plan.objects.get(child__person__memberships__family=family)
        if self.maybe(0.5):
            KeyWorker.objects.create(plan=plan, user=self.any_of(workers), starts_on=TODAY)
        if self.maybe(0.6):
            self._conference(family, plan)

    def _conference(self, family: Family, plan: Plan) -> None:
        council = family.authority
        chairs, coordinators = self.staff(council, Role.CHAIR), self.staff(council, Role.COORDINATOR)
        status = ConferenceStatus.CANCELLED if self.maybe(0.15) else ConferenceStatus.SCHEDULED
        conference = ConferenceFactory(
            family=family,
            status=status,
            cancelled_because="x",
            chair=self.any_of(chairs),
            coordinator=self.any_of(coordinators),
        )
        if self.maybe(0.5):
            over = {"ends_on": TODAY} if self.maybe(0.3) else {}
            StandInFactory(conference=conference, user=self.any_of(chairs), **over)
        ConferenceChildFactory(conference=conference, child=plan.child, kind=ConferenceKind.REVIEW)
        invited = ParticipantFactory(conference=conference)
        Complaint.objects.create(
            conference=conference, received_on=TODAY, described="A neighbour", about="The room",
            recorded_by=conference.coordinator, recorded_at=NOW,
        )  # fmt: skip
        group = CoreGroup.objects.create(authority=council, family=family, conference=conference, formed_on=TODAY)
        group.plans.add(plan)
        professional = self.any_of(self.staff(council, Role.PROFESSIONAL))
        if not Person.objects.filter(user=professional).exists():
            Person.objects.filter(pk=invited.person_id).update(user=professional)
        CoreGroupMember.objects.create(core_group=group, person=invited.person, post=invited.post, starts_on=LONG_AGO)

    def _closures(self) -> None:
        for family in self.families:
            if self.maybe(0.3):
                ConflictOfInterestFactory(user=self.any_of(self.users), family=family)
            if self.maybe(0.3):
                member = family.members.order_by("pk").first()
                ConflictOfInterestFactory(user=self.any_of(self.users), person=member.person, **self._maybe_ended())
            if self.maybe(0.6):
                opened = NOW - datetime.timedelta(hours=self.dice.choice([1, 23, 25]))
                BreakGlassFactory(family=family, user=self.any_of(self.users), opened_at=opened)
        persons = list(Person.objects.filter(authority=self.councils[0], child__isnull=True).order_by("pk"))[:2]
        PersonMerge.objects.create(
            kept=persons[0], merged=persons[1], reason="x", proposed_by=self.users[0], proposed_at=NOW
        )

    def _maybe_ended(self) -> dict[str, Any]:
        if self.maybe(0.7):
            return {}
        return {"ended_at": NOW, "ended_by": self.users[0], "ended_because": "x"}


@once_per_module(at=NOW, each=SEEDS)
def councils(seed: int) -> Councils:
    return Councils(seed)


@pytest.fixture(autouse=True)
def _each_user_is_asked_once(db):
    """What every rule wants to know of a user is looked up once: nothing is written once the councils are made."""
    with one_request():
        yield


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_predicate_and_queryset_agree_without_duplicate_rows(councils):
    """Draws some users for each rule, including those with two roles; the oracle covers everyone."""
    for where, rule in RULES.items():
        rows = model_of(where)._default_manager.all()
        sample = list(rows.order_by("pk"))
        for user in map(fresh, councils.dice.sample(councils.users, 6)):
            listed = list(rule.visible(rows, user).values_list("pk", "right"))
            assert max(Counter(pk for pk, _ in listed).values(), default=0) <= 1, (where, "a row comes twice")
            rights = dict(listed)
            opened, closed = [], []
            for row in sample:
                (opened if row.pk in rights else closed).append(row)
            for row in [*opened[:1], *closed[:1]]:
                assert rule.right_of(user, row) == rights.get(row.pk), (where, user.current_role_name)


# An oracle: the words of the rules, applied row by row.


class Oracle:
    """Reads the tables once and answers from them in plain Python."""

    def __init__(self) -> None:
        self.roles = [row for row in RoleAssignment.objects.all() if self._now(row)]
        self.members = list(FamilyMember.objects.all())
        self.persons = {row.pk: row for row in Person.objects.all()}
        self.children = {row.person_id: row for row in Child.objects.all()}
        self.relationships = list(Relationship.objects.all())
        self.residences = [row for row in Residence.objects.all() if row.ends_on is None]
        self.conflicts = [row for row in ConflictOfInterest.objects.all() if row.ended_at is None]
        self.glasses = list(BreakGlass.objects.all())
        self.named = [row for row in NamedForFamily.objects.all() if self._now(row)]
        self.allocations = [row for row in Allocation.objects.all() if self._now(row)]
        self.conferences = list(Conference.objects.all())
        self.stand_ins = [row for row in StandIn.objects.all() if self._now(row)]
        self.key_workers = [row for row in KeyWorker.objects.select_related("plan__child") if row.ends_on is None]

    @staticmethod
    def _now(row: Any) -> bool:
        return (row.starts_on is None or row.starts_on <= TODAY) and (row.ends_on is None or row.ends_on > TODAY)

    def holds(self, user: User, council: int, *roles: str) -> bool:
        return any(row.user_id == user.pk and row.authority_id == council and row.role in roles for row in self.roles)

    def in_team(self, user: User, team: int, role: str) -> bool:
        return any(row.user_id == user.pk and row.team_id == team and row.role == role for row in self.roles)

    def records(self, ids: set[int]) -> set[int]:
        """Return records with those they are merged into and those merged into them."""
        into = {self.persons[pk].merged_into_id for pk in ids} - {None}
        return ids | into | {pk for pk, row in self.persons.items() if row.merged_into_id in ids}

    def barred(self, user: User, family: Family) -> bool:
        if any(row.user_id == user.pk and row.family_id == family.pk for row in self.conflicts):
            return True
        own = self.records({pk for pk, row in self.persons.items() if row.user_id == user.pk})
        with_conflict = self.records(
            {row.person_id for row in self.conflicts if row.user_id == user.pk and row.person_id}
        )
        for member in (row.person_id for row in self.members if row.family_id == family.pk):
            if self.near(member) & (own | with_conflict) or self.further(member) & own:
                return True
        return False

    def near(self, member: int) -> set[int]:
        child = self.children.get(member)
        related = {row.person_id for row in self.relationships if child and row.child_id == child.pk}
        return {member} | related

    def further(self, member: int) -> set[int]:
        with_children = {row.child_id for row in self.relationships if row.person_id == member}
        found = {row.person_id for row in self.relationships if row.child_id in with_children}
        found |= {person for person, child in self.children.items() if child.pk in with_children}
        homes = {row.address_id for row in self.residences if row.person_id == member}
        return found | {row.person_id for row in self.residences if row.address_id in homes}

    def sealed(self, family: Family) -> bool:
        children = [
            self.persons[row.person_id]
            for row in self.members
            if row.family_id == family.pk and row.person_id in self.children
        ]
        return bool(children) and all(child.sealed_at for child in children)

    def by_glass(self, user: User, family: Family) -> bool:
        return self.holds(user, family.authority_id, *GLASS_ROLES) and any(
            row.user_id == user.pk and row.family_id == family.pk and row.opened_at <= NOW < row.closes_at
            for row in self.glasses
        )

    def is_named(self, user: User, family: Family, *roles: str) -> bool:
        return self.holds(user, family.authority_id, *roles) and any(
            row.user_id == user.pk and row.family_id == family.pk for row in self.named
        )

    def in_post(self, user: User, family: Family) -> tuple[bool, bool, bool]:
        """Return whether the user chairs, coordinates or is key worker in the family's case."""
        live = [
            row for row in self.conferences
            if row.family_id == family.pk and row.status != ConferenceStatus.CANCELLED
        ]  # fmt: skip
        council = family.authority_id
        now_in = {row.person_id for row in self.members if row.family_id == family.pk and self._now(row)}
        return (
            self.holds(user, council, Role.CHAIR)
            and any(row.chair_id == user.pk or self.stands_in(user, row) for row in live),
            self.holds(user, council, Role.COORDINATOR) and any(row.coordinator_id == user.pk for row in live),
            self.holds(user, council, *TEAM_ROLES)
            and any(row.user_id == user.pk and row.plan.child.person_id in now_in for row in self.key_workers),
        )

    def stands_in(self, user: User, conference: Conference) -> bool:
        return any(row.user_id == user.pk and row.conference_id == conference.pk for row in self.stand_ins)

    def opens(self, user: User, family: Family) -> set[str]:
        """Return which of read, change and manage the user may do."""
        if not user.is_active or self.barred(user, family) or self.sealed(family):
            return set()
        council, open_to_roles = family.authority_id, not family.restricted
        team_manager = self.in_team(user, family.team_id, Role.TEAM_MANAGER) and open_to_roles
        service = self.holds(user, council, Role.SERVICE_MANAGER) and open_to_roles
        chairs, coordinates, carries = self.in_post(user, family)
        allocated = self.holds(user, council, *TEAM_ROLES) and any(
            row.user_id == user.pk and row.family_id == family.pk for row in self.allocations
        )
        changes = (
            allocated
            or coordinates
            or team_manager
            or (open_to_roles and self.in_team(user, family.team_id, Role.SOCIAL_WORKER))
            or (open_to_roles and self.holds(user, council, Role.COORDINATOR))
            or self.is_named(user, family, *TEAM_ROLES, Role.COORDINATOR)
        )
        manages = team_manager or service
        manages = manages or self.is_named(user, family, Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
        reads = changes or service or chairs or carries or self.is_named(user, family, *CASE_ROLES)
        answers = {
            "read": reads or self.by_glass(user, family), "change": changes, "manage": manages, "knows": reads,
        }  # fmt: skip
        return {name for name, answer in answers.items() if answer}


def test_families_open_according_to_the_oracle(councils):
    oracle = Oracle()
    told = {"read": FAMILY_RULE, "change": FAMILY_CHANGE_RULE, "manage": FAMILY_MANAGE_RULE}
    for user in map(fresh, councils.users):
        for name, rule in told.items():
            opened = set(rule.visible(Family.objects.all(), user).values_list("pk", flat=True))
            expected = {row.pk for row in councils.families if name in oracle.opens(user, row)}
            assert opened == expected, (name, user.current_role_name)


def test_ties_and_conflicts_are_the_same_for_one_account_and_for_all(councils):
    oracle = Oracle()
    pairs = set(belonging())
    for user in councils.users:
        barred = set(barred_families(user))
        assert barred == {family for family, account in pairs if account == user.pk}
        assert barred == {row.pk for row in councils.families if oracle.barred(user, row)}


def test_only_people_who_may_open_a_restricted_case_are_told_of_it(councils):
    oracle = Oracle()
    told, barred = set(knowing(on=TODAY)), set(belonging())
    for family in councils.families:
        for user in map(fresh, councils.users):
            knows = "knows" in oracle.opens(user, family)
            is_told = (family.pk, user.pk) in told - barred
            if not family.restricted:
                assert (family.pk, user.pk) not in told
            elif user.is_active and not oracle.sealed(family) and not user.holds(Role.PROFESSIONAL):
                assert is_told is knows, (user.current_role_name, family.pk)


def test_conferences_and_plans_open_no_further_than_the_oracle_allows(councils):
    oracle = Oracle()
    of_plan = {
        plan.pk: next(row for row in councils.families if row.pk == plan.family_id)
        for plan in (
            SimpleNamespace(pk=row.pk, family_id=row.child.person.memberships.get().family_id)
            for row in Plan.objects.select_related("child__person")
        )
    }
    families = {row.pk: row for row in councils.families}
    for user in map(fresh, councils.users):
        for row in CONFERENCE_RULE.visible(Conference.objects.all(), user):
            own_post = user.pk in {row.chair_id, row.coordinator_id} or oracle.stands_in(user, row)
            assert own_post or "read" in oracle.opens(user, families[row.family_id])
        plans = set(PLAN_RULE.visible(Plan.objects.all(), user).values_list("pk", flat=True))
        sealed = {row.pk for row in Plan.objects.filter(child__person__sealed_at__isnull=False)}
        readable = {pk for pk, family in of_plan.items() if "read" in oracle.opens(user, family)}
        assert plans - readable == set(), user.current_role_name
        assert readable - plans - sealed == set(), user.current_role_name


# Written down by hand.


def test_hand_made_cases():
    council = AuthorityFactory()
    east, west = TeamFactory(authority=council), TeamFactory(authority=council)
    people = {}
    for name, role, team in (
        ("worker", Role.SOCIAL_WORKER, east), ("colleague", Role.SOCIAL_WORKER, east),
        ("manager", Role.TEAM_MANAGER, east), ("west manager", Role.TEAM_MANAGER, west),
        ("coordinator", Role.COORDINATOR, None), ("service", Role.SERVICE_MANAGER, None),
        ("duty", Role.DUTY_WORKER, None), ("auditor", Role.AUDITOR, None),
    ):  # fmt: skip
        people[name] = UserFactory(name=name)
        RoleAssignmentFactory(user=people[name], authority=council, role=role, team=team)
    plain, restricted = FamilyFactory(team=east), FamilyFactory(team=east, restricted=True)
    for family in (plain, restricted):
        AllocationFactory(family=family, user=people["worker"])
    NamedForFamilyFactory(family=restricted, user=people["west manager"])
    BreakGlassFactory(family=restricted, user=people["duty"])
    ConflictOfInterestFactory(user=people["service"], family=plain)
    rights = {
        name: tuple(FAMILY_RULE.right_of(user, family) for family in (plain, restricted))
        for name, user in people.items()
    }
    assert rights == {
        "worker": ("allocated social worker", "allocated social worker"),
        "colleague": ("social worker of the team", None),
        "manager": ("team manager", None),
        "west manager": (None, "named for the case"),
        "coordinator": ("coordinator", None),
        "service": (None, None),
        "duty": (None, "break-glass"),
        "auditor": (None, None),
    }


def test_the_oracle_covers_open_and_closed_rows():
    """Random councils must have closed and open rows of every kind, or the tests above prove nothing."""
    said: Counter[tuple[str, bool]] = Counter()
    for seed in SEEDS[:1]:
        made = Councils(seed)
        oracle = Oracle()
        for user in map(fresh, made.users):
            for family in made.families:
                said.update((name, name in oracle.opens(user, family)) for name in ("read", "change", "manage"))
        counted = (Family, Conference, Plan, Deadline, CoreGroup, Participant, BreakGlass, PersonMerge)
        assert all(model.objects.exists() for model in counted)
    assert min(said.values()) > 5
    assert len(said) == 6
