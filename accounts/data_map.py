"""Whose records the rows of accounts are."""

from __future__ import annotations

from django.db.models import Q

from accounts.case_data import Subject, holds, holds_nobody, leave_app
from accounts.models import (
    AccessEvent,
    AuditAnchor,
    AuditSeal,
    Authority,
    Draft,
    GuestCode,
    GuestLink,
    GuestSession,
    GuestToken,
    Leaving,
    ReadsLookedInto,
    RoleAssignment,
    RoleProposal,
    Tally,
    Team,
    User,
)

holds(
    Draft,
    "What was typed and not sent",
    where=lambda one: Q(path__regex=one.pages),
    keeps={"path"},
    stubs={"sealed": "''"},
    is_given=False,
)


def _links(one: Subject) -> Q:
    return Q(person_id__in=one.persons)


def _of_links(one: Subject) -> Q:
    return Q(link__person_id__in=one.persons)


holds(GuestLink, "Links for people without an account", where=_links, keeps={"purpose"})
holds(GuestToken, "Secrets of such links, as hashes", where=_of_links, keeps={"token_hash"}, is_given=False)
holds(
    GuestCode,
    "One-time codes for such links",
    where=_of_links,
    keeps={"asker_hash", "code_hash"},
    is_given=False,
)
holds(
    GuestSession, "Stays of people without an account", where=_of_links, keeps={"token_hash"}, is_given=False
)

holds_nobody(
    AccessEvent,
    AuditSeal,
    AuditAnchor,
    ReadsLookedInto,
    because="The read log holds ids, which then point to stubs; changing it would break its chain.",
)
holds_nobody(
    Authority,
    Team,
    User,
    RoleAssignment,
    RoleProposal,
    Leaving,
    because="The council and those who work for it.",
)
holds_nobody(Tally, because="Counts of tries at a door, under hashed keys, for hours at most.")

leave_app("auth", because="Groups and permissions of the framework; none are used for cases.")
leave_app("contenttypes", because="Names of tables.")
leave_app("sessions", because="Who is signed in; they end within a day.")
leave_app("account", because="Addresses of those who work for the council.")
leave_app("socialaccount", because="Accounts of those who work for the council in its directory.")
leave_app("mfa", because="Second factors of those who work for the council.")
leave_app("usersessions", because="Where those who work for the council are signed in.")
leave_app("pghistory", because="Who changed something by which page; the pages' addresses hold ids only.")
