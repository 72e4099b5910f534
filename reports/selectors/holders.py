"""Who was given a paper about a child's plan."""

from __future__ import annotations

from conferences.models import ConferenceChild
from plans.models import Plan
from reports.models import Copy


def holders_of(plan: Plan) -> set[int]:
    """Return the ids of participants who were given a letter or minutes of a conference about the plan's child."""
    about = ConferenceChild.objects.filter(child=plan.child_id).values("conference")
    copies = Copy.objects.filter(document__conference__in=about, recipient__isnull=False)
    return set(copies.values_list("recipient_id", flat=True))
