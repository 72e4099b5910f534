"""What is believed of a directory: its second factor, and nothing that is forged."""

from __future__ import annotations

import datetime
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.signin.second_factor import DIRECTORY
from tests.accounts.directory.coming_in import BACK, SIGN_IN, WREN, come_in, said, sent_to, signed_in
from tests.accounts.directory.directory_server import running_directory
from tests.factories import UserFactory, user_with_role

pytestmark = pytest.mark.django_db


class TestTheSecondFactor:
    def methods(self, visitor):
        return [row["method"] for row in visitor.session.get("account_authentication_methods", [])]

    @pytest.mark.parametrize(
        ("claims", "marked"),
        [
            ({}, True),
            ({"amr": ["pwd"]}, False),
            ({"amr": None}, False),
            ({"amr": ["pwd"], "acr": "urn:two"}, True),
            ({"amr": ["pwd"], "acr": "urn:one"}, False),
        ],
    )
    def test_is_left_to_the_directory_where_its_claim_says_so(self, visitor, directory, claims, marked):
        come_in(visitor, directory, **claims)
        assert (DIRECTORY in self.methods(visitor)) is marked

    def test_the_session_ends_with_the_browser(self, visitor, directory):
        come_in(visitor, directory)
        assert visitor.cookies["sessionid"]["max-age"] == ""

    @pytest.mark.parametrize(("amr", "page"), [(["mfa"], 200), (["pwd"], 302)])
    def test_if_required_pages_open_only_with_it(self, visitor, directory, settings, amr, page):
        settings.REQUIRE_SECOND_FACTOR = True
        come_in(visitor, directory, amr=amr)
        assert visitor.get("/").status_code == page

    @pytest.mark.parametrize(("amr", "asked"), [(["mfa"], False), (["pwd"], True)])
    def test_the_users_own_step_is_asked_for_only_without_it(self, visitor, directory, amr, asked):
        come_in(visitor, directory)
        Authenticator.objects.create(user=signed_in(visitor), type=Authenticator.Type.TOTP, data={"secret": ""})
        visitor = Client()
        answer = come_in(visitor, directory, amr=amr)
        assert (reverse("mfa_authenticate") in answer["Location"]) is asked
        assert (signed_in(visitor) is None) is asked

    def test_is_given_again_on_request(self, visitor, directory):
        come_in(visitor, directory)
        page = said(visitor.get(f"{reverse('accounts:directory-again')}?next=/plans/"))
        assert "Sign in again with Eastmere Council" in page
        answer = come_in(visitor, directory, again=True, next_url="/plans/")
        asked = directory.door.seen[-1]
        assert (asked["prompt"], asked["max_age"], answer["Location"]) == ("login", "0", "/plans/")
        assert any(row.get("reauthenticated") for row in visitor.session["account_authentication_methods"])

    def test_a_sign_in_hours_ago_is_not_fresh(self, visitor, directory):
        come_in(visitor, directory)
        come_in(visitor, directory, again=True, auth_time=int(time.time()) - 3600)
        assert not any(row.get("reauthenticated") for row in visitor.session["account_authentication_methods"])

    @pytest.mark.parametrize("amr", [["mfa"], ["pwd"]])
    @pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
    def test_a_found_open_session_can_not_be_given_a_new_step(self, visitor, directory, settings, amr, name):
        settings.REQUIRE_SECOND_FACTOR = True
        with time_machine.travel(timezone.now(), tick=True) as clock:
            come_in(visitor, directory, amr=amr)
            assert visitor.get(reverse(name)).status_code == 200
            clock.shift(datetime.timedelta(minutes=16))
            again = f"{reverse('accounts:directory-again')}?next="
            assert visitor.get(reverse(name))["Location"].startswith(again)
            assert visitor.post(reverse(name), {"code": "123456"})["Location"].startswith(again)

    def test_a_found_open_session_can_not_be_given_a_password(self, visitor, directory, settings):
        come_in(visitor, directory)
        url = reverse("account_set_password")
        answer = visitor.get(url)
        assert (answer.status_code, "belongs to your council’s directory" in said(answer)) == (403, True)
        words = "heron plover wren"
        assert visitor.post(url, {"password1": words, "password2": words}).status_code == 403
        assert not signed_in(visitor).has_usable_password()

    def test_the_page_that_asks_again_is_for_directory_users_only(self, visitor, directory):
        url = reverse("accounts:directory-again")
        assert SIGN_IN in visitor.get(url)["Location"]
        visitor.force_login(user_with_role(Role.CHAIR))
        assert visitor.get(url).status_code == 404


class TestForgery:
    def refused(self, visitor, url):
        answer = visitor.get(url.removeprefix("http://testserver"))
        assert signed_in(visitor) is None
        assert User.objects.count() == 0
        return answer.status_code

    @pytest.fixture
    def back(self, visitor, directory):
        directory.knows("7f3", **WREN)
        return directory.sign_in(sent_to(visitor), "7f3")

    def test_another_browser_cannot_use_the_way_back(self, back):
        assert self.refused(Client(), back) == 401

    def test_the_way_back_works_once(self, visitor, back):
        visitor.get(back.removeprefix("http://testserver"))
        visitor.logout()
        User.objects.all()
        assert visitor.get(back.removeprefix("http://testserver")).status_code == 401

    def test_another_state(self, visitor, back):
        assert self.refused(visitor, back.replace("state=", "state=x")) == 401

    def test_another_code(self, visitor, back):
        assert self.refused(visitor, back.replace("code=", "code=x")) == 401

    def test_a_code_requested_by_another_browser(self, visitor, directory, back):
        """PKCE protects against a code stolen in transit."""
        thief = Client()
        own = directory.sign_in(sent_to(thief), "7f3")
        code = parse_qs(urlsplit(back).query)["code"][0]
        state = parse_qs(urlsplit(own).query)["state"][0]
        assert self.refused(thief, f"{BACK}?code={code}&state={state}") == 401

    def test_a_wrong_secret(self, visitor, directory, back, settings):
        settings.OIDC_SECRETS = {"OIDC_SECRET_EASTMERE": "wrong"}
        assert self.refused(visitor, back) == 401

    def test_a_token_with_another_nonce(self, visitor, directory, ours, back):
        directory.door.id_token_instead = directory.id_token(
            client=ours, redirect_uri=f"http://testserver{BACK}", subject="7f3", nonce="another"
        )
        assert self.refused(visitor, back) == 401

    def test_a_token_for_another_client(self, visitor, directory, back):
        nonce = directory.door.seen[-1]["nonce"]
        other = directory.client("http://elsewhere.example/back")
        directory.door.id_token_instead = directory.id_token(
            client=other, redirect_uri="http://elsewhere.example/back", subject="7f3", nonce=f"{nonce}-2"
        )
        assert self.refused(visitor, back) == 401

    def test_a_token_from_another_directory(self, visitor, directory, back):
        with running_directory() as other:
            client = other.client(f"http://testserver{BACK}")
            other.knows("7f3", **WREN)
            directory.door.id_token_instead = other.id_token(
                client=client, redirect_uri=f"http://testserver{BACK}", subject="7f3", nonce="n"
            )
        assert self.refused(visitor, back) == 401

    def test_no_token(self, visitor, directory, back):
        directory.door.id_token_instead = "nothing"
        assert self.refused(visitor, back) == 401

    def test_an_issuer_that_changes_during_the_flow(self, visitor, directory, back):
        directory.door.issuer_instead = "https://elsewhere.example"
        assert self.refused(visitor, back) == 401

    def test_a_user_who_denies_access_there(self, visitor, directory):
        back = directory.refuse(sent_to(visitor))
        assert self.refused(visitor, back) == 401


@pytest.mark.parametrize("before", ["new", "had a password here"])
@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_a_directory_without_a_second_factor_leads_to_one_of_ours(
    visitor, directory, settings, as_production_role, before, name
):
    settings.REQUIRE_SECOND_FACTOR = True
    if before != "new":
        default_token_generator.make_token(UserFactory(email=WREN["email"]))  # as for a link in a mail
    come_in(visitor, directory, amr=["pwd"])
    assert visitor.get(reverse(name)).status_code == 200
    page = said(visitor.get(reverse("mfa_activate_totp")))
    secret = re.search(r"data-totp-key>([A-Z2-7]+)<", page).group(1)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert visitor.post(reverse("mfa_activate_totp"), {"code": code})["Location"] == reverse("mfa_view_recovery_codes")
    assert visitor.get("/", follow=True).status_code == 200
