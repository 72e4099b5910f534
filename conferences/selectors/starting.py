"""Who decides which of several strategy discussions starts the time limit."""

from __future__ import annotations

import datetime

from accounts.enums import Role
from accounts.models import User
from conferences.access import may
from conferences.agreed_by import NAMED
from conferences.models import Conference
from conferences.selectors.enquiries import NOT_OVER
from deadlines.policies import policy_for
from families.access import may_change_family, may_manage_family
from families.models import Family

KEY = "starting-discussion-agreed-by"
HELD = {"manage the team": Role.TEAM_MANAGER, "manage the service": Role.SERVICE_MANAGER}


def may_choose_start(user: User, family: Family, *, on: datetime.date) -> bool:
    """Return whether the procedures in force on a day let the user choose which discussion counts.

    A manager who holds the role they name; as chair or coordinator, of a conference of the family still to come. Where
    they name nobody, whoever may change the case chooses. No one who can not open the case.
    """
    said = policy_for(family.authority_id, on=on).value(KEY)
    if said == "nobody":
        return may_change_family(user, family)
    for to in NAMED[said]:
        if to in HELD:
            if user.holds(HELD[to]) and may_manage_family(user, family):
                return True
        elif any(may(user, row, to=to) for row in Conference.objects.filter(family=family, status__in=NOT_OVER)):
            return True
    return False


def who_chooses_start(family: Family, *, on: datetime.date) -> str:
    """Return whom the procedures name, such as "the team manager"."""
    said = str(policy_for(family.authority_id, on=on).value(KEY))
    return "whoever works the case" if said == "nobody" else "the " + said.replace(" and ", " or the ")
