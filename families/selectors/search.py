"""Find a family by what the user has at hand: part of any name, a birth date, a case number."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dateutil import parser
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from accounts.models import User
from families.models import Allocation, Child, Family, FamilyMember, Person, PersonName
from families.selectors.people import current_allocations, in_order_of_birth
from families.words import name_and_age
from govuk.words import short_date

# Ignored when comparing: people type "Zoe" and "Oneill" and mean "Zoë" and "O’Neill".
IGNORED = "\u0300-\u036f'\u2019\u2018\u02bc`\u00b4"
DATE = re.compile(
    r"\b(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.\-\s]\d{1,2}[/.\-\s]\d{4}|\d{1,2}\s+[A-Za-z]{3,9}\.?,?\s+\d{4})\b"
)


class Folded(Func):
    """Lower-case text without accents and apostrophes."""

    template = (
        f"lower(regexp_replace(normalize(%(expressions)s, NFD), '[{IGNORED.replace(chr(39), chr(39) * 2)}]', '', 'g'))"
    )
    output_field = TextField()


def fold(text: str) -> str:
    """Return in Python what Folded computes in the database."""
    return re.sub(f"[{IGNORED}]", "", unicodedata.normalize("NFD", text)).lower()


def read_term(term: str) -> tuple[list[str], datetime.date | None]:
    """Split a search into its words and its date, if it has one ("Robin 14/5/2015", "2 Feb 2020")."""
    birth_date = None
    found = DATE.search(term)
    if found:
        try:
            birth_date = parser.parse(found[0], dayfirst=not re.match(r"\d{4}", found[0])).date()
        except (parser.ParserError, OverflowError):
            birth_date = None
        else:
            term = term[: found.start()] + " " + term[found.end() :]
    return fold(term).split(), birth_date


def search_families(families: QuerySet[Family], term: str) -> QuerySet[Family]:
    """Return those of ``families`` that match ``term``; all of them when it is empty.

    Every word must be part of a name of one and the same member (any of their names, current or former) and a
    date must be that member's birth date; or the words are the family's name or case number. Sealed and merged
    records are never found.
    """
    words, birth_date = read_term(term)
    if not words and birth_date is None:
        return families
    persons = Person.objects.findable().annotate(
        folded=Folded(
            Concat("given_name", Value(" "), "family_name", Value(" "), "unnamed_as", output_field=CharField())
        )
    )
    other_names = PersonName.objects.filter(person=OuterRef("pk")).annotate(
        folded=Folded(Concat("given_name", Value(" "), "family_name", output_field=CharField()))
    )
    for word in words:
        persons = persons.filter(Q(folded__contains=word) | Exists(other_names.filter(folded__contains=word)))
    if birth_date is not None:
        persons = persons.filter(birth_date=birth_date)
    found = Q(pk__in=FamilyMember.objects.filter(person__in=persons.values("pk")).values("family"))
    if words and birth_date is None:
        families = families.annotate(folded=Folded(F("name")))
        named = Q()
        for word in words:
            named &= Q(folded__contains=word)
        found |= named | Q(case_number__iexact="".join(words)) | Q(case_number__startswith="".join(words))
    return families.filter(found)


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
