"""What a council's own pages and letters say of it: whom to ring, how to complain, where letters come back to."""

from __future__ import annotations

import hashlib
import json
import re

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.enums import Role
from accounts.models import Authority, User

DETAILS = ("day_phone", "night_phone", "complaints", "return_address", "secure_mail_domains")
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
# Anybody gets a mailbox there, so no council can know who reads it.
OPEN_TO_ALL = frozenset({"gmail.com", "googlemail.com", "hotmail.com", "outlook.com", "live.com", "yahoo.com",
    "yahoo.co.uk", "icloud.com", "aol.com", "btinternet.com", "proton.me"})  # fmt: skip


def token_of(authority: Authority) -> str:
    """Return what tells whether somebody else changed the details meanwhile."""
    shown = json.dumps([getattr(authority, name) for name in DETAILS])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@transaction.atomic
def change_council(
    *,
    authority: Authority,
    before: str,
    by: User,
    day_phone: str,
    night_phone: str,
    complaints: str,
    return_address: str,
    secure_mail_domains: str,
) -> Authority:
    """Change what the council's pages and letters say of it, and to which domains mail is secure.

    ``before`` is the token of what the page showed. Domains stand one a line, in small letters; papers can go by mail
    only there. Raises ValidationError by field, for anyone who does not administer the council, and where someone
    else has changed it meanwhile.
    """
    if authority.pk not in by.authority_ids(Role.ADMINISTRATOR):
        raise ValidationError("Only an administrator of the council can change this.")
    locked = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    written = {
        "day_phone": day_phone.strip(),
        "night_phone": night_phone.strip(),
        "complaints": complaints.strip(),
        "return_address": "\n".join(_lines(return_address)),
        "secure_mail_domains": "\n".join(approved_domains(secure_mail_domains)),
    }
    if all(getattr(locked, name) == words for name, words in written.items()):
        return locked
    if token_of(locked) != before:
        raise ValidationError("Someone else has changed this meanwhile. Open the page again, and compare.")
    for name, words in written.items():
        setattr(locked, name, words)
    locked.save(update_fields=list(DETAILS))
    return locked


def approved_domains(text: str) -> list[str]:
    """Return the domains that stand in a text, one a line, in small letters. Raises ValidationError."""
    found = sorted({line.lower().removeprefix("@") for line in _lines(text)})
    for domain in found:
        if not DOMAIN.fullmatch(domain):
            raise ValidationError(
                {"secure_mail_domains": f"“{domain}” is not a domain. Write one a line, such as health.example.uk."}
            )
        if domain in OPEN_TO_ALL:
            raise ValidationError({"secure_mail_domains": f"Anybody can have a mailbox at {domain}. It is not secure."})
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
