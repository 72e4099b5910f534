"""What the tests of a second person share: how a change is asked for and settled."""

from __future__ import annotations

import datetime

from allauth.mfa.models import Authenticator
from django.urls import reverse

from accounts.enums import AccountChange
from accounts.models import User
from accounts.people import services

NOW = datetime.datetime(2026, 12, 8, 10, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 12, 8)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # made up
ATTACKER = "not.the.chair@elsewhere.example"
KINDS = list(AccountChange)


def prepare(kind, user, admin):
    """Make ``user`` someone to whom this kind of change can be made."""
    if kind == AccountChange.REOPENING:
        services.close_account(user=user, why="Long leave", by=admin, now=NOW)
        user.refresh_from_db()


def ask(kind, user, council, by, *, now=NOW, why="Came to my desk.", email=ATTACKER):
    act = {
        AccountChange.ADDRESS: services.change_address,
        AccountChange.STEPS: services.take_away_second_steps,
        AccountChange.REOPENING: services.reopen_account,
    }[kind]
    more = {"email": email} if kind == AccountChange.ADDRESS else {}
    return act(user=user, authority=council, why=why, by=by, now=now, **more)


def settle(proposal, by, *, confirm=True, now=NOW):
    return services.settle_account_change(proposal=proposal, confirm=confirm, by=by, now=now)


def state_of(user):
    """Return what each of the changes would change."""
    now = User.objects.get(pk=user.pk)
    return now.email, now.is_active, now.password, Authenticator.objects.filter(user=user).count()


def page_of(kind, user):
    name = {"address": "change-address", "steps": "take-away-steps", "reopening": "reopen-account"}[kind]
    return reverse(f"users:{name}", args=[user.pk])


def fill_in(client, kind, user, **more):
    return client.post(page_of(kind, user), {"why": "Came to my desk.", "email": ATTACKER} | more)
