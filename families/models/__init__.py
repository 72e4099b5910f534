"""Persons first, then the dated roles they hold towards children, families and agencies."""

from families.models.adoptions import Adoption
from families.models.agencies import Agency, AgencyInvolvement, Post, WorkOfPost
from families.models.cases import (
    Allocation,
    Enquiry,
    Family,
    FamilyMember,
    FurtherDiscussion,
    LegalStatus,
    Referral,
    StartingDiscussion,
    StrategyDiscussion,
    TransferIn,
    WhereaboutsReveal,
)
from families.models.children import Child, ExpectedDate, Pregnancy
from families.models.losses import Loss, LossAnswer
from families.models.need_to_know import BreakGlass, ConflictOfInterest, NamedForFamily, Restriction
from families.models.persons import Address, ContactPoint, Person, PersonMerge, PersonName, Residence
from families.models.relationships import ContactRisk, ParentalResponsibility, Relationship
from families.models.safety import SafetyAlert

__all__ = [
    "Address",
    "Adoption",
    "Agency",
    "AgencyInvolvement",
    "Allocation",
    "BreakGlass",
    "Child",
    "ConflictOfInterest",
    "ContactPoint",
    "ContactRisk",
    "Enquiry",
    "ExpectedDate",
    "Family",
    "FamilyMember",
    "FurtherDiscussion",
    "LegalStatus",
    "Loss",
    "LossAnswer",
    "NamedForFamily",
    "ParentalResponsibility",
    "Person",
    "PersonMerge",
    "PersonName",
    "Post",
    "Pregnancy",
    "Referral",
    "Relationship",
    "Residence",
    "Restriction",
    "SafetyAlert",
    "StartingDiscussion",
    "StrategyDiscussion",
    "TransferIn",
    "WhereaboutsReveal",
    "WorkOfPost",
]
