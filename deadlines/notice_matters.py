"""What notices are about, and whether that still waits. Apps connect their matters in ``hooks.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from deadlines.models import DeadlineNotice
from families.models import BreakGlass, Child, FamilyMember
from families.selectors.names import full_name_in_sql
from govuk.hook import Hook

MOST_DIGITS = 18


@dataclass(frozen=True, eq=False)
class NoticeMatter:
    """The row that a notice is about whose key begins with ``<prefix>:<id of the row>``.

    ``family`` is the way to the id of the family (``family_of_person`` where there is none), ``person`` to a person
    whom the notice is about: both are named to readers who may open that family. ``waits`` is where the row still
    waits for someone; without it a notice is news, and stands until it was seen. ``ending`` limits it to keys that end
    so. What is ``decided`` stands in "For you to decide", not among notices.
    """

    prefix: str
    rows: Callable[[], QuerySet[Any]]
    family: str | Combinable = ""
    person: str | Combinable = ""
    waits: Q | None = None
    ending: str = ""
    decided: bool = False

    def row_id(self, key: str) -> int | None:
        """Return the id in the key of a notice about such a row; None where it is about something else."""
        prefix, *rest = key.split(":")
        if prefix != self.prefix or not rest or not key.endswith(self.ending):
            return None
        return int(rest[0]) if rest[0].isdecimal() and len(rest[0]) <= MOST_DIGITS else None

    def about(self, row_ids: list[int], place: int) -> QuerySet[Any, Any]:
        """Return of each row: ``place``, its id, its family, the person's name, and whether it still waits."""
        no_family: Any = Cast(Value(None), BigIntegerField())
        family = F(self.family) if isinstance(self.family, str) and self.family else self.family or no_family
        person: Any = self.person or Value("", output_field=TextField())
        if isinstance(person, str):
            person = full_name_in_sql(person)
        yes, no = Value(value=True), Value(value=False)
        waits: Any = (
            yes if self.waits is None else Case(When(self.waits, then=yes), default=no, output_field=BooleanField())
        )
        columns: dict[str, Any] = {
            "notice_place": Value(place),
            "notice_row": F("pk"),
            "notice_family": family,
            "notice_person": person,
            "notice_waits": waits,
        }
        found: QuerySet[Any, Any] = (
            self.rows().order_by().filter(pk__in=row_ids).annotate(**columns).values_list(*columns)
        )
        return found


def family_of_person(path: str) -> Subquery:
    """Return the id of the family in which the person at ``path`` is today."""
    current = FamilyMember.objects.order_by("pk").filter(person=OuterRef(path), ends_on__isnull=True)
    return Subquery(current.values("family")[:1])


notice_matters: Hook[NoticeMatter] = Hook()


def matter_of(key: str) -> tuple[NoticeMatter, int] | None:
    """Return what the notice with this key is about: the matter and the id of its row; None where nothing says so."""
    for matter in notice_matters:
        row_id = matter.row_id(key)
        if row_id is not None:
            return matter, row_id
    return None


NAME_OF_CHILD = Coalesce(
    Subquery(
        Child.objects.order_by()
        .filter(pk=OuterRef("deadline__child_id"))
        .annotate(name=full_name_in_sql("person"))
        .values("name")[:1]
    ),
    Value(""),
    output_field=TextField(),
)

BELOW = (
    NoticeMatter(
        "deadline",
        DeadlineNotice.objects.all,
        family="deadline__family_id",
        person=NAME_OF_CHILD,
        waits=Q(deadline__met_at__isnull=True, deadline__not_needed="", deadline__late_from=F("late_from")),
    ),
    NoticeMatter("glass", BreakGlass.objects.all, waits=Q(reviewed_at__isnull=True), decided=True),
)


def register_matters() -> None:
    """Connect those of the apps below; called once from ``deadlines.hooks``."""
    for matter in BELOW:
        notice_matters.connect(matter)
