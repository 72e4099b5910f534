"""Wrong passwords entered by anybody keep nobody out who proves themselves otherwise, and let nobody else in."""

from __future__ import annotations

import datetime
import re
import time

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import throttling
from accounts.enums import Role
from accounts.signin import known_devices
from tests.accounts.newcomers import PASSWORD, Newcomer
from tests.factories import user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

EMAIL, OTHER = "kestrel@council.example", "avocet@council.example"
WRONG = "heron plover finch"
URL = reverse("account_login")


@pytest.fixture(autouse=True)
def _no_tries_of_other_tests_count():
    cache.clear()


@pytest.fixture(autouse=True)
def _second_factor_required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@once_per_module()
def chairs():
    users = [user_with_role(Role.CHAIR, email=email) for email in (EMAIL, OTHER)]
    for user in users:
        user.set_password(PASSWORD)
        user.save()
    return users


def keep_out(email=EMAIL):
    """Enter wrong passwords from elsewhere, until the account is blocked."""
    for number in range(6):
        Client().post(URL, {"login": email, "password": WRONG}, REMOTE_ADDR=f"198.51.100.{number}")


def try_password(browser, email=EMAIL, password=PASSWORD):
    """Return what comes of it, in a session of its own: "through", "wrong" or "blocked"."""
    browser.cookies.pop("sessionid", None)
    answer = browser.post(URL, {"login": email, "password": password})
    if answer.status_code == 302:
        return "through"
    return "blocked" if "Too many tries" in answer.content.decode() else "wrong"


def known(email=EMAIL, step="set_up_app"):
    """Return someone whose browser has shown a second factor, signed out again."""
    them = Newcomer(email)
    them.sign_in()
    getattr(them, step)()
    assert them.is_in()
    them.browser.post(reverse("account_logout"))
    return them


@pytest.mark.parametrize("email", [EMAIL, "nobody@council.example"])
def test_nobody_else_gets_in_with_the_right_password(chairs, email):
    known()
    keep_out(email)
    assert try_password(Client(), email) == "blocked"


def test_a_known_browser_gets_in_by_password_and_second_factor(chairs):
    them = known()
    keep_out()
    assert try_password(them.browser) == "through"
    assert not them.is_in()
    them.give_code()
    assert them.is_in()


def test_a_passkey_gets_in_from_any_browser(chairs):
    them = known(step="set_up_passkey")
    keep_out()
    them.browser = Newcomer(EMAIL).browser
    them.use_passkey()
    assert them.is_in()


def test_a_link_from_the_mailbox_gets_in_though_the_wrong_passwords_go_on(chairs):
    keep_out()
    them = Newcomer(EMAIL)
    them.ask_for_a_new_password()
    them.choose_password("nine quiet otters")
    keep_out()
    assert try_password(them.browser, password="nine quiet otters") == "through"
    them.set_up_app()
    assert them.is_in()


def test_a_link_alone_makes_a_browser_known_for_an_hour(chairs):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        them = Newcomer(EMAIL)
        them.ask_for_a_new_password()
        them.choose_password("nine quiet otters")
        clock.shift(datetime.timedelta(minutes=61))
        keep_out()
        assert try_password(them.browser, password="nine quiet otters") == "blocked"


def test_a_known_browser_is_known_for_months_and_not_for_ever(chairs):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        them = known()
        clock.shift(known_devices.KNOWN_FOR - datetime.timedelta(minutes=2))
        keep_out()
        assert try_password(them.browser) == "through"
        clock.shift(datetime.timedelta(minutes=4))
        keep_out()
        assert try_password(them.browser) == "blocked"


def test_a_password_without_second_factor_makes_no_browser_known(chairs):
    them = Newcomer(EMAIL)
    them.sign_in()
    keep_out()
    them.browser.post(reverse("account_logout"))
    assert try_password(them.browser) == "blocked"


def test_a_browser_known_for_one_account_is_not_known_for_another(chairs):
    them = known(EMAIL)
    keep_out(OTHER)
    assert try_password(them.browser, OTHER) == "blocked"


def test_a_shared_desk_is_known_for_each_of_its_people(chairs):
    them = known(EMAIL)
    second = Newcomer(OTHER)
    second.browser = them.browser
    second.sign_in()
    second.set_up_app()
    second.browser.post(reverse("account_logout"))
    keep_out(EMAIL)
    keep_out(OTHER)
    assert (try_password(them.browser, EMAIL), try_password(them.browser, OTHER)) == ("through", "through")


@pytest.mark.parametrize("cookie", ["", "x", "W10", "W10:1:x", None])
def test_what_somebody_makes_up_is_not_known(chairs, cookie):
    them = known()
    name = "known-device"
    made_up = them.browser.cookies[name].value[:-2] + "xx" if cookie is None else cookie
    keep_out()
    browser = Client()
    browser.cookies[name] = made_up
    assert try_password(browser) == "blocked"


def test_a_known_browser_guesses_five_times_and_blocks_only_itself(chairs):
    them = known()
    assert [try_password(them.browser, password=WRONG) for _ in range(7)] == ["wrong"] * 5 + ["blocked"] * 2
    assert try_password(them.browser) == "blocked"
    assert try_password(Client()) == "through"


def test_a_blocked_address_does_not_keep_a_known_browser_out(chairs):
    them = known()
    for _ in range(throttling.LIMITS["sign-in:address"].tries):
        throttling.allow("sign-in:address", "127.0.0.1", now=timezone.now())
    assert (try_password(Client()), try_password(them.browser)) == ("blocked", "through")


def test_the_cookie_names_nobody_and_no_script_reads_it(chairs):
    them = known()
    cookie = them.browser.cookies["known-device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert not re.search(r"kestrel|council", cookie.value)


def test_the_answer_is_the_same_for_unknown_accounts(chairs):
    def said(answer):
        return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode())

    for browser in (Client(), known().browser):
        browser.get(URL)  # says once that they have signed out
        answers = [
            [said(browser.post(URL, {"login": email, "password": WRONG})) for _ in range(7)]
            for email in (OTHER, "nobody@council.example")
        ]
        assert answers[0] == answers[1]


def test_being_blocked_takes_as_long_for_unknown_accounts(chairs):
    known()
    taken = {OTHER: [], "nobody@council.example": []}
    for email in taken:
        keep_out(email)
    for _ in range(12):
        for email, times in taken.items():
            began = time.thread_time()
            Client().post(URL, {"login": email, "password": WRONG})
            times.append(time.thread_time() - began)
    one, other = (sorted(times)[6] for times in taken.values())
    assert 0.6 < one / other < 1.6, (one, other)
