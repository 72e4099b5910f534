"""To whom a decision is explained, and what is recorded of it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable

from conferences.models import Decision
from families.models import Person
from families.selectors import adults_for
from meetings.models import Explanation


def told_of_decision(decision: Decision, *, on: datetime.date) -> list[Person]:
    """Return the child, if born, and the adults with a tie to the child: those to whom a decision is explained."""
    child = decision.conference_child.child
    own = [] if child.is_unborn else [child.person]
    return [*own, *(adult.person for adult in adults_for([child], on=on))]


def explanations_of(decisions: Iterable[Decision]) -> dict[int, list[Explanation]]:
    """Return by decision what stands of how it was explained, in the order in which it was. One query."""
    found: dict[int, list[Explanation]] = defaultdict(list)
    rows = Explanation.objects.filter(decision__in=[row.pk for row in decisions], taken_back_at__isnull=True)
    for row in rows.select_related("person", "told_by").order_by("told_on", "pk"):
        found[row.decision_id].append(row)
    return found
