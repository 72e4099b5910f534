"""The last days by which children's plans have to be reviewed, as the ledger counts them."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from conferences.selectors.children import short_name_of
from deadlines.access import about_a_sealed_child
from deadlines.models import Deadline
from families.models import Child

TO_HOLD_AGAIN = ("first-review", "next-review", "after-birth")


@dataclass(frozen=True)
class ReviewLimit:
    """The last day for the review of one child's plan."""

    child: Child
    due_on: datetime.date

    @property
    def name(self) -> str:
        return short_name_of(self.child)


def reviews_due(child_ids: Collection[int]) -> QuerySet[Deadline]:
    """Return the open limits of these children's reviews, first due first; none of a sealed child."""
    rows = Deadline.objects.open().filter(kind__in=TO_HOLD_AGAIN, child_id__in=child_ids)
    return rows.exclude(about_a_sealed_child()).order_by("due_on", "pk")


def review_limits(children: Collection[Child]) -> list[ReviewLimit]:
    """Return each child's last day for its next review, first due first; children without one are left out."""
    first: dict[int, datetime.date] = {}
    for row in reviews_due([child.pk for child in children]):
        if row.child_id is not None:
            first.setdefault(row.child_id, row.due_on)
    by_id = {child.pk: child for child in children}
    return [ReviewLimit(by_id[pk], due_on) for pk, due_on in first.items()]
