"""What the sign-in library knows of a user's mailbox: one row, verified once the mailbox has been proved.

The library makes an unverified row when it makes or checks a link, and lets nobody whose account has one set up a
second step. A row of a former address, or of someone who once had this one, would do the same harm.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


@transaction.atomic
def proved(user: User) -> None:
    """Record that ``user`` reads the mailbox of their account: a link sent there, or their directory, says so."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    EmailAddress.objects.filter(email__iexact=user.email).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def left(user: User) -> None:
    """Forget the mailboxes of a user whose address has changed: the new one has still to be proved."""
    EmailAddress.objects.filter(user=user).delete()
