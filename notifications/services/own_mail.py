"""E-mail to users about their own account: no case, no names, and no link in the outbox."""

from __future__ import annotations

import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import Authority, User
from accounts.own_mail import About
from accounts.signin.selectors import change_waits
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.outbox import queue_message, reference_subject

NEW_PASSWORD_LINK = "[the link for a new password]"  # noqa: S105 - stands in place of the secret
NO_LINK = (
    "[There is no link, because this account has changed since, or is about to. "
    "Ask for another one on the sign-in page.]"
)

WORDS = {
    About.WELCOME: f"""Hello,

your council has opened an account for you, for arranging its meetings.

Open this link to choose a password. It works once, within a day:

{NEW_PASSWORD_LINK}

After that, ask for another link on the sign-in page with “I have forgotten my password”.

When you sign in, you are asked to set up a second step: an app on your phone, or a passkey.
""",
    About.NEW_PASSWORD: f"""Hello,

someone, probably you, asked for a new password for your account.

Open this link to choose one. It works once, within a day:

{NEW_PASSWORD_LINK}

If it wasn't you, you don't need to do anything. Your password stays as it is.
""",
    About.CLOSED_DOOR: """Hello,

someone has entered a wrong password for your account too many times, so you can't sign in with it for now.

If it was you, wait 15 minutes and try again. If you need to come in now, sign in with a passkey, use a browser you
have signed in with before, or choose a new password from the sign-in page.

If it wasn't you, no one has got in. Please tell your council's administrator.
""",
}


def send_about_account(user: User, about: About, now: datetime.datetime, words: str = "") -> None:
    """Queue a message to an account's owner, unless the account never had a role in a council."""
    council = Authority.objects.filter(roles__user=user).order_by("-roles__starts_on").first()
    if council is None:
        return
    queue_message(
        authority=council,
        key=f"{about}:{user.pk}:{now.isoformat()}",
        kind=MessageKind.ACCOUNT,
        to_email=user.email,
        subject=reference_subject(subject=Subject.ACCOUNT, reference=f"U{user.pk}"),
        body=words or WORDS[about],
        user=user,
        now=now,
    )


def write_link(message: Message, now: datetime.datetime) -> str:
    """Create the link as the e-mail leaves.

    None for a closed account, for a mailbox no longer the account's, and while a change of the account waits.
    """
    user = message.user
    if user is None or not user.is_active or user.email != message.to_email or change_waits(user, now=now):
        return NO_LINK
    return new_password_link(user)


def new_password_link(user: User) -> str:
    """Return an address at which the account's owner chooses a password, once and within a day."""
    where = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=where)}"
