"""The babies of one birth: which of them are recorded already, and what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from families.models import Child, Person, Pregnancy
from families.services.people import PersonFacts

NUMBERED = re.compile(r" \(\d+ of \d+\)$")


@dataclass(frozen=True, kw_only=True)
class Birth:
    """One baby of a birth: the unborn child it was, or None for an unexpected baby."""

    child: Child | None
    facts: PersonFacts


def already_made(pregnancy: Pregnancy, birth: Birth) -> Child | None:
    """Return the child of an unexpected baby that was recorded before with the same name and date of birth."""
    born = Child.objects.filter(
        pregnancy=pregnancy, born_order__gt=pregnancy.number_expected, person__birth_date=birth.facts.birth_date
    )
    same = born.filter(person__given_name__iexact=birth.facts.given_name.strip())
    return same.select_related("person").first()


def told_apart(pregnancy: Pregnancy, births: Sequence[Birth], places: Sequence[int]) -> list[Birth]:
    """Return the births, each with a name that no other baby of the pregnancy has.

    Without a first name twins are "Baby Brambley (1 of 2)" and so on; one called "Baby Brambley" before an unexpected
    one came is numbered too. Raises ValidationError where two are given the same first name.
    """
    rows = list(Child.objects.filter(pregnancy=pregnancy).select_related("person").order_by("born_order", "pk"))
    made = {found.pk for birth in births if (found := birth.child or already_made(pregnancy, birth))}
    new = [birth for birth in births if birth.child is None and already_made(pregnancy, birth) is None]
    given = [birth.facts.given_name.strip().casefold() for birth in births if birth.facts.given_name.strip()]
    given += [row.person.given_name.casefold() for row in rows if row.person.given_name and row.pk not in made]
    if len(set(given)) < len(given):
        raise ValidationError("Two babies of this birth have the same first name. Give each a name of its own.")
    living = sum(row.person.death_date is None for row in rows) + len(new)
    if living <= 1:
        return list(births)
    total = len(rows) + len(new)
    for place, row in enumerate(rows, start=1):
        if row.person.birth_date and not row.person.given_name and not NUMBERED.search(row.person.unnamed_as):
            person = Person.objects.select_for_update(no_key=True).get(pk=row.person_id)
            person.unnamed_as = f"{person.unnamed_as} ({row.born_order or place} of {total})"
            person.save(update_fields=["unnamed_as"])
    return [
        replace(birth, facts=replace(birth.facts, unnamed_as=f"{birth.facts.unnamed_as} ({place} of {total})"))
        if birth.facts.unnamed_as and not birth.facts.given_name.strip()
        else birth
        for birth, place in zip(births, places, strict=True)
    ]
