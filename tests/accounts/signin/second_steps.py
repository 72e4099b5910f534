"""What the tests of the second step share: its pages, and the codes and keys that open them."""

from __future__ import annotations

import html
import json
import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.test import RequestFactory
from django.urls import reverse

from tests.accounts.signin.passkeys import SoftPasskey

PASSWORD = "heron plover wren"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SET_UP = reverse("accounts:set-up-second-step")
CODE = reverse("mfa_authenticate")
AGAIN = reverse("mfa_reauthenticate")


def a_passkey_of(user):
    """Create a passkey that was set up elsewhere."""
    asked = {"creation_options": {"publicKey": {"challenge": "AAAA", "user": {"id": "AAAA"}}}}
    credential = json.loads(SoftPasskey().register(asked))
    return WebAuthn.add(user, "Laptop", credential).instance


def options_of(page):
    found = re.search(r'data-options="([^"]+)"', page.content.decode()).group(1)
    return json.loads(html.unescape(found))


def code_of(secret=SECRET, *, at=None):
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))


def sign_in(client, **extra):
    return client.post(
        reverse("account_login"), {"login": "joan.plover@council.example", "password": PASSWORD, **extra}
    )


def signed_in(client):
    return "_auth_user_id" in client.session


def request_of(client, user, path="/outbox/"):
    request = RequestFactory().get(path)
    request.user, request.session = user, client.session
    return request


def second_factor_shown(client):
    return any(record["method"] == "mfa" for record in client.session.get("account_authentication_methods", []))
