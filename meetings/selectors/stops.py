"""Who knows that a child is not safe tonight: chair, social workers and managers, and nobody else."""

from __future__ import annotations

import datetime

from accounts.models import User
from accounts.rules import Rule
from conferences.access import CONFERENCE_RULE, RULES, may
from conferences.models import Conference
from families.models import Allocation

# Whoever is told: the chair and today's stand-in, the case's social workers and managers.
SOCIAL_CARE = frozenset({"allocated social worker", "named for the case", "team manager", "service manager"})
CHAIRS = frozenset(right for right, _ in RULES["chair"].rights)
KNOW = CHAIRS | SOCIAL_CARE
SAFETY_RULE = Rule(
    rights=[(right, condition) for right, condition in CONFERENCE_RULE.rights if right in KNOW],
    never=CONFERENCE_RULE.never,
)


def knows_of_stops(user: User, conference: Conference) -> bool:
    """Return whether a user is told that a child of the conference is not safe tonight."""
    return SAFETY_RULE.right_of(user, conference) is not None


def social_workers_of(conference: Conference, *, on: datetime.date) -> list[User]:
    """Return the social workers to whom the case is allocated on a day, and who may open the conference."""
    held = Allocation.objects.current(on=on).filter(family=conference.family_id).select_related("user").order_by("pk")
    people = {row.user_id: row.user for row in held if row.user is not None and row.user.is_active}
    return [user for user in people.values() if may(user, conference, to="read")]
