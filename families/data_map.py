"""Whose records the rows of families are."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.case_data import Subject, holds, holds_nobody
from families.models import (
    Address,
    Agency,
    AgencyInvolvement,
    Allocation,
    BreakGlass,
    Child,
    ConflictOfInterest,
    ContactPoint,
    ContactRisk,
    Enquiry,
    ExpectedDate,
    Family,
    FamilyMember,
    FurtherDiscussion,
    LegalStatus,
    NamedForFamily,
    ParentalResponsibility,
    Person,
    PersonMerge,
    PersonName,
    Post,
    Pregnancy,
    Referral,
    Relationship,
    Residence,
    Restriction,
    SafetyAlert,
    StartingDiscussion,
    StrategyDiscussion,
    TransferIn,
    WhereaboutsReveal,
)

YEAR_OF = "date_trunc('year', \"{}\")::date"


def _pregnancies(one: Subject, path: str = "") -> Q:
    of_children = Child.objects.order_by().filter(pk__in=one.children, pregnancy__isnull=False)
    return Q(**{f"{path}pk__in": of_children.values("pregnancy")}) | Q(**{f"{path}mother__in": one.persons})


def _wholly_about(one: Subject) -> Q:
    """Risks to children of this subject alone; one that names a child of another case stays."""
    links = ContactRisk.children.through.objects.order_by()
    own = links.filter(child__in=one.children).values("contactrisk")
    others = links.exclude(child__in=one.children).values("contactrisk")
    return Q(person__in=one.persons) | Q(pk__in=own) & ~Q(pk__in=others)


def _about_children(children: QuerySet[Any, Any]) -> Q:
    links = ContactRisk.children.through.objects.order_by()
    return Q(pk__in=links.filter(child__in=children).values("contactrisk"))


holds(
    Family,
    "The case",
    family="pk",
    keeps={"closed_on", "disposed_at"},
    stubs={"name": "'Removed'", "case_number": "'X' || id", "form_key": "NULL"},
)
holds(
    Person,
    "People",
    person="pk",
    stubs={
        "given_name": "''",
        "family_name": "''",
        "unnamed_as": "'Removed'",
        "sex": "'U'",
        "birth_date": YEAR_OF.format("birth_date"),
        "birth_date_precision": "CASE WHEN birth_date IS NULL THEN 'unknown' ELSE 'estimated' END",
        "age_disputed": "false",
        "death_date": YEAR_OF.format("death_date"),
        "nhs_number": "''",
        "ethnicity": "'NOBT'",
        "interpreter_needed": "false",
        "preferred_channel": "''",
        "form_key": "NULL",
    },
)
holds(PersonName, "Other names", person="person")
holds(Address, "Addresses", address="pk")
holds(Residence, "Who lived where", person="person")
holds(ContactPoint, "How people were reached", person="person")
holds(
    PersonMerge,
    "Records found to be one person",
    where=lambda one: Q(kept__in=one.persons) | Q(merged__in=one.persons),
    is_given=False,
)
holds(
    Pregnancy,
    "Pregnancies",
    where=_pregnancies,
    names=("mother",),
    stubs={"expected_on": YEAR_OF.format("expected_on")},
)
holds(
    ExpectedDate,
    "Expected dates",
    where=lambda one: _pregnancies(one, "pregnancy__"),
    stubs={"expected_on": YEAR_OF.format("expected_on")},
)
holds(
    Child,
    "Children",
    child="pk",
    stubs={"council_child_id": "'X' || id", "upn": "''", "disabilities": "'{}'"},
)
holds(AgencyInvolvement, "Agencies that knew the children", child="child")
holds(FamilyMember, "Members of the family", family="family", names=("person",))
holds(Allocation, "Who held the case", family="family")
holds(WhereaboutsReveal, "Looks at confidential whereabouts", family="family")
holds(Referral, "Referrals", child="child")
holds(StrategyDiscussion, "Strategy discussions", family="family")
holds(Enquiry, "Enquiries", child="child")
holds(FurtherDiscussion, "Further strategy discussions", child="enquiry__child")
holds(StartingDiscussion, "Choices of the starting discussion", child="enquiry__child")
holds(TransferIn, "Moves from other councils", child="child")
holds(LegalStatus, "Legal status", child="child")
holds(Restriction, "Restrictions of the case", family="family", may_harm=True)
holds(NamedForFamily, "People named for a restricted case", family="family")
holds(ConflictOfInterest, "Conflicts of interest", family="family", person="person", is_given=False)
holds(BreakGlass, "Openings of the case in an emergency", family="family")
holds(Relationship, "Relationships", child="child", names=("person",))
holds(ParentalResponsibility, "Parental responsibility", child="child", names=("person",))
holds(
    ContactRisk,
    "Contact risks",
    where=_wholly_about,
    about=_about_children,
    names=("person",),
    may_harm=True,
)
holds(SafetyAlert, "Dangers to staff", person="person", address="address", may_harm=True)

holds_nobody(Agency, Post, because="Organisations and the people who work there; they outlast every case.")
