"""Finds the children a caller on the telephone may mean: a name as heard, a birth, a house."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from django.db.models import Q, QuerySet

from families.likeness import Agrees, birth_agrees, born_near
from families.models import Address, Child, Person, PersonName, Residence
from families.name_keys import OTHER_NAME_KEYS, PERSON_KEYS, keys_of
from families.selectors.search import fold
from families.services.whereabouts import clean_postcode
from families.sounds import ADDRESS_KEY, address_key_of

# How alike two words are spelled before one is taken for the other misheard.
LOOKS_LIKE = 0.7
POSTCODE = re.compile(r"\b([A-Za-z]{1,2}\d[A-Za-z\d]?)\s*(\d[A-Za-z]{2})\b")


@dataclass(frozen=True)
class Asked:
    """What a caller asks about; at least one of name, birth and address is given."""

    name: str = ""
    birth_date: datetime.date | None = None
    birth_date_is_about: bool = False
    address: str = ""


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
    clues = _clues(asked, among)
    house, street, near = clues.house, clues.street, clues.near
    wanted = clues.whole | (clues.part & (near | house | street)) | (near & (house | street))
    if not clues.words:
        wanted = near if not asked.address else (near & (house | street) if asked.birth_date else house)
    found = _candidates(clues, among, wanted, mothers=clues.whole)
    if any(row.birth == Agrees.YES and row.name != Agrees.NO for row in found):
        found = [row for row in found if row.birth != Agrees.NO]
    if any(row.name == Agrees.YES and row.is_sure for row in found):
        # A twin or sibling shares the last name and the birth or the house.
        found = [row for row in found if row.name == Agrees.YES]
    return sorted(found, key=lambda row: (-_weight(row), row.child.pk))


def near_children(asked: Asked, *, among: QuerySet[Child, Any]) -> list[Candidate]:
    """Return which of ``among`` come near what was asked, where find_children finds none.

    One fact agrees or nearly does, and another is missing or may have been misheard: one word of the name, with no
    date of birth to compare; the house or postcode; or the date of birth with a name that looks like it. A date of
    birth that does not agree rules a child out.
    """
    clues = _clues(asked, among)
    lives = clues.house | (set() if clues.words and asked.birth_date else clues.street)
    found = _candidates(clues, among, clues.part | lives | clues.near, mothers=clues.part)
    return [
        row
        for row in found
        if row.birth != Agrees.NO
        and (
            row.child.person_id in lives
            or row.name != Agrees.NO
            or not clues.words
            or _looks_like(clues.words, row.child.person)
        )
    ]


@dataclass(frozen=True)
class _Clues:
    """Whom each fact points to, as person ids: every word, one word, the house, its postcode, about the birth."""

    asked: Asked
    words: list[str]
    whole: set[int]
    part: set[int]
    house: set[int]
    street: set[int]
    near: set[int]


def _clues(asked: Asked, among: QuerySet[Child, Any]) -> _Clues:
    words = words_of(asked.name)
    by_word = _persons_by_word(words, among)
    house, street = _persons_by_address(asked.address)
    day = asked.birth_date
    born = born_near(day, is_about=asked.birth_date_is_about, person="person__") if day else None
    return _Clues(
        asked=asked,
        words=words,
        whole=set.intersection(*by_word) if by_word else set(),
        part=set.union(*by_word) if by_word else set(),
        house=house,
        street=street,
        near=set(among.filter(born).values_list("person_id", flat=True)) if born else set(),
    )


def _candidates(clues: _Clues, among: QuerySet[Child, Any], wanted: set[int], *, mothers: set[int]) -> list[Candidate]:
    children = among.filter(
        Q(person__in=wanted) | Q(pregnancy__mother__in=mothers, person__birth_date__isnull=True)
    ).select_related("person", "pregnancy__mother")
    return [
        Candidate(
            child=child,
            name=_fit(clues, child),
            birth=birth_agrees(
                clues.asked.birth_date,
                child.person.birth_date,
                precision=child.person.birth_date_precision,
                is_about=clues.asked.birth_date_is_about,
            ),
            house=Agrees.YES
            if child.person_id in clues.house
            else Agrees.NEAR
            if child.person_id in clues.street
            else Agrees.UNKNOWN,
        )
        for child in children.order_by("pk")
    ]


def _looks_like(words: list[str], person: Person) -> bool:
    """Return whether a word is spelled nearly like one of the name, however that sounds."""
    name = words_of(person.full_name)
    return any(SequenceMatcher(None, word, known).ratio() >= LOOKS_LIKE for word in words for known in name)


def words_of(name: str) -> list[str]:
    """Return the words of a name as they are compared; initials don't count."""
    return [word for word in re.findall(r"\w+", fold(name)) if len(word) > 1]


def _weight(row: Candidate) -> int:
    points = {Agrees.YES: 3, Agrees.NEAR: 2, Agrees.UNKNOWN: 1, Agrees.NO: 0}
    return points[row.name] + points[row.birth] + points[row.house]


def _fit(clues: _Clues, child: Child) -> Agrees:
    if not clues.words:
        return Agrees.UNKNOWN
    mother = child.pregnancy.mother_id if child.pregnancy and child.person.birth_date is None else None
    if child.person_id in clues.whole:
        return Agrees.YES
    return Agrees.NEAR if child.person_id in clues.part or mother in clues.part else Agrees.NO


def _persons_by_word(words: list[str], among: QuerySet[Child, Any]) -> list[set[int]]:
    """Return, for each word, which of the children and their mothers have a name that sounds like it.

    A word counts alone or joined to its neighbour.
    """
    pairs = ["".join(pair) for pair in pairwise(words)]
    keys = keys_of([*words, *pairs])
    alone, joined = keys[: len(words)], keys[len(words) :]
    rows = among.order_by().values_list("person_id", "pregnancy__mother") if words else []
    ids = {pk for row in rows for pk in row if pk}
    own = Person.objects.order_by().filter(pk__in=ids).alias(keys=PERSON_KEYS)
    other = PersonName.objects.order_by().filter(person__in=ids).alias(keys=OTHER_NAME_KEYS)
    found = []
    for place in range(len(words)):
        group = {*alone[place]}
        for pair in (place - 1, place):
            if 0 <= pair < len(joined):
                group.update(_of_the_pair(joined[pair], alone[pair], alone[pair + 1]))
        persons = own.filter(keys__overlap=sorted(group))
        others = other.filter(keys__overlap=sorted(group))
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
