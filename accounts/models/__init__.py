"""Who: authorities, teams, users, the roles they hold, and what they looked at."""

from accounts.models.drafts import Draft
from accounts.models.people import Authority, RoleAssignment, RoleAssignmentQuerySet, Team, User, UserManager
from accounts.models.reading import AccessEvent
from accounts.models.tallies import Tally

__all__ = [
    "AccessEvent",
    "Authority",
    "Draft",
    "RoleAssignment",
    "RoleAssignmentQuerySet",
    "Tally",
    "Team",
    "User",
    "UserManager",
]
