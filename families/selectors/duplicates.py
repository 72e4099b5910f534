"""Records that may already be about the person, family or worker being entered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.db.models import F, Q, QuerySet

from families.enums import ContactKind
from families.hidden_words import tokens
from families.likeness import born_near, name_parts, shares_each
from families.models import Agency, ContactPoint, Family, Person, PersonName, Post
from families.name_keys import FAMILY_KEYS, OTHER_NAME_KEYS, PERSON_KEYS
from families.word_forms import KINDS_OF_PLACE, spellings

# As many as someone compares before ticking "someone else".
MOST_SHOWN = 10
# Of a word of an agency's name, misspelt: one letter of five to eight, more of a longer one.
LETTERS_TO_COMPARE = 5
NEARLY_THE_SAME = 0.85


def likely_duplicates(
    persons: QuerySet[Person],
    *,
    given_name: str,
    family_name: str,
    birth_date: datetime.date | None = None,
    nhs_number: str = "",
    email: str = "",
) -> list[Person]:
    """Return those of ``persons`` who may be the person described, the surest first.

    That is the same NHS number; the same mailbox; a name that sounds alike, unless both dates of birth are known and
    differ; or a first or a last name that sounds alike with the same date of birth: "Tom" and "Thomas", or twins.
    Any of their names counts, in any order, with or without middle names and hyphens. Pass only persons whom the
    user may see: the answer reveals that a record exists.
    """
    sure = Q(nhs_number=nhs_number) if nhs_number else Q(pk__in=[])
    if email:
        sure |= _reads_mailbox(email)
    parts = name_parts(given_name, family_name)
    whole = sounding_alike(parts) if len(parts) > 1 else Q(pk__in=[])
    if len(parts) == 1:
        alike = sounding_alike(parts, birth_date=birth_date) if birth_date else Q(pk__in=[])
    elif birth_date:
        alike = whole & (Q(birth_date__isnull=True) | born_near(birth_date))
        alike |= sounding_alike(parts[:1], birth_date=birth_date)
        alike |= sounding_alike(parts[1:], birth_date=birth_date)
    else:
        alike = whole
    found = persons.filter(sure | alike).select_related("child")
    return list(found.order_by(F("birth_date").asc(nulls_last=True), "pk")[:MOST_SHOWN])


def likely_families(families: QuerySet[Family], *, name: str) -> list[Family]:
    """Return those of ``families`` whose name sounds like ``name``, open ones first."""
    parts = name_parts("", name)
    if not parts:
        return []
    found = families.alias(keys=FAMILY_KEYS).filter(shares_each(parts))
    return list(found.order_by(F("closed_on").desc(nulls_first=True), "pk")[:MOST_SHOWN])


def likely_agencies(agencies: QuerySet[Agency], *, kind: str, name: str) -> list[Agency]:
    """Return those of ``agencies`` of that kind whose name says the same, in any order and in short forms.

    What says only what kind of place it is ("Primary School") makes no difference, nor do a few letters of a word.
    """
    asked = _tells(name)
    of_kind = agencies.filter(kind=kind)
    return [row for row in of_kind if _says_the_same(asked, _tells(row.name))][:MOST_SHOWN] if asked else []


def _tells(name: str) -> list[str]:
    """Return the words of an agency's name without those of its kind, unless it has no others."""
    words = [word for word in tokens(name) if word not in {"the", "and"}]
    return [word for word in words if not set(spellings(word)) & KINDS_OF_PLACE] or words


def _says_the_same(one: list[str], other: list[str]) -> bool:
    fewer, more = sorted((one, other), key=len)
    if "".join(one) == "".join(other):
        return True
    return bool(fewer) and all(any(_is_same_word(word, beside) for beside in more) for word in fewer)


def _is_same_word(one: str, other: str) -> bool:
    if set(spellings(one)) & set(spellings(other)):
        return True
    long = min(len(one), len(other)) >= LETTERS_TO_COMPARE
    return long and SequenceMatcher(None, one, other).ratio() >= NEARLY_THE_SAME


def sounding_alike(parts: Sequence[Sequence[str]], *, birth_date: datetime.date | None = None) -> Q:
    """Match people, born on ``birth_date`` if given, whose own or other names share a key with every part.

    Each subquery is answered by an index.
    """
    if not parts:
        return Q(pk__in=[])
    own = Person.objects.order_by().alias(keys=PERSON_KEYS)
    other = PersonName.objects.order_by().alias(keys=OTHER_NAME_KEYS)
    if birth_date:
        own, other = own.filter(birth_date=birth_date), other.filter(person__birth_date=birth_date)
    found = Q(pk__in=own.filter(shares_each(parts)).values("pk"))
    found |= Q(pk__in=other.filter(shares_each(parts)).values("person"))
    if len(parts) > 1:
        for first, second in (parts[:1], parts[1:]), (parts[1:], parts[:1]):
            mixed = other.filter(shares_each(first))
            found |= Q(pk__in=mixed.filter(person__in=own.filter(shares_each(second)).values("pk")).values("person"))
    return found


def _reads_mailbox(email: str) -> Q:
    points = ContactPoint.objects.order_by().filter(
        kind=ContactKind.EMAIL, value__iexact=email, ends_on__isnull=True, confidential=False
    )
    posts = Post.objects.order_by().filter(email__iexact=email, ends_on__isnull=True)
    return Q(pk__in=points.values("person")) | Q(pk__in=posts.values("person"))
