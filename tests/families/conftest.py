"""One family in one council on Tuesday 8 December 2026: two children, a pregnancy, separated parents."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine

from accounts.enums import Role
from accounts.models import Authority, Team, User
from families.enums import ContactKind, DatePrecision, RelationshipKind, ResponsibilitySource, ResponsibilityStatus, Sex
from families.models import (
    Address,
    Agency,
    Child,
    ContactPoint,
    ExpectedDate,
    Family,
    ParentalResponsibility,
    Person,
    Pregnancy,
    Residence,
)
from families.services import PersonFacts, TieFacts
from tests.factories import (
    AgencyFactory,
    AgencyInvolvementFactory,
    AllocationFactory,
    AuthorityFactory,
    ChildFactory,
    FamilyFactory,
    FamilyMemberFactory,
    PersonFactory,
    PostFactory,
    PregnancyFactory,
    RelationshipFactory,
    TeamFactory,
    user_with_role,
)
from tests.stories import once_per_module

NOW = datetime.datetime(2026, 12, 8, 10, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 12, 8)


@dataclass
class Council:
    authority: Authority
    team: Team
    worker: User
    manager: User


@dataclass
class Case:
    """The Brambley family, unrestricted so far; ``mother`` lives at an address hidden from ``father``."""

    council: Council
    family: Family
    robin: Child
    wren: Child
    baby: Child
    pregnancy: Pregnancy
    mother: Person
    father: Person
    robins_father: Person
    grandmother: Person
    school: Agency


@pytest.fixture(autouse=True)
def _tuesday_8_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def council() -> Council:
    authority = AuthorityFactory(name="Eastmere Council")
    team = TeamFactory(authority=authority)
    return Council(
        authority,
        team,
        worker=user_with_role(Role.SOCIAL_WORKER, team=team, name="Amara Finch"),
        manager=user_with_role(Role.TEAM_MANAGER, team=team, name="Della Rook"),
    )


def facts(given_name: str, family_name: str, **more: Any) -> PersonFacts:
    return PersonFacts(given_name=given_name, family_name=family_name, **more)


def tie(child: Child, kind: RelationshipKind, **more: Any) -> TieFacts:
    return TieFacts(child=child, kind=kind, **more)


def held(child: Child, kind: RelationshipKind, basis: ResponsibilitySource = ResponsibilitySource.BIRTH) -> TieFacts:
    return tie(child, kind, responsibility=ResponsibilityStatus.HELD, basis=basis)


@once_per_module(at=NOW)
def family(council) -> Family:
    """A case with no members, held by the worker."""
    made = FamilyFactory(team=council.team, name="Brambley", case_number="26-0417", created_by=council.worker)
    AllocationFactory(family=made, user=council.worker)
    return made


def add_member(family: Family, given_name: str, family_name: str, **more: Any) -> Person:
    person = PersonFactory(authority=family.authority, given_name=given_name, family_name=family_name, **more)
    FamilyMemberFactory(family=family, person=person)
    return person


def add_row_of_child(family: Family, given_name: str, birth_date: datetime.date, **more: Any) -> Child:
    person = add_member(family, given_name, "Brambley", birth_date=birth_date, birth_date_precision=DatePrecision.EXACT)
    return ChildFactory(authority=family.authority, person=person, **more)


def relate(person: Person, child: Child, kind: RelationshipKind, basis: ResponsibilitySource | None = None) -> None:
    """Record ``person`` as ``kind``, with parental responsibility where a basis is given."""
    RelationshipFactory(person=person, child=child, kind=kind)
    if basis:
        ParentalResponsibility.objects.create(person=person, child=child, status=ResponsibilityStatus.HELD, basis=basis)


@once_per_module(at=NOW)
def case(council, family) -> Case:
    robin = add_row_of_child(family, "Robin", datetime.date(2015, 5, 14), council_child_id="R1")
    wren = add_row_of_child(family, "Wren", datetime.date(2020, 2, 2), council_child_id="W1")
    mother = add_member(family, "Hazel", "Brambley", sex=Sex.FEMALE, birth_date=datetime.date(1997, 3, 3))
    father = add_member(family, "Dale", "Ashdown", sex=Sex.MALE, birth_date=datetime.date(1995, 6, 3))
    robins_father = add_member(family, "Martin", "Alder", sex=Sex.MALE)
    grandmother = add_member(family, "Olive", "Brambley", sex=Sex.FEMALE)

    pregnancy = PregnancyFactory(authority=council.authority, mother=mother, expected_on=datetime.date(2027, 4, 1))
    ExpectedDate.objects.create(pregnancy=pregnancy, expected_on=pregnancy.expected_on, recorded_at=NOW)
    unborn = add_member(family, "", "Brambley", unnamed_as="Unborn baby Brambley")
    baby = ChildFactory(
        authority=council.authority, person=unborn, pregnancy=pregnancy, born_order=1, council_child_id="B1"
    )

    for child in (robin, wren):
        relate(mother, child, RelationshipKind.MOTHER, ResponsibilitySource.BIRTH)
    relate(mother, baby, RelationshipKind.MOTHER)
    relate(father, wren, RelationshipKind.FATHER, ResponsibilitySource.CERTIFICATE)
    relate(father, baby, RelationshipKind.POSSIBLE_FATHER)
    relate(robins_father, robin, RelationshipKind.FATHER, ResponsibilitySource.CERTIFICATE)
    relate(grandmother, robin, RelationshipKind.GRANDPARENT)

    school = AgencyFactory(authority=council.authority, name="Meadow Lane Primary")
    head = PostFactory(
        agency=school,
        person=PersonFactory(authority=council.authority, given_name="Ada", family_name="Lark"),
        title="Head teacher",
        email="a.lark@meadowlane.example",
    )
    AgencyInvolvementFactory(child=wren, agency=school, post=head)
    return Case(council, family, robin, wren, baby, pregnancy, mother, father, robins_father, grandmother, school)


@once_per_module(at=NOW)
def hidden(case) -> Case:
    """The same, with mother and children at an address and a school that Dale must not learn of.

    The mother's phone is hidden from everyone in the family.
    """
    address = Address.objects.create(
        authority=case.council.authority, lines="Hidden House\nQuiet Lane", postcode="EA12 3QL"
    )
    rows: list[Any] = [
        Residence.objects.create(person=person, address=address, confidential=True)
        for person in (case.mother, case.robin.person, case.wren.person)
    ]
    ContactPoint.objects.create(
        person=case.mother, kind=ContactKind.MOBILE, value="07700 900123", is_safe=True, confidential=True
    )
    known = case.wren.involvements.get()
    known.confidential = True
    known.save()
    for row in (*rows, known):
        row.hidden_from.add(case.father)
    return case
