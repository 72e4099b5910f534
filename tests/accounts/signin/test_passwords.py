from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from tests.factories import AuthorityFactory, user_with_role

pytestmark = pytest.mark.django_db


def refused(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as refusal:
        return [error.code for error in refusal.error_list]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "heron plover wren",
        "nine quiet otters",
        "correct horse battery staple",
        "twelve letter",
        "lamp-tree-quilt",
        "Das Käsebrot liegt hier",
        "水曜日の朝は静かな川へ行く",
        "summer rain on the tin roof",
        "xK9#mQ2$vL7!",
        "a walk to Eastmere bridge",
        "🦉🦆🦢🐦🦅🐧🦜🐔🦃🦚🦩🐤",
        "n" + "quiet otters and loud geese " * 4,
    ],
)
def test_long_unusual_passwords_of_any_characters_are_accepted(password):
    AuthorityFactory(name="Eastmere Council")
    assert refused(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "Summer2026!!",
        "Autumn-2026-Autumn",
        "December2026!",
        "Winter12345678",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "asdfghjkl1234",
        "poiuytrewq98",
        "123456789012",
        "abcdefghijkl",
        "zyxwvutsrqpon",
        "Passw0rd2026!",
        "P@ssw0rd123456",
        "Password!Password1",
        "Welcome2026!!!",
        "Changeme12345",
        "cpconf2026cpconf",
        "ChildProtection1",
        "Safeguarding26!",
        "Eastmere2026!",
        "EastmereCouncil1",
        "3astm3re-2026",
        "Conference123!",
        "Monday010126!",
        "thur$d4y2026Borough2026!!",
        "rfvtgbyhnujm",
        "wsx-edc-2026",
        "ocean19460512",
    ],
)
def test_passwords_tried_first_are_refused(password):
    AuthorityFactory(name="Eastmere Council")
    assert "password_follows_pattern" in refused(password) or "password_too_common" in refused(password)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaa",
        "quiet otters quiet otters ",
        "112212211221",
        "abababababab",
        "abcabcabcabc",
        "aaaabbbbcccc",
        "otterotterotter",
    ],
)
def test_a_repetitive_password_is_refused(password):
    assert "password_repeats" in refused(password)


def test_it_needs_between_12_and_128_characters():
    assert refused("quiet otters"[:11]) == ["password_too_short"]
    assert refused("quiet otters") == []
    long = "quiet otters, loud geese; " * 5
    assert refused(long[:128]) == []
    assert refused(long[:129]) == ["password_too_long"]


def test_it_can_not_be_the_users_name_or_address():
    user = user_with_role(Role.COORDINATOR, email="joan.plover@council.example", name="Joan Featherstone")
    assert "password_too_similar" in refused("joan featherstone", user)
    assert refused("Plover-2026-Joan!", user) == ["password_follows_pattern"]
    assert refused("Plover-2026-Joan!") == []


def test_the_page_says_what_is_wrong_and_does_not_repeat_the_password(client):
    user = user_with_role(Role.COORDINATOR)
    user.set_password("heron plover wren")
    user.save()
    client.force_login(user)
    page = client.post(
        reverse("account_change_password"),
        {"oldpassword": "heron plover wren", "password1": "Summer2026!!", "password2": "Summer2026!!"},
    ).content.decode()
    assert page.count("follows a common pattern") == 2
    assert "Summer2026!!" not in page


def test_a_password_can_be_shown_and_pasted(client):
    page = client.get(reverse("account_login")).content.decode()
    assert page.count('data-module="govuk-password-input"') == 1
    assert 'aria-label="Show password" hidden>Show</button>' in page
    assert "onpaste" not in page
    assert 'autocomplete="current-password"' in page
