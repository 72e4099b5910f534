"""Delivers guests' one-time codes to their mailbox: no name, no case, and no code in the outbox."""

from __future__ import annotations

import datetime
import re

from django.utils import timezone

from accounts.guests.services import is_wanted, mint_code
from accounts.models import GuestCode
from notifications.enums import MessageKind, Subject
from notifications.models import Message
from notifications.services.at_sending import ONE_TIME_CODE
from notifications.services.outbox import queue_message, reference_subject

KEY = re.compile(r"guest-code:(?P<code>\d+)")

WORDS = """Hello,

your code is {code}

Enter it on the page you have open. It works once, for 10 minutes, and only there.

If you did not ask for a code, someone else may have your link. Ring us{phone}.
Do not give the code to anyone. We will never ask for it on the phone.

{council}"""


def send_code(code: GuestCode, now: datetime.datetime) -> None:
    """Queue the e-mail with a requested code."""
    council = code.link.authority
    queue_message(
        authority=council,
        key=f"guest-code:{code.pk}",
        kind=MessageKind.CODE,
        to_email=code.sent_to,
        subject=reference_subject(subject=Subject.CODE, reference=f"C{code.pk}"),
        body=WORDS.format(
            code=ONE_TIME_CODE, phone=f" on {council.day_phone}" if council.day_phone else "", council=council.name
        ),
        person_id=code.link.person_id,
        now=now,
    )


def no_longer_wanted(message: Message) -> str:
    """Withhold, at the moment of sending, a code that is void or whose link is no longer usable."""
    named = KEY.fullmatch(message.key)
    if named is None or is_wanted(int(named["code"]), now=timezone.now()):
        return ""
    return "No one is waiting for this code any more."


def write_code(message: Message, now: datetime.datetime) -> str:
    """Generate the digits as the e-mail leaves."""
    named = KEY.fullmatch(message.key)
    return mint_code(code_pk=int(named["code"]), now=now) if named else ""
