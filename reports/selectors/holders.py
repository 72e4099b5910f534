"""Who was given a paper about a child's plan."""

from __future__ import annotations

from conferences.models import ConferenceChild, Participant
from plans.models import Plan
from reports.models import Copy


def holders_of(plan: Plan) -> set[int]:
    """Return the ids of participants who were given a letter or minutes of a conference about the plan's child.

    Also of those who were given the plan itself and were asked to such a conference.
    """
    about = ConferenceChild.objects.filter(child=plan.child_id).values("conference")
    copies = Copy.objects.filter(document__conference__in=about, recipient__isnull=False)
    asked = Participant.objects.filter(conference__in=about, person__in=persons_holding(plan))
    return set(copies.values_list("recipient_id", flat=True)) | set(asked.values_list("pk", flat=True))


def persons_holding(plan: Plan) -> set[int]:
    """Return the ids of persons who were given a copy of the plan, in any version."""
    copies = Copy.objects.filter(document__plan=plan, person__isnull=False)
    return {pk for pk in copies.values_list("person_id", flat=True) if pk is not None}
