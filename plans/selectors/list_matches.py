"""Finds the children a caller on the telephone may mean: a name as heard, a birth, a house."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any

from django.db.models import Q, QuerySet

from families.enums import DatePrecision
from families.models import Address, Child, Person, PersonName, Residence
from families.selectors.search import fold
from families.services.whereabouts import clean_postcode
from families.sounds import ADDRESS_KEY, OTHER_NAME_SOUNDS, PERSON_SOUNDS, address_key_of, sounds_of

POSTCODE = re.compile(r"\b([A-Za-z]{1,2}\d[A-Za-z\d]?)\s*(\d[A-Za-z]{2})\b")


@dataclass(frozen=True)
class Asked:
    """What a caller asks about; at least one of name, birth and address is given."""

    name: str = ""
    birth_date: datetime.date | None = None
    birth_date_is_about: bool = False
    address: str = ""


class Agrees(Enum):
    """How well a fact given by the caller fits a recorded one."""

    YES = "agrees"
    NEAR = "nearly agrees"
    NO = "does not agree"
    UNKNOWN = "is not known"


@dataclass(frozen=True)
class Candidate:
    """A child the caller may mean, with how well each fact fits."""

    child: Child
    name: Agrees
    birth: Agrees
    house: Agrees

    @property
    def is_sure(self) -> bool:
        """Return whether two facts agree that no one shares by chance: a name alone is never enough."""
        named, born = self.name in (Agrees.YES, Agrees.NEAR), self.birth == Agrees.YES
        return (named and born) or (self.house == Agrees.YES and (born or self.name == Agrees.YES))


def find_children(asked: Asked, *, among: QuerySet[Child, Any]) -> list[Candidate]:
    """Return which of ``among`` the caller may mean, the surest first; a fixed number of queries.

    A child matches if their names contain every word given, as it sounds; or one word, and birth or house
    agrees too; or if birth and house both agree. Where a matching birth singles out a child, the others are
    left out.
    """
    words = [word for word in re.findall(r"\w+", fold(asked.name)) if len(word) > 1]
    by_word = _persons_by_word(words)
    whole = set.intersection(*by_word) if by_word else set()
    part = set.union(*by_word) if by_word else set()
    house, street = _persons_by_address(asked.address)
    near = set(among.filter(_born_near(asked)).values_list("person_id", flat=True)) if asked.birth_date else set()
    wanted = whole | (part & (near | house | street)) | (near & (house | street))
    if not words:
        wanted = near if not asked.address else (near & (house | street) if asked.birth_date else house)
    children = among.filter(
        Q(person__in=wanted) | Q(pregnancy__mother__in=whole, person__birth_date__isnull=True)
    ).select_related("person", "pregnancy__mother")
    found = [
        Candidate(
            child=child,
            name=_fit(bool(words), child, whole, part),
            birth=_birth_fits(asked, child.person),
            house=Agrees.YES
            if child.person_id in house
            else Agrees.NEAR
            if child.person_id in street
            else Agrees.UNKNOWN,
        )
        for child in children.order_by("pk")
    ]
    if any(row.birth == Agrees.YES and row.name != Agrees.NO for row in found):
        found = [row for row in found if row.birth != Agrees.NO]
    if any(row.name == Agrees.YES and row.is_sure for row in found):
        # A twin or sibling shares the last name and the birth or the house.
        found = [row for row in found if row.name == Agrees.YES]
    return sorted(found, key=lambda row: (-_weight(row), row.child.pk))


def _weight(row: Candidate) -> int:
    points = {Agrees.YES: 3, Agrees.NEAR: 2, Agrees.UNKNOWN: 1, Agrees.NO: 0}
    return points[row.name] + points[row.birth] + points[row.house]


def _fit(asked: bool, child: Child, whole: set[int], part: set[int]) -> Agrees:
    if not asked:
        return Agrees.UNKNOWN
    mother = child.pregnancy.mother_id if child.pregnancy and child.person.birth_date is None else None
    if child.person_id in whole:
        return Agrees.YES
    return Agrees.NEAR if child.person_id in part or mother in whole else Agrees.NO


def _persons_by_word(words: list[str]) -> list[set[int]]:
    """Return, for each word, the ids of people with a name that sounds like it, alone or joined to its neighbour."""
    pairs = ["".join(pair) for pair in pairwise(words)]
    keys = sounds_of([*words, *pairs])
    alone, joined = keys[: len(words)], keys[len(words) :]
    found = []
    for place in range(len(words)):
        group = {*alone[place]}
        for pair in (place - 1, place):
            if 0 <= pair < len(joined):
                group.update(_of_the_pair(joined[pair], alone[pair], alone[pair + 1]))
        persons = Person.objects.order_by().alias(sounds=PERSON_SOUNDS).filter(sounds__overlap=sorted(group))
        others = PersonName.objects.order_by().alias(sounds=OTHER_NAME_SOUNDS).filter(sounds__overlap=sorted(group))
        found.append(set(persons.values_list("pk", flat=True)) | set(others.values_list("person_id", flat=True)))
    return found


def _of_the_pair(joined: list[str], *alone: list[str]) -> set[str]:
    return set(joined) - {key for keys in alone for key in keys}


def _persons_by_address(said: str) -> tuple[set[int], set[int]]:
    """Return who lives at the house given, and who in its postcode; confidential addresses never count.

    A match on a hidden address would give it away: an address hidden for one person is hidden for everyone
    there.
    """
    if not said:
        return set(), set()
    written = POSTCODE.search(said)
    postcode = clean_postcode(written[0]) if written else ""
    key = address_key_of(POSTCODE.sub("", said))
    houses = Address.objects.order_by().alias(house=ADDRESS_KEY).filter(house=key) if key else Address.objects.none()
    if postcode:
        houses = houses.filter(postcode__in=[postcode, ""])
    area = Address.objects.filter(postcode=postcode) if postcode else Address.objects.none()
    return _living_at(houses), _living_at(area)


def _living_at(addresses: QuerySet[Address]) -> set[int]:
    ids = list(addresses.values_list("pk", flat=True))
    hidden = Residence.objects.filter(address__in=ids, confidential=True).values("address")
    rows = Residence.objects.filter(address__in=ids, ends_on__isnull=True).exclude(address__in=hidden)
    return set(rows.values_list("person_id", flat=True)) if ids else set()


def _born_near(asked: Asked) -> Q:
    """Match births in the year given or an adjacent one; ``_birth_fits`` makes the finer comparison."""
    day = asked.birth_date
    assert day is not None  # noqa: S101 asked for only where there is one
    first, last = datetime.date(day.year - 1, 1, 1), datetime.date(day.year + 1, 12, 31)
    beside = Q(person__birth_date__gte=first, person__birth_date__lte=last)
    if asked.birth_date_is_about:
        return beside
    swapped = [datetime.date(day.year, day.day, day.month)] if day.day <= 12 else []  # noqa: PLR2004 months
    other_years = [day.replace(year=year) for year in (day.year - 1, day.year + 1) if _exists(day, year)]
    exact = Q(person__birth_date__in=[day, *swapped, *other_years])
    month = Q(person__birth_date__year=day.year, person__birth_date__month=day.month)
    same_day = Q(person__birth_date__year=day.year, person__birth_date__day=day.day)
    estimated = Q(person__birth_date_precision=DatePrecision.ESTIMATED)
    return beside & (exact | month | same_day | estimated)


def _exists(day: datetime.date, year: int) -> bool:
    return (day.month, day.day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _birth_fits(asked: Asked, person: Person) -> Agrees:
    if asked.birth_date is None or person.birth_date is None:
        return Agrees.UNKNOWN
    day, known = asked.birth_date, person.birth_date
    if day == known:
        return Agrees.YES
    if abs(day.year - known.year) > 1:
        return Agrees.NO
    if asked.birth_date_is_about or person.birth_date_precision == DatePrecision.ESTIMATED:
        return Agrees.NEAR
    same = (day.year == known.year) + (day.month == known.month) + (day.day == known.day)
    swapped = (day.year, day.month, day.day) == (known.year, known.day, known.month)
    return Agrees.NEAR if same >= 2 or swapped else Agrees.NO  # noqa: PLR2004 two of day, month and year
