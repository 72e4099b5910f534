from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from accounts.rules import forget_compiled_rules
from families.access import (
    CHILD_RULE,
    FAMILY_CHANGE_RULE,
    FAMILY_RULE,
    PERSON_RULE,
    cases,
    may_change_family,
    register_family_right,
    visible_families,
    visible_persons,
)
from families.models import Address, Allocation, Child, Family, FamilyMember, LegalStatus, Person, PersonName, Residence
from tests.factories import AllocationFactory, ChildFactory, FamilyFactory, TeamFactory, user_with_role
from tests.families.conftest import NOW, TODAY
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@once_per_module(at=NOW)
def world(case):
    """Open and restricted families in the team, in another team and in another authority."""
    other_team = TeamFactory(authority=case.council.authority)
    elsewhere = TeamFactory()
    return {
        "own": case.family,
        "own restricted": FamilyFactory(team=case.council.team, restricted=True),
        "other team": FamilyFactory(team=other_team),
        "other team restricted": FamilyFactory(team=other_team, restricted=True),
        "elsewhere": FamilyFactory(team=elsewhere),
        "elsewhere restricted": FamilyFactory(team=elsewhere, restricted=True),
    }


SEES = {
    Role.SOCIAL_WORKER: {"own"},
    Role.TEAM_MANAGER: {"own"},
    Role.COORDINATOR: {"own", "other team"},
    Role.SERVICE_MANAGER: {"own", "other team"},
    Role.CHAIR: set(),
    Role.PROFESSIONAL: set(),
    Role.CUSTODIAN: set(),
    Role.DUTY_WORKER: set(),
    Role.ADMINISTRATOR: set(),
    Role.AUDITOR: set(),
    Role.DESIGNATED_OFFICER: set(),
    Role.DATA_PROTECTION: set(),
}


def user_in(case, role):
    team = case.council.team if role in {Role.SOCIAL_WORKER, Role.TEAM_MANAGER} else None
    return user_with_role(role, authority=case.council.authority, team=team)


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_exactly_these_families(case, world, role):
    user = user_in(case, role)
    assert {name for name, row in world.items() if row in set(visible_families(user))} == SEES[role]


@pytest.mark.parametrize("role", Role)
def test_the_list_and_the_single_row_agree_for_every_role(case, world, role):
    user = user_in(case, role)
    rules = ((FAMILY_RULE, Family), (FAMILY_CHANGE_RULE, Family), (PERSON_RULE, Person), (CHILD_RULE, Child))
    for rule, model in rules:
        listed = {row.pk: row.right for row in rule.visible(model.objects.all(), user)}
        single = {row.pk: rule.right_of(user, row) for row in model.objects.all()}
        assert listed == {pk: right for pk, right in single.items() if right is not None}


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.SOCIAL_WORKER, True), (Role.TEAM_MANAGER, True), (Role.COORDINATOR, True), (Role.SERVICE_MANAGER, False)],
)
def test_who_may_change_a_family(case, role, may):
    assert may_change_family(user_in(case, role), case.family) is may


def test_the_social_worker_who_holds_a_restricted_case_sees_it(case, world):
    assert FAMILY_RULE.right_of(case.council.worker, world["own restricted"]) is None
    AllocationFactory(family=world["own restricted"], user=case.council.worker)
    assert FAMILY_RULE.right_of(case.council.worker, world["own restricted"]) == "allocated social worker"


def test_an_allocation_gives_no_right_from_its_end_date(case, world):
    AllocationFactory(family=world["other team"], user=case.council.worker, ends_on=TODAY)
    assert FAMILY_RULE.right_of(case.council.worker, world["other team"]) is None


def test_a_worker_who_left_sees_nothing_though_cases_are_still_in_their_name(case):
    case.council.worker.roles.update(ends_on=TODAY)
    user = type(case.council.worker).objects.get(pk=case.council.worker.pk)
    assert Allocation.objects.filter(user=user, ends_on__isnull=True).exists()
    assert list(visible_families(user)) == []


def test_signed_out_users_see_nothing(case):
    assert list(visible_families(AnonymousUser())) == []


def test_an_inactive_account_sees_nothing(case):
    case.council.worker.is_active = False
    assert list(visible_families(case.council.worker)) == []


@pytest.mark.parametrize("tied", ["member", "former member", "relation only", "mother of the unborn"])
def test_a_case_about_the_users_own_relatives_stays_closed(case, tied):
    person = {"mother of the unborn": case.mother}.get(tied, case.grandmother)
    members = FamilyMember.objects.filter(family=case.family, person=person)
    if tied == "former member":
        members.update(ends_on=datetime.date(2020, 1, 1))
    if tied in {"relation only", "mother of the unborn"}:
        members._raw_delete("default")
    person.user = case.council.manager
    person.save()
    assert FAMILY_RULE.right_of(case.council.manager, case.family) is None


def test_a_conflict_of_interest_follows_a_merged_record(case):
    kept = case.grandmother
    other = Person.objects.create(
        authority=case.council.authority, given_name="O", merged_into=kept, user=case.council.manager
    )
    assert other.user == case.council.manager
    assert FAMILY_RULE.right_of(case.council.manager, case.family) is None


def test_people_are_visible_while_they_belong_to_a_visible_family(case):
    assert case.father in visible_persons(case.council.worker)
    FamilyMember.objects.filter(person=case.father).update(ends_on=TODAY)
    assert case.father not in visible_persons(case.council.worker)


@pytest.fixture
def registering():
    """Let a test register rights, and remove them afterwards."""
    reading, changing = list(cases._reading), list(cases._changing)
    yield
    cases._reading[:], cases._changing[:] = reading, changing
    forget_compiled_rules()


def test_a_higher_app_opens_a_restricted_family_for_a_reason_of_its_own(case, world, registering):
    chair = user_in(case, Role.CHAIR)
    row = world["other team restricted"]
    this_row = Q(case_number=row.case_number)
    register_family_right("chair of a test", lambda reader: this_row if reader.holds(Role.CHAIR) else None)
    assert list(visible_families(chair)) == [row]
    assert (FAMILY_RULE.right_of(chair, row), may_change_family(chair, row)) == ("chair of a test", False)


def test_a_registered_right_may_include_changing(case, world, registering):
    coordinator = user_in(case, Role.COORDINATOR)
    row = world["own restricted"]
    this_row = Q(case_number=row.case_number)
    register_family_right("coordinator of a test", lambda _reader: this_row, may_change=True)
    register_family_right("coordinator of a test", lambda _reader: this_row, may_change=True)
    assert may_change_family(coordinator, row)
    assert [name for name, _ in cases._reading].count("coordinator of a test") == 1


def test_a_sealed_sibling_hides_only_itself(case):
    sealed = ChildFactory(authority=case.council.authority, family=case.family)
    sealed.person.sealed_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    sealed.person.sealed_because = "Adoption order"
    sealed.person.save()
    assert FAMILY_RULE.right_of(case.council.worker, case.family) == "allocated social worker"
    assert sealed.person not in visible_persons(case.council.worker)
    assert CHILD_RULE.right_of(case.council.worker, sealed) is None


@pytest.mark.parametrize("closed", [{"sealed_at": NOW, "sealed_because": "Adopted"}, {"merged_into": "mother"}])
@pytest.mark.parametrize("kind", ["membership", "name", "home", "legal-status", "mark"])
def test_rows_of_a_closed_record_are_not_reached_through_the_family(case, client, closed, kind):
    """They would reveal the child's name, although the siblings' social worker may open the family."""
    child = case.wren
    address = Address.objects.create(authority=case.council.authority, lines="1 Quiet Lane")
    rows = {
        "membership": child.person.memberships.get(),
        "name": PersonName.objects.create(person=child.person, given_name="Rosie"),
        "home": Residence.objects.create(person=child.person, address=address),
        "legal-status": LegalStatus.objects.create(child=child, status="looked_after", starts_on=TODAY),
    }
    rows["mark"] = rows["home"]
    page = "mark-whereabouts" if kind == "mark" else "end-record"
    address = reverse(f"families:{page}", args=[case.family.pk, "home" if kind == "mark" else kind, rows[kind].pk])
    client.force_login(case.council.worker)
    assert client.get(address).status_code == 200
    given = {key: getattr(case, value) if value == "mother" else value for key, value in closed.items()}
    Person.objects.filter(pk=child.person_id).update(**given)
    assert client.get(address).status_code == 404
