from __future__ import annotations

import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Trim

from families.models import Person, PersonName
from families.selectors.search import Folded, fold


def likely_duplicates(
    persons: QuerySet[Person],
    *,
    given_name: str,
    family_name: str,
    birth_date: datetime.date | None,
    nhs_number: str = "",
) -> list[Person]:
    """Return those of ``persons`` with the same NHS number, or the same name and date of birth.

    Any of their names counts, ignoring accents and apostrophes. Pass only persons whom the user may see: the
    answer reveals that a record exists.
    """
    same: Q = Q(nhs_number=nhs_number) if nhs_number else Q(pk__in=[])
    if birth_date is not None and (given_name or family_name):
        name = fold(f"{given_name} {family_name}".strip())
        names = PersonName.objects.filter(person=OuterRef("pk")).annotate(folded=_folded_name()).filter(folded=name)
        persons = persons.annotate(folded=_folded_name())
        same = same | Q(birth_date=birth_date, folded=name) | (Q(birth_date=birth_date) & Q(Exists(names)))
    return list(persons.filter(same).select_related("child").order_by("pk")[:10])


def _folded_name() -> Folded:
    return Folded(Trim(Concat(F("given_name"), Value(" "), F("family_name"), output_field=CharField())))
