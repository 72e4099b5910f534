"""Find a family by what the user has at hand: part of any name, a birth date, a case number."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from accounts.models import User
from families.models import Allocation, Child, Family, FamilyMember, Person, PersonName
from families.name_keys import QUOTES, UNSEEN
from families.selectors.people import current_allocations, in_order_of_birth
from families.words import name_and_age
from govuk.search_terms import dates_in, plain_dashes, words_in
from govuk.words import short_date

# At most as long as any number we give; with a digit, so that a name is not one.
LOOKS_LIKE_A_NUMBER = re.compile(r"(?=.*\d)[A-Z0-9-]{1,20}")
LENGTH_OF_NHS_NUMBER = 10

# Ignored when comparing: people type "Zoe" and "Oneill" and mean "Zoë" and "O’Neill".
IGNORED = UNSEEN + QUOTES


class Folded(Func):
    """Lower-case text without accents and apostrophes."""

    template = (
        f"lower(regexp_replace(normalize(%(expressions)s, NFD), '[{IGNORED.replace(chr(39), chr(39) * 2)}]', '', 'g'))"
    )
    output_field = TextField()


def fold(text: str) -> str:
    """Return in Python what Folded computes in the database."""
    return re.sub(f"[{IGNORED}]", "", unicodedata.normalize("NFD", text)).lower()


@dataclass(frozen=True)
class Search:
    """What was read of a search: words of a name, days of birth, a number as it is written, dates not understood."""

    words: tuple[str, ...]
    births: tuple[tuple[datetime.date, datetime.date], ...]
    number: str
    not_understood: tuple[str, ...]


def read_term(term: str) -> Search:
    """Split a search into its words and its dates ("Brambley, Robin 14/5/2015", "2 Feb 2020")."""
    dates = dates_in(term)
    words = tuple(words_in(fold(dates.rest)))
    number = "".join(plain_dashes(term).split()).upper()
    return Search(words, dates.found, number if LOOKS_LIKE_A_NUMBER.fullmatch(number) else "", dates.not_understood)


def search_families(families: QuerySet[Family], term: str) -> QuerySet[Family]:
    """Return those of ``families`` that match ``term``; all of them when it is empty.

    Every word must be part of a name of one and the same member (any of their names, current or former) and a
    date must be that member's birth date; or the words are the family's name; or all of it is the case number, or
    a child's own number, NHS number or pupil number. Sealed and merged records are never found.
    """
    asked = read_term(term)
    if not (asked.words or asked.births or asked.number or asked.not_understood):
        return families
    found = _by_number(asked.number) if asked.number else Q(pk__in=[])
    if asked.words or asked.births:
        found |= Q(pk__in=_members_named(asked).values("family"))
    if asked.words and not asked.births:
        families = families.annotate(folded=Folded(F("name")))
        named = Q()
        for word in asked.words:
            named &= Q(folded__contains=word)
        found |= named
    return families.filter(found)


def _members_named(asked: Search) -> QuerySet[FamilyMember]:
    persons = Person.objects.findable().annotate(
        folded=Folded(
            Concat("given_name", Value(" "), "family_name", Value(" "), "unnamed_as", output_field=CharField())
        )
    )
    other_names = PersonName.objects.filter(person=OuterRef("pk")).annotate(
        folded=Folded(Concat("given_name", Value(" "), "family_name", output_field=CharField()))
    )
    for word in asked.words:
        persons = persons.filter(Q(folded__contains=word) | Exists(other_names.filter(folded__contains=word)))
    if asked.births:
        born = Q()
        for first, last in asked.births:
            born |= Q(birth_date__range=(first, last))
        persons = persons.filter(born)
    return FamilyMember.objects.filter(person__in=persons.values("pk"))


def _by_number(number: str) -> Q:
    """Match the family by its case number, or by a number of a child that can be found."""
    children = Child.objects.findable().order_by()
    persons = children.filter(Q(council_child_id__iexact=number) | Q(upn=number)).values("person")
    found = Q(pk__in=FamilyMember.objects.filter(person__in=persons).values("family"))
    digits = number.replace("-", "")
    if len(digits) == LENGTH_OF_NHS_NUMBER and digits.isdecimal():
        patients = Person.objects.findable().order_by().filter(nhs_number=digits).values("pk")
        found |= Q(pk__in=FamilyMember.objects.filter(person__in=patients).values("family"))
    return found | Q(case_number__iexact=number) | Q(case_number__istartswith=number)


@dataclass(frozen=True)
class ListedFamily:
    family: Family
    children: list[Child]
    social_workers: list[str]
    children_words: list[str]


def family_list(families: Sequence[Family], *, on: datetime.date) -> list[ListedFamily]:
    """Return a page of families, each with its children and allocated worker, in three queries."""
    ids = [family.pk for family in families]
    members = FamilyMember.objects.current(on=on).filter(family__in=ids)
    family_of: dict[int, list[int]] = defaultdict(list)
    for family_id, person_id in members.values_list("family_id", "person_id"):
        family_of[person_id].append(family_id)
    children: dict[int, list[Child]] = defaultdict(list)
    found: Iterable[Child] = in_order_of_birth(Child.objects.findable().filter(person__in=list(family_of)))
    for child in found.select_related("person", "pregnancy"):  # type: ignore[attr-defined]
        for family_id in family_of[child.person_id]:
            children[family_id].append(child)
    workers: dict[int, list[str]] = defaultdict(list)
    for allocation in current_allocations(ids, on=on):
        workers[allocation.family_id].append(allocation.user.name)
    return [
        ListedFamily(
            family=family,
            children=children[family.pk],
            social_workers=workers[family.pk],
            children_words=[_in_a_list(child, on) for child in children[family.pk]],
        )
        for family in families
    ]


def _in_a_list(child: Child, on: datetime.date) -> str:
    if child.is_unborn and child.expected_on:
        return f"unborn, expected {short_date(child.expected_on, today=on)}"
    return name_and_age(child.person, on=on)


def filter_families(
    families: QuerySet[Family], chosen: Mapping[str, Any], *, user: User, searching: bool, on: datetime.date
) -> QuerySet[Family]:
    """Filter by status, team and holder; defaults to open cases, or to all when searching."""
    status = chosen.get("status") or ("all" if searching else "")
    if status != "all":
        families = families.filter(closed_on__isnull=status != "closed")
    if chosen.get("team"):
        families = families.filter(team=chosen["team"])
    if chosen.get("whose") == "me":
        held = Allocation.objects.current(on=on).filter(user=user)
        families = families.filter(pk__in=held.values("family"))
    return families
