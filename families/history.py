"""What makes up the history of a family and of a person, and how its rows are spoken of."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model, QuerySet

from accounts.history.reading import rows_at
from accounts.history.registry import (
    Gathered,
    Kind,
    Part,
    Record,
    register_barred,
    register_names,
    register_record,
    register_tasks,
)
from accounts.history.wording import user_names
from accounts.models import Team, User
from families.access import visible_families, visible_persons
from families.models import (
    Address,
    Agency,
    AgencyInvolvement,
    Allocation,
    Child,
    ContactPoint,
    ContactRisk,
    Enquiry,
    ExpectedDate,
    Family,
    FamilyMember,
    FurtherDiscussion,
    LegalStatus,
    ParentalResponsibility,
    Person,
    PersonName,
    Post,
    Pregnancy,
    Referral,
    Relationship,
    Residence,
    SafetyAlert,
    StartingDiscussion,
    StrategyDiscussion,
    TransferIn,
    WhereaboutsReveal,
)
from families.models.agencies import AgencyInvolvementHiddenFrom
from families.models.persons import ContactPointHiddenFrom, ResidenceHiddenFrom
from families.models.relationships import ContactRiskChild, ContactRiskProtects
from govuk import words

Moment = datetime.datetime | None

FAMILY = Kind(Family, "Family", "The family", unsaid=frozenset({"created_by"}))
MEMBER = Kind(FamilyMember, "Member", titles=("person_id",), unsaid=frozenset({"family"}))
BELONGS = Kind(
    FamilyMember, "Belonging to a family", "Families", titles=("family_id",), unsaid=frozenset({"person"})
)
ALLOCATION = Kind(Allocation, "Allocation", titles=("user_id",), unsaid=frozenset({"family"}))
RESIDENCE = Kind(Residence, "Home", titles=("person_id",), labels={"address_id": "Address"})
RESIDENCE_HIDDEN = Kind(
    ResidenceHiddenFrom,
    "Person the home is hidden from",
    "Hidden from",
    link_of="residence_id",
    link_to="person_id",
)
CONTACT = Kind(
    ContactPoint, "Way of contact", "Ways of contact", titles=("kind",), unsaid=frozenset({"person"})
)
CONTACT_HIDDEN = Kind(
    ContactPointHiddenFrom,
    "Person the way of contact is hidden from",
    "Hidden from",
    link_of="contactpoint_id",
    link_to="person_id",
)
INVOLVEMENT = Kind(
    AgencyInvolvement,
    "Agency of a child",
    "Agencies of the children",
    titles=("child_id",),
    labels={"post_id": "Through"},
)
INVOLVEMENT_HIDDEN = Kind(
    AgencyInvolvementHiddenFrom,
    "Person the agency is hidden from",
    "Hidden from",
    link_of="agencyinvolvement_id",
    link_to="person_id",
)
RISK = Kind(ContactRisk, "Contact risk", titles=("person_id",))
RISK_CHILD = Kind(
    ContactRiskChild,
    "Child named in a contact risk",
    "Children",
    link_of="contactrisk_id",
    link_to="child_id",
)
RISK_PROTECTS = Kind(
    ContactRiskProtects,
    "Person protected by a contact risk",
    "Protects",
    link_of="contactrisk_id",
    link_to="person_id",
)
ALERT = Kind(SafetyAlert, "Danger to staff", "Dangers to staff", titles=("person_id", "address_id"))
DISCUSSION = Kind(
    StrategyDiscussion, "Strategy discussion", titles=("held_at",), unsaid=frozenset({"family"})
)
ENQUIRY = Kind(Enquiry, "Enquiry", "Enquiries", titles=("child_id",), labels={"discussion_id": "Started by"})
FURTHER = Kind(
    FurtherDiscussion, "Further discussion", titles=("discussion_id",), labels={"enquiry_id": "Enquiry"}
)
STARTING = Kind(
    StartingDiscussion,
    "Choice of the discussion that starts the clock",
    "Choices of the discussion that starts the clock",
    titles=("discussion_id",),
    unsaid=frozenset({"enquiry", "chosen_at"}),
    at="chosen_at",
    by="chosen_by_id",
)
TRANSFER = Kind(TransferIn, "Move here", "Moves here", titles=("child_id",), unsaid=frozenset({"family"}))
REVEAL = Kind(
    WhereaboutsReveal,
    "Look at confidential whereabouts",
    "Looks at confidential whereabouts",
    unsaid=frozenset({"family", "user", "at"}),
    at="at",
    by="user_id",
)
PERSON = Kind(Person, "Person", "The person", unsaid=frozenset({"user", "merged_into"}))
NAME = Kind(PersonName, "Other name", titles=("given_name", "family_name"), unsaid=frozenset({"person"}))
CHILD = Kind(Child, "Child’s details", "Child’s details", unsaid=frozenset({"person"}))
PREGNANCY = Kind(Pregnancy, "Pregnancy", "Pregnancies", unsaid=frozenset({"mother"}))
EXPECTED = Kind(ExpectedDate, "Expected date", titles=("expected_on",), unsaid=frozenset({"pregnancy"}))
RELATIONSHIP = Kind(
    Relationship, "Relationship", titles=("person_id", "child_id"), labels={"kind": "Is the child’s"}
)
RESPONSIBILITY = Kind(
    ParentalResponsibility,
    "Parental responsibility",
    "Parental responsibility",
    titles=("person_id", "child_id"),
)
LEGAL = Kind(LegalStatus, "Legal status", "Legal statuses", titles=("status",), unsaid=frozenset({"child"}))
REFERRAL = Kind(Referral, "Referral", titles=("referred_on",), unsaid=frozenset({"child"}))


def _persons(user: User) -> QuerySet[Any]:
    return visible_persons(user).values("pk")


def _children(user: User) -> QuerySet[Any]:
    return Child.objects.filter(person__in=visible_persons(user).values("pk")).values("pk")


def _families(user: User) -> QuerySet[Any]:
    return visible_families(user).values("pk")


# A family is what was recorded for it, and where and with whom its people of today live and are known. What was
# recorded of a member by name stays with that person, whose page has a history of its own.
FAMILY_RECORD = Record(
    "family",
    Family,
    gathered=(
        Gathered("person", FamilyMember, "family_id", "root", "person_id"),
        Gathered("child", Child, "person_id", "person"),
        Gathered("discussion", StrategyDiscussion, "family_id", "root"),
        Gathered("enquiry", Enquiry, "discussion_id", "discussion"),
        Gathered("residence", Residence, "person_id", "person"),
        Gathered("involvement", AgencyInvolvement, "child_id", "child"),
        Gathered("risk", ContactRisk, "person_id", "person"),
        Gathered("home", Residence, "person_id", "person", "address_id"),
    ),
    parts=(
        Part(FAMILY, (("pgh_obj_id", "root"),)),
        Part(MEMBER, (("family_id", "root"),)),
        Part(ALLOCATION, (("family_id", "root"),)),
        Part(RESIDENCE, (("person_id", "person"),), only={"person_id": _persons}),
        Part(RESIDENCE_HIDDEN, (("residence_id", "residence"),)),
        Part(INVOLVEMENT, (("child_id", "child"),), only={"child_id": _children}),
        Part(INVOLVEMENT_HIDDEN, (("agencyinvolvement_id", "involvement"),)),
        Part(RISK, (("person_id", "person"),), only={"person_id": _persons}),
        Part(RISK_CHILD, (("contactrisk_id", "risk"),), only={"child_id": _children}),
        Part(RISK_PROTECTS, (("contactrisk_id", "risk"),), only={"person_id": _persons}),
        Part(ALERT, (("person_id", "person"), ("address_id", "home")), only={"person_id": _persons}),
        Part(DISCUSSION, (("family_id", "root"),)),
        Part(ENQUIRY, (("discussion_id", "discussion"),)),
        Part(FURTHER, (("discussion_id", "discussion"),)),
        Part(STARTING, (("enquiry_id", "enquiry"),)),
        Part(TRANSFER, (("family_id", "root"),)),
        Part(REVEAL, (("family_id", "root"),), in_past=False),
    ),
)
PERSON_RECORD = Record(
    "person",
    Person,
    gathered=(
        Gathered("child", Child, "person_id", "root"),
        Gathered("expected", Child, "person_id", "root", "pregnancy_id"),
        Gathered("pregnancy", Pregnancy, "mother_id", "root"),
        Gathered("residence", Residence, "person_id", "root"),
        Gathered("contact", ContactPoint, "person_id", "root"),
        Gathered("involvement", AgencyInvolvement, "child_id", "child"),
        Gathered("risk", ContactRisk, "person_id", "root"),
    ),
    parts=(
        Part(PERSON, (("pgh_obj_id", "root"),)),
        Part(NAME, (("person_id", "root"),)),
        Part(CHILD, (("person_id", "root"),)),
        Part(PREGNANCY, (("pgh_obj_id", "expected"), ("mother_id", "root"))),
        Part(EXPECTED, (("pregnancy_id", "expected"), ("pregnancy_id", "pregnancy"))),
        Part(BELONGS, (("person_id", "root"),), only={"family_id": _families}),
        Part(RESIDENCE, (("person_id", "root"),)),
        Part(RESIDENCE_HIDDEN, (("residence_id", "residence"),)),
        Part(CONTACT, (("person_id", "root"),)),
        Part(CONTACT_HIDDEN, (("contactpoint_id", "contact"),)),
        Part(
            RELATIONSHIP,
            (("person_id", "root"), ("child_id", "child")),
            only={"person_id": _persons, "child_id": _children},
        ),
        Part(
            RESPONSIBILITY,
            (("person_id", "root"), ("child_id", "child")),
            only={"person_id": _persons, "child_id": _children},
        ),
        Part(RISK, (("person_id", "root"),)),
        Part(RISK_CHILD, (("contactrisk_id", "risk"),), only={"child_id": _children}),
        Part(RISK_PROTECTS, (("contactrisk_id", "risk"),), only={"person_id": _persons}),
        Part(ALERT, (("person_id", "root"),)),
        Part(INVOLVEMENT, (("child_id", "child"),)),
        Part(INVOLVEMENT_HIDDEN, (("agencyinvolvement_id", "involvement"),)),
        Part(LEGAL, (("child_id", "child"),)),
        Part(REFERRAL, (("child_id", "child"),)),
        Part(ENQUIRY, (("child_id", "child"),)),
        Part(TRANSFER, (("child_id", "child"),)),
    ),
)

SEALED = "Somebody whose record is sealed"


def person_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    """People by the name they had then; nobody whose record is sealed."""
    found = {pk: row.full_name for pk, row in rows_at(Person, ids, at).items()}
    sealed = Person.objects.filter(pk__in=ids, sealed_at__isnull=False).values_list("pk", flat=True)
    return found | dict.fromkeys(sealed, SEALED)


def child_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    """Children by the name they had then."""
    persons = dict(Child.objects.filter(pk__in=ids).values_list("pk", "person_id"))
    names = person_names(set(persons.values()), at)
    return {pk: names[person] for pk, person in persons.items() if person in names}


def _post_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    rows = rows_at(Post, ids, at)
    persons = person_names({row.person_id for row in rows.values()}, at)
    return {pk: f"{persons.get(row.person_id, '')}, {row.title}".strip(", ") for pk, row in rows.items()}


def _risk_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    rows = rows_at(ContactRisk, ids, at)
    persons = person_names({row.person_id for row in rows.values()}, at)
    return {pk: f"contact risk of {persons.get(row.person_id, '')}" for pk, row in rows.items()}


def _enquiry_names(ids: set[int], at: Moment) -> Mapping[int, str]:
    rows = rows_at(Enquiry, ids, at)
    children = child_names({row.child_id for row in rows.values()}, at)
    return {
        pk: f"{children.get(row.child_id, '')}, since {words.plain_date(row.started_on)}".strip(", ")
        for pk, row in rows.items()
    }


def named_by(model: type[Model], say: Callable[[Any], str]) -> None:
    """Rows of ``model`` are called what ``say`` makes of the row as it stood."""
    register_names(model, lambda ids, at: {pk: say(row) for pk, row in rows_at(model, ids, at).items()})


def _sealed_persons() -> QuerySet[Any]:
    return Person.objects.filter(sealed_at__isnull=False).values("pk")


def _sealed_children() -> QuerySet[Any]:
    return Child.objects.filter(person__sealed_at__isnull=False).values("pk")


def _sealed_enquiries() -> QuerySet[Any]:
    return Enquiry.objects.filter(child__person__sealed_at__isnull=False).values("pk")


def register_history() -> None:
    """Records, names and what nobody is shown; called once from ``FamiliesConfig.ready``."""
    register_record(FAMILY_RECORD)
    register_record(PERSON_RECORD)
    register_names(User, user_names)
    register_names(Person, person_names)
    register_names(Child, child_names)
    register_names(Post, _post_names)
    register_names(ContactRisk, _risk_names)
    register_names(Enquiry, _enquiry_names)
    named_by(Address, str)
    named_by(Agency, lambda row: str(row.name))
    named_by(Team, lambda row: str(row.name))
    named_by(Family, lambda row: f"{row.name} family, case {row.case_number}")
    named_by(Pregnancy, lambda row: f"pregnancy expected {words.plain_date(row.expected_on)}")
    named_by(StrategyDiscussion, lambda row: f"strategy discussion of {words.plain_date(row.held_at)}")
    named_by(TransferIn, lambda row: f"move from {row.from_authority}")
    register_barred(Person, _sealed_persons)
    register_barred(Child, _sealed_children)
    register_barred(Enquiry, _sealed_enquiries)
    register_tasks(
        {
            "deadlines.sweep": "The clock that looks at time limits each minute",
            "deadlines.write_digests": "The writer of the daily digest",
            "deadlines.reconcile_all": "The nightly count of all time limits",
            "deadlines.extend_calendar": "The yearly addition to the calendar",
            "notifications.send_due": "The sender of messages",
        }
    )
