from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from families.enums import AgencyKind, EnquiryOutcome
from families.models import (
    Address,
    Agency,
    AgencyInvolvement,
    Allocation,
    Child,
    ContactRisk,
    Family,
    FamilyMember,
    LegalStatus,
    ParentalResponsibility,
    Person,
    Post,
    Residence,
)
from families.selectors.agencies import agencies_knowing
from families.selectors.agency_names import confidential_agencies
from families.selectors.open_words import in_open_words
from families.selectors.people import Adult, children_alone, current_allocations, open_contact_risks, recorded_ties
from families.selectors.whereabouts import all_confidential_of

SHOWN_ON_A_CARD: tuple[str, ...] = (AgencyKind.EARLY_YEARS, AgencyKind.SCHOOL, AgencyKind.MIDWIFERY, AgencyKind.GP)
WEEKS_OF_PREGNANCY = 40


@dataclass(frozen=True)
class AgencyRow:
    """One agency, the people there who know the children, and whether its name is confidential."""

    agency: Agency
    involvements: tuple[AgencyInvolvement, ...]
    confidential: bool

    @property
    def posts(self) -> list[Post]:
        return list({row.post_id: row.post for row in self.involvements if row.post}.values())

    @property
    def children(self) -> list[Child]:
        return list({row.child_id: row.child for row in self.involvements}.values())


@dataclass(frozen=True)
class Home:
    """An address and who lives there now; ``confidential`` where any of their residences is marked."""

    address: Address
    people: tuple[Person, ...]
    confidential: bool


@dataclass(frozen=True)
class ChildCard:
    child: Child
    gestation: str
    lives_with: tuple[Person, ...]
    home_confidential: bool
    has_home: bool
    homes: tuple[Home, ...]
    holders: tuple[ParentalResponsibility, ...]
    agencies: tuple[AgencyRow, ...]
    legal_statuses: tuple[LegalStatus, ...]
    under_enquiry: bool


@dataclass(frozen=True)
class FamilyPage:
    family: Family
    allocations: list[Allocation]
    cards: list[ChildCard]
    adults: list[Adult]
    others: list[Person]
    homes: list[Home]
    agencies: list[AgencyRow]
    risks: list[ContactRisk]

    @property
    def children(self) -> list[Child]:
        return [card.child for card in self.cards]

    def homes_of(self) -> dict[int, list[Home]]:
        """Return, by person id, the homes where someone lives now."""
        found: dict[int, list[Home]] = defaultdict(list)
        for home in self.homes:
            for person in home.people:
                found[person.pk].append(home)
        return found

    @property
    def has_confidential(self) -> bool:
        return (
            any(home.confidential for home in self.homes)
            or any(row.confidential for row in self.agencies)
            or any(point.confidential for adult in self.adults for point in adult.person.contact_points.all())
        )


def family_page(family: Family, *, on: datetime.date) -> FamilyPage:
    """Return everything the family's page shows, in a fixed number of queries, with confidential rows flagged."""
    children = _children(family, on=on)
    ties = recorded_ties(children, on=on)
    members = FamilyMember.objects.current(on=on).filter(family=family)
    persons = list(
        Person.objects.findable()
        .filter(Q(pk__in=members.values("person")) | Q(pk__in=ties.person_ids))
        .prefetch_related(Prefetch("residences", Residence.objects.select_related("address")), "contact_points")
    )
    _fill_in(children, persons)
    risks = _risks(persons, children, on=on)
    in_open_words(risks, lambda: all_confidential_of(persons), council=family.authority.name)
    adults = ties.adults(persons, children, risks=risks)
    shown = {child.person_id for child in children} | {adult.person.pk for adult in adults}
    homes = _homes(persons, on=on)
    agencies = agency_rows(_agencies(children, on=on), family)
    holders = ties.holders(persons)
    return FamilyPage(
        family=family,
        allocations=list(current_allocations([family.pk], on=on)),
        cards=[_card(child, homes, agencies, holders[child.pk], on=on) for child in children],
        adults=adults,
        others=[person for person in persons if person.pk not in shown],
        homes=homes,
        agencies=agencies,
        risks=risks,
    )


def _children(family: Family, *, on: datetime.date) -> list[Child]:
    """Return the children with what their cards show, but for the persons, who are read with the others."""
    rows = children_alone(family, on=on).select_related("pregnancy")
    return list(rows.prefetch_related("enquiries", "legal_statuses"))


def _fill_in(children: list[Child], persons: list[Person]) -> None:
    known = {person.pk: person for person in persons}
    for child in children:
        child.person = known[child.person_id]
        if child.pregnancy and child.pregnancy.mother_id in known:
            child.pregnancy.mother = known[child.pregnancy.mother_id]


def _risks(persons: list[Person], children: list[Child], *, on: datetime.date) -> list[ContactRisk]:
    rows = open_contact_risks([person.pk for person in persons], [child.pk for child in children], on=on)
    shown = rows.select_related(None).select_related("person").prefetch_related(None)
    return list(shown.prefetch_related("children", "protects"))


def _agencies(children: list[Child], *, on: datetime.date) -> list[AgencyInvolvement]:
    """Return the agencies' involvements with the children, which have been read already."""
    known = {child.pk: child for child in children}
    rows = agencies_knowing(children, on=on).select_related(None).prefetch_related(None)
    found = list(rows.select_related("agency", "post__person"))
    for row in found:
        row.child = known[row.child_id]
    return found


def agency_rows(involvements: Iterable[AgencyInvolvement], family: Family) -> list[AgencyRow]:
    """Group involvements by agency; an agency marked for one child of the family is confidential for all."""
    confidential = confidential_agencies(family.pk)
    by_agency: dict[int, list[AgencyInvolvement]] = defaultdict(list)
    for row in involvements:
        by_agency[row.agency_id].append(row)
    return [
        AgencyRow(agency=rows[0].agency, involvements=tuple(rows), confidential=pk in confidential)
        for pk, rows in by_agency.items()
    ]


def gestation(expected_on: datetime.date, *, on: datetime.date) -> str:
    """Return the length of the pregnancy by its expected date: "24 weeks 6 days"; empty if impossible."""
    days = WEEKS_OF_PREGNANCY * 7 - (expected_on - on).days
    if days < 0:
        return ""
    weeks, rest = divmod(days, 7)
    said = f"{weeks} week{'' if weeks == 1 else 's'}"
    return f"{said} {rest} day{'' if rest == 1 else 's'}" if rest else said


def _place_on_a_card(row: AgencyRow) -> int:
    kind = row.agency.kind
    return SHOWN_ON_A_CARD.index(kind) if kind in SHOWN_ON_A_CARD else len(SHOWN_ON_A_CARD)


def _has_died(person: Person, on: datetime.date) -> bool:
    return person.death_date is not None and person.death_date <= on


def _homes(persons: Iterable[Person], *, on: datetime.date) -> list[Home]:
    people: dict[int, dict[int, Person]] = defaultdict(dict)
    addresses: dict[int, Address] = {}
    marked: set[int] = set()
    for person in persons:
        for residence in person.residences.all():
            if residence.is_current(on) and not _has_died(person, on):
                addresses[residence.address_id] = residence.address
                people[residence.address_id][person.pk] = person
                if residence.confidential:
                    marked.add(residence.address_id)
    return [
        Home(address=address, people=tuple(people[pk].values()), confidential=pk in marked)
        for pk, address in sorted(addresses.items())
    ]


def _card(
    child: Child,
    homes: list[Home],
    agencies: list[AgencyRow],
    holders: list[ParentalResponsibility],
    *,
    on: datetime.date,
) -> ChildCard:
    lived_in = [home for home in homes if any(person.pk == child.person_id for person in home.people)]
    with_them = {person.pk: person for home in lived_in for person in home.people if person.pk != child.person_id}
    return ChildCard(
        child=child,
        gestation=gestation(child.pregnancy.expected_on, on=on) if child.is_unborn and child.pregnancy else "",
        lives_with=tuple(with_them.values()),
        home_confidential=any(home.confidential for home in lived_in),
        has_home=bool(lived_in),
        homes=tuple(lived_in),
        holders=tuple(row for row in holders if row.person is None or not _has_died(row.person, on)),
        agencies=tuple(
            row
            for row in sorted(agencies, key=_place_on_a_card)
            if row.agency.kind in SHOWN_ON_A_CARD and any(known.pk == child.pk for known in row.children)
        ),
        legal_statuses=tuple(status for status in child.legal_statuses.all() if status.is_current(on)),
        under_enquiry=any(enquiry.outcome == EnquiryOutcome.UNDER_WAY for enquiry in child.enquiries.all()),
    )
