"""Sealed records in bundles: which there are around a person, which an order covers, and what concerns one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from accounts.case_data import Table
from accounts.models import User
from conferences.models import ConferenceChild
from entitlement import names_somebody
from families.models import Adoption, Child, Person
from families.selectors.adoptions import adoptions_seen_by
from families.selectors.whereabouts import circle_of
from records.models import Disclosure

OF_PEOPLE = (Person, Child, ConferenceChild)


@dataclass(frozen=True)
class Sealed:
    """Sealed records that the order of a bundle does not cover: ids of persons and children, and their names.

    ``is_about_one`` says that the bundle's own person is among them.
    """

    persons: frozenset[int] = frozenset()
    children: frozenset[int] = frozenset()
    names: tuple[tuple[str, ...], ...] = ()
    is_about_one: bool = False

    def concerns(self, row: Model, table: Table, text: str) -> bool:
        """Return whether a row is about one of them, is linked to one, or names one."""
        if not self.persons:
            return False
        if self.is_about_one:
            return True
        return (
            isinstance(row, Adoption)
            or any(self._holds(found) for found in _linked(row, table))
            or any(names_somebody(text, names) for names in self.names)
        )

    def _holds(self, found: Any) -> bool:
        if isinstance(found, Person):
            return found.pk in self.persons
        child_id = found.child_id if isinstance(found, ConferenceChild) else found.pk
        return child_id in self.children


def _linked(row: Any, table: Table) -> list[Any]:
    """Return the persons and children to whom a row leads, by its own links and by the paths of its declaration."""
    found = [getattr(row, one.name) for one in row._meta.concrete_fields if one.related_model in OF_PEOPLE]
    for one in row._meta.many_to_many:
        if one.related_model in OF_PEOPLE:
            found += list(getattr(row, one.name).all())
    about = table.about if isinstance(table.about, str) else ""
    for path in filter(None, (table.child, table.person, about, *table.names)):
        found += _at(row, path.split("__"))
    return [one for one in found if isinstance(one, OF_PEOPLE)]


def _at(row: Any, path: list[str]) -> list[Any]:
    if row is None or not path:
        return [] if row is None else [row]
    found = getattr(row, path[0], None)
    rows: Any = found.all() if hasattr(found, "all") else [found]  # type: ignore[union-attr]
    return [one for each in rows for one in _at(each, path[1:])]


def sealed_around(person: Person) -> list[Person]:
    """Return the sealed records among the people of a person's families and ties, their own included."""
    own = list(Child.objects.filter(person=person))
    tied = Child.objects.filter(
        Q(relationships__person=person) | Q(person__memberships__family__members__person=person)
    )
    circle = circle_of([*own, *tied.distinct()]) | {person.pk}
    sealed = Person.objects.filter(pk__in=circle, sealed_at__isnull=False)
    return list(sealed.select_related("child").prefetch_related("names").order_by("pk"))


def closed_to(disclosure: Disclosure, *, named: Mapping[int, Collection[str]]) -> Sealed:
    """Return the sealed records that no order noted on the bundle covers; ``named`` says what texts call each."""
    covered = set(disclosure.sealed_covers.values_list("person_id", flat=True)) if disclosure.is_for_court else set()
    rows = [row for row in sealed_around(disclosure.person) if row.pk not in covered]
    return Sealed(
        persons=frozenset(row.pk for row in rows),
        children=frozenset(row.child.pk for row in rows if hasattr(row, "child")),
        names=tuple(tuple(named.get(row.pk, ())) for row in rows if row.pk != disclosure.person_id),
        is_about_one=any(row.pk == disclosure.person_id for row in rows),
    )


def may_be_covered(disclosure: Disclosure, user: User) -> list[Adoption]:
    """Return the orders over sealed records around the bundle's person that the user may still see, not covered yet."""
    around = [row.pk for row in sealed_around(disclosure.person)]
    covered = disclosure.sealed_covers.values("person")
    return list(adoptions_seen_by(user).filter(person__in=around, sealed_at__isnull=False).exclude(person__in=covered))


def may_see_sealed(user: User, person: Person) -> bool:
    """Return whether the user is among those who may still see a sealed record."""
    return adoptions_seen_by(user).filter(person=person, sealed_at__isnull=False).exists()


def may_open_file(disclosure: Disclosure, user: User) -> bool:
    """Return whether the user may see every sealed record that the bundle's file holds."""
    covered = set(disclosure.sealed_covers.values_list("person_id", flat=True))
    return covered <= set(adoptions_seen_by(user).values_list("person_id", flat=True)) if covered else True
