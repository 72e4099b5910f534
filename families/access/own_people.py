"""Users never open their own people's records: who those are, by recorded ties and declared conflicts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Value

from accounts.models import User
from accounts.readers import Reader, ids_of_user
from accounts.request_cache import once_per_request
from accounts.rules import CompiledQuery
from families.models import ConflictOfInterest, FamilyMember, Person

Pairs = QuerySet[Any, Any]

# Paths from a person to the families they belong to, each separate so that it can use an index.
_TIES = (
    "person",
    "person__child__relationships__person",
    "person__child__responsibilities__person",
    "person__child__contact_risks__person",
    "person__child__pregnancy__mother",
)


# Paths to the families of close relatives: the parents of their children, the children of their parents, and those
# they live with now.
_FURTHER_TIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("person__relationships__child__person", {}),
    ("person__relationships__child__relationships__person", {}),
    (
        "person__residences__address__residences__person",
        {"person__residences__ends_on__isnull": True, "person__residences__address__residences__ends_on__isnull": True},
    ),
)


_RECORDS = ("", "merged_into__", "merged_from__")


def belonging() -> Pairs:
    """Return (family id, user id) pairs for every family that an account may never open.

    The set form of ``barred_families``: the same ties, for all accounts at once.
    """
    members = FamilyMember.objects.order_by()
    paths: list[tuple[str, dict[str, Any]]] = [
        (f"{path}__{record}user", extra)
        for path, extra in (*((path, {}) for path in _TIES), *_FURTHER_TIES)
        for record in _RECORDS
    ]
    paths += [
        (f"{path}__{record}conflicts__user", {f"{path}__{record}conflicts__ended_at__isnull": True})
        for path in _TIES
        for record in _RECORDS
    ]
    declared = ConflictOfInterest.objects.in_force().filter(family__isnull=False).order_by()
    return declared.values_list("family_id", "user").union(
        *(
            members.filter(**{f"{account}__isnull": False, **extra}).values_list("family_id", account)
            for account, extra in paths
        )
    )


def _records(reader: Reader) -> QuerySet[Any, Any]:
    """Return ids of the account's own person records, and of people and families it declared a conflict with."""
    persons = Person.objects.order_by()
    conflicts = ConflictOfInterest.objects.in_force().filter(user=reader.pk).order_by()
    own = [(persons.filter(**{f"{record}user": reader.pk}), "own", "pk") for record in _RECORDS]
    declared = [
        (conflicts.filter(**{f"{path}__isnull": False}), "declared", path)
        for path in ("person", "person__merged_into", "person__merged_from")
    ]
    found = [*own, *declared, (conflicts.filter(family__isnull=False), "family", "family")]
    first, *others = (rows.values_list(Value(kind), path) for rows, kind, path in found)
    return first.union(*others)


def _tied_families(_reader: Reader) -> QuerySet[Any, Any]:
    """Return the families of the account's own records and of people with whom it declared a conflict."""
    members = FamilyMember.objects.order_by()
    ties: list[tuple[str, Any, dict[str, Any]]] = [
        (path, people, {}) for people in (OWN_RECORDS, DECLARED_RECORDS) for path in _TIES
    ]
    ties += [(path, OWN_RECORDS, extra) for path, extra in _FURTHER_TIES]
    first, *others = (
        members.filter(**{f"{path}__one_of": people, **extra}).values_list("family") for path, people, extra in ties
    )
    return first.union(*others)


_ask_records, _ask_tied_families = CompiledQuery(_records), CompiledQuery(_tied_families)


def _records_of(user: User) -> dict[str, list[int]]:
    """Return the account's own and declared records by kind, usually none or one of each; cached for the request."""

    def ask() -> dict[str, list[int]]:
        found: dict[str, list[int]] = {"own": [], "declared": [], "family": []}
        for kind, pk in _ask_records.rows(user):
            found[kind].append(pk)
        return found

    return once_per_request(("records", user.pk), ask)


def own_people(user: User) -> list[int]:
    """Return the ids of the account holder's own records and of people with whom they declared a conflict."""
    records = _records_of(user)
    return [*records["own"], *records["declared"]]


def barred_families(user: User) -> list[int]:
    """Return the ids of families the user may never open: their own, or with a declared conflict.

    Only a handful, even for someone with a large family.
    """

    def ask() -> list[int]:
        records = _records_of(user)
        is_tied = records["own"] or records["declared"]
        tied = [pk for (pk,) in _ask_tied_families.rows(user)] if is_tied else []
        return [*records["family"], *tied]

    return once_per_request(("barred families", user.pk), ask)


# The same ids as query parameters, compared with ``__one_of`` in conditions.
OWN_RECORDS = ids_of_user("own records", lambda user: _records_of(user)["own"])


DECLARED_RECORDS = ids_of_user("declared records", lambda user: _records_of(user)["declared"])


OWN_PEOPLE = ids_of_user("own people", own_people)


BARRED_FAMILIES = ids_of_user("barred families", barred_families)
