"""Declares what each accounts table holds, and about whom."""

from __future__ import annotations

from django.db.models import Q

from accounts import models
from accounts.case_data import app_without_case_data, case_table, not_case_data

case_table(
    models.Draft,
    "What was typed and not sent",
    where=lambda one: Q(path__regex=one.pages),
    keeps={"path"},
    stubs={"sealed": "''"},
    is_given=False,
)
case_table(models.GuestLink, "Links for people without an account", person="person_id", keeps={"purpose"})
case_table(
    models.GuestToken,
    "Secrets of such links, as hashes",
    person="link__person_id",
    keeps={"token_hash"},
    is_given=False,
)
case_table(
    models.GuestCode,
    "One-time codes for such links",
    person="link__person_id",
    keeps={"asker_hash", "code_hash"},
    is_given=False,
)
case_table(
    models.GuestSession,
    "Stays of people without an account",
    person="link__person_id",
    keeps={"token_hash"},
    is_given=False,
)
case_table(
    models.GuestDraft,
    "What such people had typed when they left quickly",
    person="link__person_id",
    keeps={"path"},
    stubs={"sealed": "''"},
    is_given=False,
)

not_case_data(
    models.AccessEvent,
    models.AuditSeal,
    models.AuditAnchor,
    models.AuditPieceRemoved,
    models.ReadsLookedInto,
    because="The read log holds ids, which then point to stubs; changing it would break its chain.",
)
OF_STAFF = "The council and those who work for it."
not_case_data(
    models.Authority,
    models.User,
    models.RoleAssignment,
    models.RoleProposal,
    models.AccountProposal,
    models.Leaving,
    models.SecondPerson,
    models.EnrolledDevice,
    because=OF_STAFF,
)
not_case_data(models.Team, because=OF_STAFF, called=lambda row: str(row.name))
not_case_data(models.SentForm, because="Keyed hashes of forms that were sent, for a day, and addresses with ids only.")
not_case_data(models.Tally, because="Counts of attempts, under hashed keys, for hours at most.")

app_without_case_data("auth", because="Groups and permissions of the framework; none are used for cases.")
app_without_case_data("contenttypes", because="Names of tables.")
app_without_case_data("sessions", because="Who is signed in; they end within a day.")
app_without_case_data("account", because="Addresses of those who work for the council.")
app_without_case_data("socialaccount", because="Accounts of those who work for the council in its directory.")
app_without_case_data("mfa", because="Second factors of those who work for the council.")
app_without_case_data("usersessions", because="Where those who work for the council are signed in.")
app_without_case_data("pghistory", because="Who changed something by which page; the pages' addresses hold ids only.")
