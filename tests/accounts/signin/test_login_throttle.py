"""Sign-in throttling: blocked after too many attempts, without revealing whether an account exists."""

from __future__ import annotations

import datetime
import re
import statistics
import time

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import throttling
from accounts.enums import Role
from accounts.models import Tally, User
from notifications.models import Message
from notifications.services.outbox import send_due
from tests.factories import UserFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

URL = reverse("account_login")
FORGOTTEN = reverse("account_reset_password")
PASSWORD = "heron plover wren"
WRONG = "heron plover finch"


class QuickHasher(PBKDF2PasswordHasher):
    """As in production, only with less work: just enough to show in a page's response time."""

    iterations = 100_000


@once_per_module()
def owner():
    user = user_with_role(Role.COORDINATOR, email="plover@council.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(email="plover@council.example", password=WRONG, *, address="192.0.2.1", client=None):
    return (client or Client()).post(URL, {"login": email, "password": password}, REMOTE_ADDR=address)


def said(answer):
    """Return the words of the page, without what varies at random between pages."""
    return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())


def link_sent():
    """Return the link in the e-mail about a new password; other e-mails hold none."""
    (link,) = re.findall(r"http://localhost:8000(\S+)", "".join(message.body for message in mail.outbox))
    return link


class TestAnAccount:
    def test_closes_after_five_wrong_passwords_from_wherever_they_come(self, owner):
        for number in range(5):
            assert "The e-mail address or the password is not right" in said(sign_in(address=f"192.0.2.{number}"))
        client = Client()
        answer = sign_in(password=PASSWORD, address="198.51.100.7", client=client)
        assert ("Too many tries" in said(answer), "_auth_user_id" in client.session) == (True, False)

    def test_opens_again_after_a_quarter_of_an_hour(self, owner):
        with time_machine.travel(timezone.now(), tick=True) as traveller:
            for _ in range(6):
                sign_in()
            traveller.shift(datetime.timedelta(minutes=16))
            assert sign_in(password=PASSWORD).status_code == 302

    def test_capitals_do_not_bypass_the_limit(self, owner):
        for _ in range(5):
            sign_in("Plover@Council.example")
        assert "Too many tries" in said(sign_in(password=PASSWORD))

    def test_a_right_password_is_not_counted(self, owner):
        for _ in range(8):
            assert sign_in(password=PASSWORD).status_code == 302
        assert {tally.tries for tally in Tally.objects.all()} == {0}

    def test_a_right_password_does_not_reset_the_count(self, owner):
        for _ in range(4):
            sign_in()
        sign_in(password=PASSWORD)
        sign_in()
        assert "Too many tries" in said(sign_in())

    def test_the_answer_is_the_same_without_an_account(self, owner):
        known = [said(sign_in()) for _ in range(7)]
        unknown = [said(sign_in("nobody@council.example")) for _ in range(7)]
        assert known == unknown

    def test_no_input_is_stored_in_the_counts(self, owner):
        sign_in()
        assert [row for row in Tally.objects.values_list("door", "key") if "plover" in "".join(row)] == []


class TestTheOwner:
    def test_is_told_once_without_a_name_in_the_subject(self, owner):
        for _ in range(9):
            sign_in()
        (message,) = Message.objects.all()
        assert (message.to_email, message.subject) == (owner.email, f"Your account: U{owner.pk}")
        assert "wrong password" in message.body
        assert owner.name not in message.body

    def test_is_not_told_again_on_the_same_day(self, owner):
        with time_machine.travel(timezone.now(), tick=True) as traveller:
            for _ in range(6):
                sign_in()
            traveller.shift(datetime.timedelta(minutes=16))
            for _ in range(6):
                sign_in()
        assert Message.objects.count() == 1

    def test_no_message_is_sent_without_an_account(self, owner):
        for _ in range(6):
            sign_in("nobody@council.example")
        assert Message.objects.count() == 0


def test_an_address_is_blocked_after_a_hundred_failures_across_accounts():
    now = timezone.now()
    for _ in range(throttling.LIMITS["sign-in:address"].tries):
        throttling.allow("sign-in:address", "192.0.2.1", now=now)
    assert "Too many tries" in said(sign_in("somebody@council.example"))
    assert "The e-mail address or the password is not right" in said(
        sign_in("somebody@council.example", address="192.0.2.2")
    )


def test_a_blocked_address_blocks_no_account(owner):
    now = timezone.now()
    for _ in range(throttling.LIMITS["sign-in:address"].tries):
        throttling.allow("sign-in:address", "192.0.2.1", now=now)
    for _ in range(6):
        sign_in()
    assert sign_in(password=PASSWORD, address="192.0.2.2").status_code == 302


class TestForgottenPassword:
    def ask(self, email, *, address="192.0.2.1"):
        return Client().post(FORGOTTEN, {"email": email}, REMOTE_ADDR=address)

    def choose_anew(self, owner):
        self.ask(owner.email)
        send_due(now=timezone.now(), limit=10)
        link = link_sent()
        client = Client()
        form = client.get(link, follow=True)
        new = {"password1": "nine quiet otters", "password2": "nine quiet otters"}
        return client.post(form.redirect_chain[-1][0], new)

    def test_the_link_sets_a_new_password_once(self, owner):
        self.choose_anew(owner)
        assert sign_in(password="nine quiet otters").status_code == 302
        link = link_sent()
        assert "This link no longer works" in Client().get(link, follow=True).content.decode()

    def test_the_link_is_valid_for_a_day(self, owner):
        with time_machine.travel(timezone.now(), tick=True) as traveller:
            self.ask(owner.email)
            send_due(now=timezone.now(), limit=10)
            link = link_sent()
            traveller.shift(datetime.timedelta(hours=23, minutes=59))
            assert "New password" in Client().get(link, follow=True).content.decode()
            traveller.shift(datetime.timedelta(minutes=2))
            assert "This link no longer works" in Client().get(link, follow=True).content.decode()

    def test_the_link_is_created_as_the_e_mail_leaves_and_stored_nowhere(self, owner):
        self.ask(owner.email)
        (message,) = Message.objects.all()
        assert "[the link for a new password]" in message.body
        send_due(now=timezone.now(), limit=10)
        (sent,) = mail.outbox
        assert (sent.to, sent.subject) == ([owner.email], f"Your account: U{owner.pk}")
        link = re.search(r"http://localhost:8000(\S+)", sent.body).group(1)
        message.refresh_from_db()
        assert link not in message.body

    @pytest.mark.parametrize(
        "change", [{"email": "new@council.example"}, {"is_active": False}], ids=["moved", "closed"]
    )
    def test_a_queued_e_mail_has_no_link_once_the_account_has_changed(self, owner, change):
        self.ask(owner.email)
        User.objects.filter(pk=owner.pk).update(**change)
        send_due(now=timezone.now(), limit=10)
        (sent,) = mail.outbox
        assert (sent.to, "/account/password/new/" in sent.body) == ([owner.email], False)
        assert "this account has changed since" in sent.body

    def test_a_new_password_unblocks_the_account(self, owner):
        for _ in range(6):
            sign_in()
        assert not throttling.is_open("sign-in:account", owner.email, now=timezone.now())
        self.choose_anew(owner)
        assert sign_in(password="nine quiet otters").status_code == 302

    def test_an_unknown_address_gets_the_same_answer_and_no_mail(self, owner):
        known, unknown = self.ask(owner.email), self.ask("nobody@council.example")
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert Message.objects.count() == 1

    def test_three_an_hour_for_one_account_and_the_answer_stays_the_same(self, owner):
        answers = {self.ask(owner.email)["Location"] for _ in range(5)}
        assert (len(answers), Message.objects.count()) == (1, 3)

    def test_fifty_an_hour_from_one_address(self):
        now = timezone.now()
        for _ in range(throttling.LIMITS["reset:address"].tries):
            throttling.allow("reset:address", "192.0.2.1", now=now)
        assert self.ask("nobody@council.example").status_code == 429
        assert self.ask("nobody@council.example", address="192.0.2.2").status_code == 302

    def test_links_cannot_be_guessed_without_end(self):
        url = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "abc-def"})
        now = timezone.now()
        for _ in range(throttling.LIMITS["new-password:address"].tries):
            throttling.allow("new-password:address", "127.0.0.1", now=now)
        assert Client().get(url).status_code == 429


class TestTime:
    """Half of the attempts are for existing accounts. The medians may differ by chance, but not by a hash."""

    ROUNDS = 24
    # Each of these responses waits a third of a second on purpose.
    WAITING_ROUNDS = 8

    def medians(self, act, rounds):
        taken = {True: [], False: []}
        for number in range(rounds):
            for known in (True, False):
                taken[known].append(act(number, known=known))
        return statistics.median(taken[True]), statistics.median(taken[False])

    def test_signing_in_costs_the_same_work_for_known_and_unknown(self, settings):
        settings.PASSWORD_HASHERS = ["tests.accounts.signin.test_login_throttle.QuickHasher"]
        for number in range(self.ROUNDS):
            user = UserFactory(email=f"known{number}@council.example")
            user.set_password(PASSWORD)
            user.save()

        def act(number, *, known):
            email = f"{'known' if known else 'nobody'}{number}@council.example"
            began = time.thread_time()
            sign_in(email, address=f"192.0.2.{number}")
            return time.thread_time() - began

        known, unknown = self.medians(act, self.ROUNDS)
        assert 0.8 < known / unknown < 1.25, (known, unknown)

    def test_a_forgotten_password_is_answered_as_fast_for_known_and_unknown(self):
        for number in range(self.WAITING_ROUNDS):
            user_with_role(Role.COORDINATOR, email=f"known{number}@council.example")

        def act(number, *, known):
            email = f"{'known' if known else 'nobody'}{number}@council.example"
            client = Client()
            began = time.monotonic()
            client.post(FORGOTTEN, {"email": email}, REMOTE_ADDR=f"192.0.2.{number}")
            return time.monotonic() - began

        known, unknown = self.medians(act, self.WAITING_ROUNDS)
        assert Message.objects.count() == self.WAITING_ROUNDS
        assert abs(known - unknown) < 0.1, (known, unknown)
        assert min(known, unknown) > 0.3
