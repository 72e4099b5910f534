"""Defines the history records of a family and of a person."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.history.names import register_names, rows_at
from accounts.history.registry import Part, Record, register_record, register_tasks
from accounts.history.wording import user_names
from accounts.models import User
from families import models
from families.access import visible_families, visible_persons
from families.models import Child, Person


def _persons(user: User) -> QuerySet[Any]:
    return visible_persons(user).values("pk")


def _children(user: User) -> QuerySet[Any]:
    return Child.objects.filter(person__in=visible_persons(user).values("pk")).values("pk")


def _families(user: User) -> QuerySet[Any]:
    return visible_families(user).values("pk")


OF_MEMBERS = "person__memberships__family"
OF_CHILDREN = f"child__{OF_MEMBERS}"

# A family's history is what was recorded for the family, plus where and with whom its current members live and are
# known. What was recorded about a member by name belongs to that person, whose page has its own history.
FAMILY_RECORD = Record(
    "family",
    models.Family,
    (
        Part(models.Family),
        Part(models.FamilyMember),
        Part(models.Allocation),
        Part(models.Residence, (OF_MEMBERS,), only={"person_id": _persons}),
        Part(models.AgencyInvolvement, (OF_CHILDREN,), only={"child_id": _children}),
        Part(
            models.ContactRisk, (OF_MEMBERS,), only={"person_id": _persons, "children": _children, "protects": _persons}
        ),
        Part(models.SafetyAlert, (OF_MEMBERS, f"address__residences__{OF_MEMBERS}"), only={"person_id": _persons}),
        Part(models.StrategyDiscussion),
        Part(models.Enquiry, ("discussion__family",)),
        Part(models.FurtherDiscussion, ("discussion__family",)),
        Part(models.StartingDiscussion, ("enquiry__discussion__family",)),
        Part(models.TransferIn, ("family",)),
        Part(models.WorkOfPost),
        Part(models.WhereaboutsReveal, in_past=False),
    ),
)
TIES = {"person_id": _persons, "child_id": _children}
MEMBERSHIP = {"one": "Belonging to a family", "many": "Families", "titles": ("family_id",), "hidden": {"person"}}
# The page says that a pregnancy has ended; how is for a manager to read.
HOW_IT_ENDED_FOR_FEW = {"hidden": {"mother", "outcome"}}
PERSON_RECORD = Record(
    "person",
    Person,
    (
        Part(Person),
        Part(models.PersonName),
        Part(Child, ("person",)),
        Part(models.Pregnancy, ("children__person", "mother"), words=HOW_IT_ENDED_FOR_FEW),
        Part(models.ExpectedDate, ("pregnancy__children__person", "pregnancy__mother")),
        Part(models.FamilyMember, ("person",), only={"family_id": _families}, words=MEMBERSHIP),
        Part(models.Residence),
        Part(models.ContactPoint),
        Part(models.Relationship, ("person", "child__person"), only=TIES),
        Part(models.ParentalResponsibility, ("person", "child__person"), only=TIES),
        Part(models.ContactRisk, ("person",), only={"children": _children, "protects": _persons}),
        Part(models.SafetyAlert),
        Part(models.AgencyInvolvement, ("child__person",)),
        Part(models.LegalStatus, ("child__person",)),
        Part(models.Referral, ("child__person",)),
        Part(models.Enquiry, ("child__person",)),
        Part(models.TransferIn, ("child__person",)),
        Part(models.Adoption),
    ),
)

SEALED = "Someone whose record is sealed"


def _person_names(ids: set[int], at: datetime.datetime | None) -> Mapping[int, str]:
    """Return the names people had at the time; sealed records are never named."""
    found = {pk: row.full_name for pk, row in rows_at(Person, ids, at).items()}
    sealed = Person.objects.filter(pk__in=ids, sealed_at__isnull=False).values_list("pk", flat=True)
    return found | dict.fromkeys(sealed, SEALED)


def register_history() -> None:
    """Register records, names and labels for background tasks; called once from ``FamiliesConfig.ready``."""
    register_record(FAMILY_RECORD)
    register_record(PERSON_RECORD)
    register_names(User, user_names)
    register_names(Person, _person_names)
    register_tasks(
        {
            "deadlines.sweep": "The clock that looks at time limits each minute",
            "deadlines.write_digests": "The writer of the daily digest",
            "deadlines.reconcile_all": "The nightly count of all time limits",
            "deadlines.extend_calendar": "The yearly addition to the calendar",
            "notifications.send_due": "The sender of messages",
        }
    )
