"""The children a paper of a core group or a plan is about, those around them, and who may read about whom."""

from __future__ import annotations

import datetime

from conferences.selectors.children import names_in_a_sentence, readers_of, short_name_of
from families.enums import DatePrecision
from families.models import Child
from families.selectors import recorded_ties
from reports.content.shared import Json


def family_around(family_id: int | None, children: list[Child]) -> list[Child]:
    """Return these children and their brothers and sisters in the family."""
    rows = Child.objects.filter(person__memberships__family=family_id) | Child.objects.filter(
        pk__in=[child.pk for child in children]
    )
    return list(rows.select_related("person", "pregnancy").prefetch_related("person__names").distinct().order_by("pk"))


def child_row(child: Child, *, on: datetime.date) -> Json:
    """Return who a child is, as a paper prints it, with the names a text may use."""
    person = child.person
    return {
        "id": child.pk,
        "person": person.pk,
        "full_name": person.full_name,
        "short_name": short_name_of(child),
        "names": names_in_a_sentence(person),
        "unborn": child.is_unborn,
        "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        "birth_note": " (estimated)" if person.birth_date_precision == DatePrecision.ESTIMATED else "",
        "expected_on": child.expected_on.isoformat() if child.is_unborn and child.expected_on else "",
        "age": person.age(on),
        "gp": [],
        "school": [],
    }


def outside_rows(children: list[Child], around: list[Child], *, on: datetime.date) -> list[Json]:
    """Return the brothers and sisters the paper is not about, with who may read about each."""
    about = {child.pk for child in children}
    parents = recorded_ties(children, on=on).person_ids
    others = [child for child in around if child.pk not in about and child.person_id not in parents]
    ties = recorded_ties(others, on=on)
    return [
        {
            "id": None,
            "names": names_in_a_sentence(child.person),
            "full_name": child.person.full_name,
            "unborn": child.is_unborn,
            "read_by": sorted({child.person_id, *readers_of(ties, child, on=on)}),
        }
        for child in others
    ]
