"""A person who comes in for the first time, by HTTP alone: link in a mail, password, second step, first page."""

from __future__ import annotations

import html
import json
import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.services.outbox import send_due
from tests.accounts.signin.passkeys import SoftPasskey

PASSWORD = "heron plover wren"


class Newcomer:
    """Someone with a mailbox and a browser, who reads what pages say and knows nothing else."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.browser = Client(headers={"x-forwarded-proto": "https"})
        self.secret = ""
        self.passkey = SoftPasskey()

    def mails(self) -> list[str]:
        """Return what has come to the mailbox, oldest first."""
        send_due(now=timezone.now(), limit=50)
        return [message.body for message in mail.outbox if message.to == [self.address]]

    def link(self) -> str:
        """Return the path of the newest link that came by mail."""
        found = re.findall(r"https?://[^/\s]+(/account/password/new/\S+)", "\n".join(self.mails()))
        return found[-1]

    def ask_for_a_new_password(self) -> None:
        self.browser.post(reverse("account_reset_password"), {"email": self.address})

    def choose_password(self, password: str = PASSWORD, *, link: str = "") -> None:
        form = self.browser.get(link or self.link(), follow=True)
        assert "Choose a new password" in form.content.decode()
        where = form.redirect_chain[-1][0]
        answer = self.browser.post(where, {"password1": password, "password2": password}, follow=True)
        assert "Your new password is saved" in answer.content.decode()

    def sign_in(self, password: str = PASSWORD) -> str:
        """Sign in with the password and return where that leads."""
        answer = self.browser.post(reverse("account_login"), {"login": self.address, "password": password})
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    def give_code(self) -> None:
        self.browser.post(reverse("mfa_authenticate"), {"code": self.code(ahead=1)})

    def set_up_app(self) -> None:
        page = self.browser.get(reverse("mfa_activate_totp"), follow=True).content.decode()
        self.secret = re.search(r"data-totp-key>([A-Z2-7]+)<", page).group(1)
        answer = self.browser.post(reverse("mfa_activate_totp"), {"code": self.code()})
        assert answer["Location"] == reverse("mfa_view_recovery_codes"), answer["Location"]

    def set_up_passkey(self) -> None:
        page = self.browser.get(reverse("mfa_add_webauthn"), follow=True).content.decode()
        asked = json.loads(html.unescape(re.search(r'data-options="([^"]+)"', page).group(1)))
        credential = self.passkey.register(asked)
        answer = self.browser.post(reverse("mfa_add_webauthn"), {"name": "Laptop", "credential": credential})
        assert answer["Location"] == reverse("mfa_view_recovery_codes"), answer["Location"]

    def use_passkey(self) -> None:
        url = reverse("mfa_login_webauthn")
        asked = self.browser.get(url, headers={"Accept": "application/json"}).json()
        self.browser.post(url, {"credential": self.passkey.use(asked)})

    def code(self, *, ahead: int = 0) -> str:
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + ahead))

    def is_in(self) -> bool:
        """Return whether the first page opens."""
        answer = self.browser.get("/", follow=True)
        first_page = answer.redirect_chain[-1][0] if answer.redirect_chain else "/"
        return answer.status_code == 200 and not first_page.startswith("/account/")
