"""Who may give a conference another day."""

from __future__ import annotations

from accounts.models import User
from conferences.access import may
from conferences.agreed_by import is_named
from conferences.models import Conference


def may_move(user: User, conference: Conference) -> bool:
    """Return whether the user may give the conference another day, or give it up.

    Whoever may arrange it; a review agreed at the conference before it, whoever the council's procedures name
    (`review-date-moved-by`).
    """
    if conference.follows_id is None:
        return may(user, conference, to="arrange")
    return is_named(user, conference, "review-date-moved-by")
