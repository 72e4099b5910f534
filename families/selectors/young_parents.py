"""Children who are parents themselves: what is theirs as a child stands apart from what is their baby's."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, Value

from families.enums import PARENT_KINDS, RelationshipKind
from families.models import Child, Relationship
from families.models.persons import ADULT_FROM


@dataclass(frozen=True)
class YoungParent:
    """A parent under 18 and the baby, born or not; ``kind`` says what the parent is to the baby."""

    parent: Child
    baby: Child
    kind: str

    @property
    def word(self) -> str:
        """Return "mother", "father" or "parent"."""
        plain = {RelationshipKind.MOTHER: "mother", RelationshipKind.FATHER: "father"}
        return plain.get(RelationshipKind(self.kind), "parent")

    def other(self, child_id: int) -> Child:
        """Return the one of the two who is not this child."""
        return self.baby if self.parent.pk == child_id else self.parent


def young_parents(child_ids: Collection[int], *, on: datetime.date) -> list[YoungParent]:
    """Return the young parents of these children, and those among them who are parents of others. Two queries at most.

    A possible father counts: nothing of his, or of the baby's, is to be shown to the other on a guess.
    """
    rows = Relationship.objects.current(on=on).filter(kind__in=PARENT_KINDS, person__child__isnull=False)
    rows = rows.filter(Q(child__in=child_ids) | Q(person__child__in=child_ids))
    carried = Child.objects.filter(pregnancy__mother__child__isnull=False).filter(
        Q(pk__in=child_ids) | Q(pregnancy__mother__child__in=child_ids)
    )
    told = rows.order_by().values_list("person__child", "child", "kind")
    born_or_not = carried.order_by().values_list("pregnancy__mother__child", "pk", Value(RelationshipKind.MOTHER))
    found: dict[tuple[int, int], str] = {}
    for parent, baby, kind in told.union(born_or_not):
        found[parent, baby] = min(kind, found.get((parent, baby), kind), key=RelationshipKind.values.index)
    if not found:
        return []
    everyone = Child.objects.findable().filter(pk__in={pk for pair in found for pk in pair})
    children = {child.pk: child for child in everyone.select_related("person", "pregnancy")}
    return [
        YoungParent(children[parent], children[baby], kind)
        for (parent, baby), kind in sorted(found.items())
        if parent in children and baby in children and not children[parent].person.turned(ADULT_FROM, on)
    ]


def apart_from(child_ids: Iterable[int], *, on: datetime.date) -> set[int]:
    """Return the ids of the children whose plans and conferences stand apart from these children's."""
    wanted = set(child_ids)
    pairs = [(row.parent.pk, row.baby.pk) for row in young_parents(wanted, on=on)]
    return {baby if parent in wanted else parent for parent, baby in pairs if (parent in wanted) != (baby in wanted)}
