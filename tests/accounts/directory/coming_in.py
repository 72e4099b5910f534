"""Coming in through a directory: the addresses, somebody who works there, and the way."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from accounts.models import User

GO = reverse("openid_connect_login", args=["eastmere"])
BACK = reverse("openid_connect_callback", args=["eastmere"])
SIGN_IN = reverse("account_login")
WREN = {
    "name": "Wren Marsh",
    "email": "wren@eastmere.example",
    "email_verified": True,
    "groups": ["assessment"],
    "amr": ["pwd", "mfa"],
}


def sent_to(visitor, **fields):
    """Press the button and return the directory URL that the response leads to."""
    answer = visitor.post(GO, fields)
    assert answer.status_code == 200, answer
    return answer["Refresh"].removeprefix("0; url=")


def come_in(visitor, directory, subject="7f3", *, next_url="", again=False, **claims):
    """Go the whole way: our button, the directory's page, and back."""
    directory.knows(subject, **{**WREN, **claims})
    there = sent_to(visitor, next=next_url, **({"again": "1"} if again else {}))
    back = directory.sign_in(there, subject)
    assert back.startswith(f"http://testserver{BACK}?")
    return visitor.get(back.removeprefix("http://testserver"))


def signed_in(visitor):
    pk = visitor.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


def said(answer):
    return answer.content.decode()


def roles_of(user):
    held = user.roles.current(on=timezone.localdate()).order_by("pk")
    return [(one.role, one.team.name if one.team else "", one.from_directory) for one in held]
