from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from accounts.enums import Role
from accounts.models import Authority, RoleAssignment, Team, User
from families.enums import RelationshipKind, ResponsibilityStatus
from families.models import (
    AgencyInvolvement,
    Allocation,
    Child,
    ContactRisk,
    Enquiry,
    Family,
    FamilyMember,
    ParentalResponsibility,
    Person,
    Relationship,
    Residence,
)
from families.models.persons import PersonQuerySet

KIND_ORDER = {kind: place for place, kind in enumerate(RelationshipKind.values)}


@dataclass(frozen=True)
class Tie:
    """What one adult is to one child: relationships and parental responsibility, either of which may be missing."""

    child: Child
    relationships: tuple[Relationship, ...]
    responsibility: ParentalResponsibility | None

    @property
    def holds_responsibility(self) -> bool:
        return self.responsibility is not None and self.responsibility.status == ResponsibilityStatus.HELD

    @property
    def words(self) -> str:
        """Return for example "Father (disputed)" or "Carer, grandparent"; "Not recorded" without any."""
        said = ", ".join(
            relationship.get_kind_display()
            + ("" if relationship.certainty == "known" else f" ({relationship.get_certainty_display().lower()})")
            for relationship in self.relationships
        )
        return said.capitalize() if said else "Not recorded"


@dataclass(frozen=True)
class Adult:
    """An adult around the children, with their tie to each and the contact risks they pose."""

    person: Person
    ties: tuple[Tie, ...]
    risks: tuple[ContactRisk, ...]

    @property
    def children_in_responsibility(self) -> list[Child]:
        return [tie.child for tie in self.ties if tie.holds_responsibility]

    def tie_to(self, child: Child) -> Tie | None:
        return next((tie for tie in self.ties if tie.child.pk == child.pk), None)


def people_with_details() -> PersonQuerySet:
    """Return people with names, residences and contact details prefetched (ended ones too)."""
    persons: PersonQuerySet = Person.objects.prefetch_related(
        "names",
        Prefetch("residences", Residence.objects.select_related("address").prefetch_related("hidden_from")),
        "contact_points__hidden_from",
    )
    return persons


def members_of(family: Family, *, on: datetime.date) -> QuerySet[Person]:
    """Return everyone in the family on ``on``, children included, without sealed and merged records."""
    members = FamilyMember.objects.current(on=on).filter(family=family)
    return people_with_details().findable().filter(pk__in=members.values("person")).select_related("child__pregnancy")


def born_members_of(family: Family, *, on: datetime.date) -> QuerySet[Person]:
    """Return the members without the unborn, for questions that make no sense before birth."""
    return members_of(family, on=on).exclude(child__pregnancy__isnull=False, birth_date__isnull=True)


def in_order_of_birth(children: QuerySet[Child]) -> QuerySet[Child]:
    """Order children eldest first, then those with no known birth date, the unborn last."""
    return children.order_by(
        F("person__birth_date").asc(nulls_last=True),
        F("pregnancy__expected_on").asc(nulls_first=True),
        F("born_order").asc(nulls_first=True),
        "pk",
    )


def children_of(family: Family, *, on: datetime.date) -> QuerySet[Child]:
    """Return the family's children on ``on``, eldest first, the unborn last; never a sealed record.

    Selects person, pregnancy and its mother; prefetches relationships and responsibilities with their people,
    agencies with posts, enquiries and legal statuses (ended ones too).
    """
    details: list[Any] = [
        Prefetch("relationships", Relationship.objects.select_related("person")),
        Prefetch("responsibilities", ParentalResponsibility.objects.select_related("person")),
        Prefetch("involvements", AgencyInvolvement.objects.select_related("agency", "post__person")),
        Prefetch("enquiries", Enquiry.objects.select_related("discussion")),
        "legal_statuses",
    ]
    return children_alone(family, on=on).select_related("person", "pregnancy__mother").prefetch_related(*details)


def children_alone(family: Family, *, on: datetime.date) -> QuerySet[Child]:
    """Return the same children, with nothing about them."""
    members = FamilyMember.objects.current(on=on).filter(family=family)
    return in_order_of_birth(Child.objects.findable().filter(person__in=members.values("person")))


@dataclass(frozen=True)
class RecordedTies:
    """What is recorded about children on a day, in the order recorded: who is what to them, and who is responsible."""

    relationships: list[Relationship]
    responsibilities: list[ParentalResponsibility]

    @property
    def person_ids(self) -> set[int]:
        responsible = {row.person_id for row in self.responsibilities if row.person_id is not None}
        return responsible | {row.person_id for row in self.relationships}

    def holds_responsibility(self, person_id: int, child: Child) -> bool:
        """Return whether the person is recorded as holding parental responsibility for the child."""
        return any(
            (row.person_id, row.child_id, row.status) == (person_id, child.pk, ResponsibilityStatus.HELD)
            for row in self.responsibilities
        )

    def adults(
        self, persons: Iterable[Person], children: Iterable[Child], *, risks: Iterable[ContactRisk]
    ) -> list[Adult]:
        """Return those of ``persons`` with a tie, closest first, each with the contact risks that they pose."""
        relationships: dict[tuple[int, int], list[Relationship]] = defaultdict(list)
        for relationship in self.relationships:
            relationships[relationship.person_id, relationship.child_id].append(relationship)
        responsibilities = {(row.person_id, row.child_id): row for row in self.responsibilities}
        posed: dict[int, list[ContactRisk]] = defaultdict(list)
        for risk in risks:
            posed[risk.person_id].append(risk)
        children, tied = list(children), self.person_ids
        adults = [
            Adult(
                person=person,
                ties=tuple(
                    Tie(
                        child=child,
                        relationships=tuple(relationships.get((person.pk, child.pk), ())),
                        responsibility=responsibilities.get((person.pk, child.pk)),
                    )
                    for child in children
                    if (person.pk, child.pk) in relationships or (person.pk, child.pk) in responsibilities
                ),
                risks=tuple(posed[person.pk]),
            )
            for person in persons
            if person.pk in tied
        ]
        return sorted(adults, key=_closeness)

    def holders(self, persons: Iterable[Person]) -> dict[int, list[ParentalResponsibility]]:
        """Return, by child id, who of ``persons`` holds parental responsibility, the council (no person) included."""
        known: dict[int | None, Person | None] = {None: None, **{person.pk: person for person in persons}}
        found: dict[int, list[ParentalResponsibility]] = defaultdict(list)
        for row in self.responsibilities:
            if row.status == ResponsibilityStatus.HELD and row.person_id in known:
                row.person = known[row.person_id]
                found[row.child_id].append(row)
        return found


def recorded_ties(children: Iterable[Child], *, on: datetime.date) -> RecordedTies:
    """Return relationships to and parental responsibility for the children on ``on``. Two queries."""
    ids = [child.pk for child in children]
    return RecordedTies(
        relationships=list(Relationship.objects.current(on=on).filter(child__in=ids).order_by("pk")),
        responsibilities=list(ParentalResponsibility.objects.current(on=on).filter(child__in=ids).order_by("pk")),
    )


def adults_for(children: Iterable[Child], *, on: datetime.date) -> list[Adult]:
    """Return people with a relationship to or parental responsibility for the children on ``on``.

    Parents first, then the others in the order of RelationshipKind; an under-18 mother is included. Sealed and
    merged records are left out. A fixed number of queries.
    """
    children = list(children)
    ties = recorded_ties(children, on=on)
    persons = people_with_details().findable().filter(pk__in=ties.person_ids).select_related("child__pregnancy")
    return ties.adults(persons, children, risks=open_contact_risks(ties.person_ids, [], on=on))


def _closeness(adult: Adult) -> tuple[int, str, int]:
    kinds = [KIND_ORDER[relationship.kind] for tie in adult.ties for relationship in tie.relationships]
    return (min(kinds, default=len(KIND_ORDER)), adult.person.full_name, adult.person.pk)


def holders_of_responsibility(
    children: Iterable[Child], *, on: datetime.date
) -> dict[int, list[ParentalResponsibility]]:
    """Return, by child id, who holds parental responsibility on ``on``, the council (no person) included.

    Unknown and disputed answers are not holders; read them from adults_for.
    """
    ids = [child.pk for child in children]
    found: dict[int, list[ParentalResponsibility]] = {pk: [] for pk in ids}
    rows = (
        ParentalResponsibility.objects.current(on=on)
        .filter(child__in=ids, status=ResponsibilityStatus.HELD)
        .filter(Q(person__isnull=True) | Q(person__sealed_at__isnull=True, person__merged_into__isnull=True))
        .select_related("person")
        .order_by("pk")
    )
    for row in rows:
        found[row.child_id].append(row)
    return found


def open_contact_risks(
    person_ids: Collection[int], child_ids: Collection[int], *, on: datetime.date
) -> QuerySet[ContactRisk]:
    """Return risks in force on ``on``: posed by these persons to anyone, or by anyone to these children.

    A person's risk counts whichever child or adult it names: who must not be told time and place follows from
    ``risk.person_id`` alone.
    """
    rows: QuerySet[ContactRisk] = ContactRisk.objects.current(on=on)
    to_the_children = ContactRisk.children.through.objects.filter(child__in=child_ids)
    return (
        rows.filter(Q(person__in=person_ids) | Q(pk__in=to_the_children.values("contactrisk")))
        .select_related("person", "recorded_by")
        .prefetch_related("children__person", "protects")
        .order_by("pk")
    )


def current_allocations(family_ids: Iterable[int], *, on: datetime.date) -> QuerySet[Allocation]:
    """Return who holds these families' cases on ``on``."""
    rows: QuerySet[Allocation] = Allocation.objects.current(on=on)
    return rows.filter(family__in=list(family_ids)).select_related("user").order_by("pk")


def workers_of(authority: Authority, *, roles: Collection[str], on: datetime.date) -> QuerySet[User]:
    """Return active users who hold one of ``roles`` in the authority on ``on``, by name."""
    held = RoleAssignment.objects.current(on=on).filter(authority=authority, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name")


def managers_of(team: Team, *, on: datetime.date) -> QuerySet[User]:
    """Return active users who manage the team on ``on``, by name."""
    held = RoleAssignment.objects.current(on=on).filter(team=team, role=Role.TEAM_MANAGER)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name")
