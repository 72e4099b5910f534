"""Authorities, teams, users, the roles they hold, and what they looked at."""

from accounts.models.audit import AccessEvent, AuditAnchor, AuditPieceRemoved, AuditSeal, ReadsLookedInto
from accounts.models.devices import EnrolledDevice
from accounts.models.drafts import Draft
from accounts.models.guests import GuestCode, GuestDraft, GuestLink, GuestSession, GuestToken
from accounts.models.people import Authority, RoleAssignment, RoleAssignmentQuerySet, Team, User, UserManager
from accounts.models.sent_forms import SentForm
from accounts.models.staff import AccountProposal, Leaving, RoleProposal, SecondPerson
from accounts.models.tallies import Tally

__all__ = [
    "AccessEvent",
    "AccountProposal",
    "AuditAnchor",
    "AuditPieceRemoved",
    "AuditSeal",
    "Authority",
    "Draft",
    "EnrolledDevice",
    "GuestCode",
    "GuestDraft",
    "GuestLink",
    "GuestSession",
    "GuestToken",
    "Leaving",
    "ReadsLookedInto",
    "RoleAssignment",
    "RoleAssignmentQuerySet",
    "RoleProposal",
    "SecondPerson",
    "SentForm",
    "Tally",
    "Team",
    "User",
    "UserManager",
]
