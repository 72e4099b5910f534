"""Signing in as a guest the way an invited person does, with the link and code from the e-mails sent."""

from __future__ import annotations

import re
from types import SimpleNamespace

from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.guests.services import ask_for_code as ask_for_code_of
from accounts.guests.services import enter, mint_code
from conferences.services.guest_links import issue_link
from notifications.services.outbox import send_due

LINK = re.compile(r"/guest/open/([\w-]+)/")
CODE = re.compile(r"code is (\d{6})")


def send():
    """Send everything in the outbox."""
    return send_due(now=timezone.now(), limit=200)


def newest(address, pattern):
    """Return what the newest e-mail to this address has in place of ``pattern``."""
    send()
    found = [match[1] for message in mail.outbox if message.to == [address] and (match := pattern.search(message.body))]
    return found[-1] if found else None


def token_of(participant):
    return newest(participant.email, LINK)


def code_of(participant):
    return newest(participant.email.lower(), CODE) or newest(participant.email, CODE)


def ask_for_code(client, participant):
    """Open the link, press the button, and return the code that was sent."""
    token = token_of(participant)
    client.get(f"/guest/open/{token}/")
    response = client.post("/guest/code/send/", {"token": token})
    assert response.status_code == 302, response.content
    return code_of(participant)


def come_in(client, participant):
    """Sign in completely; return the response to the correct code."""
    return client.post("/guest/code/", {"code": ask_for_code(client, participant)})


def way_in(participant, *, go=come_in):
    """Sign in for a story; return the browser's cookies and the e-mails sent in the process."""
    browser, before = Client(), len(mail.outbox)
    go(browser, participant)
    return SimpleNamespace(cookies=browser.cookies, mails=mail.outbox[before:])


def go_on(client, way):
    """Continue in a browser where the story of its sign-in ends."""
    client.cookies = way.cookies
    mail.outbox += way.mails
    return client


def let_in(client, participant, *, sitting):
    """Return a guest's browser, signed in without e-mails, for tests of the pages behind the sign-in."""
    now = timezone.now()
    link = issue_link(participant=participant, sitting=sitting, now=now)
    code, _ = ask_for_code_of(link=link, now=now)
    _, cookie = enter(code=code, typed=mint_code(code_pk=code.pk, now=now), now=now)
    client.cookies["guest"] = cookie
