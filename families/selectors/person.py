from __future__ import annotations

import datetime
from dataclasses import dataclass

from families.models import (
    Adoption,
    Child,
    ContactPoint,
    ContactRisk,
    ExpectedDate,
    Family,
    FamilyMember,
    LegalStatus,
    Loss,
    Person,
    PersonName,
    Referral,
    Residence,
)
from families.selectors.agencies import agencies_knowing
from families.selectors.open_words import in_open_words
from families.selectors.page import AgencyRow, agency_rows
from families.selectors.people import Adult, Tie, adults_for, children_of, open_contact_risks, people_with_details
from families.selectors.whereabouts import all_confidential


@dataclass(frozen=True)
class PersonPage:
    """One member of a family with everything recorded; ``ties`` are their ties to its children."""

    person: Person
    child: Child | None
    membership: FamilyMember | None
    names: list[PersonName]
    homes: list[Residence]
    contact_points: list[ContactPoint]
    ties: tuple[Tie, ...]
    adults: list[Adult]
    risks: list[ContactRisk]
    agencies: list[AgencyRow]
    legal_statuses: list[LegalStatus]
    referrals: list[Referral]
    expected_dates: list[ExpectedDate]
    losses: list[Loss]
    adoptions: list[Adoption]

    def recorded_tie(self, child: Child) -> dict[str, str]:
        """Return the initial values of the form about ``child``."""
        tie = next((tie for tie in self.ties if tie.child.pk == child.pk), None)
        if tie is None or tie.responsibility is None:
            return {}
        return {"responsibility": tie.responsibility.status, "basis": tie.responsibility.basis}


def person_page(person: Person, family: Family, *, on: datetime.date) -> PersonPage:
    """Return everything a member's page shows, in a fixed number of queries, without what has ended."""
    children = list(children_of(family, on=on))
    child = next((child for child in children if child.person_id == person.pk), None)
    row = people_with_details().get(pk=person.pk)
    around = adults_for(children, on=on)
    own = next((adult for adult in around if adult.person.pk == person.pk), None)
    risks = list(open_contact_risks([person.pk], [child.pk] if child else [], on=on))
    known = {person.pk, *(adult.person.pk for adult in around), *(one.person_id for one in children)}
    in_open_words(risks, lambda: all_confidential(known), council=family.authority.name)
    return PersonPage(
        person=row,
        child=child,
        membership=FamilyMember.objects.filter(family=family, person=person, ends_on__isnull=True).first(),
        names=[name for name in row.names.all() if name.is_current(on) or name.ends_on],
        homes=[home for home in row.residences.all() if home.is_current(on)],
        contact_points=[point for point in row.contact_points.all() if point.is_current(on)],
        ties=own.ties if own else (),
        adults=[adult for adult in around if child and adult.tie_to(child)],
        risks=risks,
        agencies=agency_rows(agencies_knowing([child], on=on), family) if child else [],
        legal_statuses=[status for status in child.legal_statuses.all() if status.is_current(on)] if child else [],
        referrals=list(child.referrals.order_by("-referred_on")) if child else [],
        expected_dates=list(child.pregnancy.expected_dates.all()) if child and child.pregnancy else [],
        losses=list(row.losses.select_related("recorded_by", "withdrawn_by").prefetch_related("answers__answered_by")),
        adoptions=list(row.adoptions.filter(withdrawn_at__isnull=True).select_related("recorded_by")) if child else [],
    )
