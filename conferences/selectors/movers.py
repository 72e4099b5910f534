"""Who may give a conference another day."""

from __future__ import annotations

from accounts.models import User
from conferences.access import To, may
from conferences.models import Conference
from deadlines.policies import policy_of

# Who moves a review date that was agreed, by the policy's words; its chair's manager is a manager of the service.
MOVED_BY: dict[str, tuple[To, ...]] = {
    "team manager and chair": ("manage the team", "chair"),
    "team manager": ("manage the team",),
    "chair": ("chair",),
    "chair or a named stand-in": ("chair",),
    "chair or their manager": ("chair", "manage the service"),
    "coordinator": ("minutes",),
    "service manager": ("manage the service",),
    "senior manager": ("manage the service",),
    "nobody": (),
}


def may_move(user: User, conference: Conference) -> bool:
    """Return whether the user may give the conference another day, or give it up.

    Whoever may arrange it; a review agreed at the conference before it, whoever the council's procedures name
    (`review-date-moved-by`).
    """
    if conference.follows_id is None:
        return may(user, conference, to="arrange")
    words = policy_of(conference.policy_version_id).value("review-date-moved-by")
    return any(may(user, conference, to=to) for to in MOVED_BY[words])
