from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.enums import Role
from accounts.models import User
from tests.factories import UserFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

URL = reverse("account_login")
PASSWORD = "heron plover wren"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@once_per_module()
def user():
    user = user_with_role(Role.COORDINATOR, email="joan.plover@council.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, email="joan.plover@council.example", password=PASSWORD, **extra):
    return client.post(URL, {"login": email, "password": password, **extra})


def test_redirects_to_the_requested_page(client, user):
    assert sign_in(client, next="/outbox/").headers["Location"] == "/outbox/"
    assert client.get("/outbox/").status_code == 200


def test_redirects_home_without_one(client, user):
    assert sign_in(client).headers["Location"] == "/"


def test_never_redirects_to_another_site(client, user):
    assert sign_in(client, next="https://elsewhere.example/").headers["Location"] == "/"


def test_capitals_in_the_address_do_not_matter(client, user):
    assert sign_in(client, email="Joan.Plover@Council.example").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"), [("joan.plover@council.example", "wrong"), ("nobody@council.example", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, user, email, password):
    answer = sign_in(client, email=email, password=password)
    page = answer.content.decode()
    assert "The e-mail address or the password is not right" in page
    assert f'value="{email}"' in page
    assert password not in page
    assert "_auth_user_id" not in client.session


def test_a_closed_account_stays_out(client, user):
    User.objects.update(is_active=False)
    answer = sign_in(client)
    assert "_auth_user_id" not in client.session
    assert client.get(answer.headers.get("Location", URL)).status_code == 200


def test_an_empty_form_says_what_is_missing(client):
    page = sign_in(client, email="", password="").content.decode()
    assert [page.count("Enter your e-mail address"), page.count("Enter your password")] == [2, 2]


def test_the_session_gets_a_new_key(client, user):
    client.get(URL)
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_the_session_ends_with_the_browser(client, user):
    sign_in(client)
    assert client.cookies["sessionid"]["max-age"] == ""


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client, user):
    for _ in range(5):
        sign_in(client, password="wrong")
    answer = sign_in(client)
    assert "Too many tries" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_a_form(client, user):
    client.force_login(user)
    url = reverse("account_logout")
    assert "Do you want to sign out?" in client.get(url).content.decode()
    assert "_auth_user_id" in client.session
    assert client.post(url).headers["Location"] == URL
    assert "_auth_user_id" not in client.session


def test_there_is_no_sign_up():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_every_page_of_the_library_is_one_of_ours(client, user):
    """Each routed page uses this site's layout, for users signed in and signed out."""
    names = sorted(name for name in get_resolver().reverse_dict if str(name).startswith("account_"))
    assert names == [
        "account_change_password",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_set_password",
    ]
    for signed_in in (False, True):
        if signed_in:
            client.force_login(user)
        for name in names:
            key = name == "account_reset_password_from_key"
            answer = client.get(reverse(name, kwargs={"uidb36": "1", "key": "2"} if key else None))
            assert answer.status_code in {200, 302}, name
            if answer.status_code == 200:
                assert "cp-header" in answer.content.decode(), name
                assert not [one.name for one in answer.templates if "/allauth/" in one.origin.name], name


class TestForgottenPassword:
    @pytest.mark.parametrize("email", ["joan.plover@council.example", "nobody@council.example"])
    def test_asking_for_a_link_gets_one_answer_for_every_address(self, client, user, email):
        answer = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        assert "Check your e-mail" in answer.content.decode()

    def test_a_link_that_is_used_up_says_how_to_get_another(self, client):
        url = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "abc-def"})
        assert "This link no longer works" in client.get(url).content.decode()


class TestChangingThePassword:
    URL = reverse("account_change_password")

    def test_takes_the_old_one_and_keeps_the_session(self, client, user):
        client.force_login(user)
        answer = client.post(
            self.URL, {"oldpassword": PASSWORD, "password1": "nine quiet otters", "password2": "nine quiet otters"}
        )
        assert answer.status_code == 302
        user.refresh_from_db()
        assert user.check_password("nine quiet otters")
        assert client.get(self.URL).status_code == 200

    def test_refuses_a_short_or_common_one(self, client, user):
        client.force_login(user)
        page = client.post(self.URL, {"oldpassword": PASSWORD, "password1": "password", "password2": "password"})
        assert "at least 12 characters" in page.content.decode()
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_an_account_without_password_chooses_one(self, client):
        client.force_login(UserFactory())
        assert client.get(self.URL).headers["Location"] == reverse("account_set_password")
        assert "Choose a password" in client.get(reverse("account_set_password")).content.decode()
