"""Sign-in through a council's directory: a real one, over HTTP, on this machine."""

from __future__ import annotations

import datetime
import json
import re
import time
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import throttling
from accounts.enums import Role
from accounts.models import Leaving, RoleAssignment, User
from accounts.signin.second_factor import DIRECTORY
from tests.accounts.directory.directory_server import running_directory
from tests.factories import AuthorityFactory, TeamFactory, UserFactory, user_with_role
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

GO = reverse("openid_connect_login", args=["eastmere"])
BACK = reverse("openid_connect_callback", args=["eastmere"])
SIGN_IN = reverse("account_login")
WREN = {
    "name": "Wren Marsh",
    "email": "wren@eastmere.example",
    "email_verified": True,
    "groups": ["assessment"],
    "amr": ["pwd", "mfa"],
}


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch:
        # The test directory runs without TLS, which its library refuses by default.
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with running_directory() as running:
            yield running


@once_per_module()
def council():
    authority = AuthorityFactory(slug="eastmere")
    TeamFactory(authority=authority, name="Assessment")
    TeamFactory(authority=authority, name="Long term")
    return authority


@pytest.fixture(scope="module")
def ours(server):
    """Our registration at the directory."""
    return server.client(f"http://testserver{BACK}")


@pytest.fixture
def directory(server, council, ours, settings):
    """The directory as configured in the environment, and what tests can change in it."""
    settings.OIDC_SECRETS = {"OIDC_SECRET_EASTMERE": ours[1]}
    settings.OIDC_DIRECTORIES = json.dumps(
        [
            {
                "slug": "eastmere",
                "name": "Eastmere Council",
                "authority": "eastmere",
                "issuer": server.url,
                "client_id": ours[0],
                "email_domains": ["eastmere.example"],
                "groups": {
                    "assessment": {"role": "social_worker", "team": "Assessment"},
                    "long-term": {"role": "social_worker", "team": "Long term"},
                    "chairs": {"role": "chair"},
                    "nowhere": {"role": "social_worker", "team": "Nowhere"},
                },
                "acr": ["urn:two"],
            }
        ]
    )
    yield server
    server.door.silent = False
    server.door.id_token_instead = ""
    server.door.issuer_instead = ""


@pytest.fixture
def visitor():
    return Client()


def sent_to(visitor, **fields):
    """Press the button and return the directory URL that the response leads to."""
    answer = visitor.post(GO, fields)
    assert answer.status_code == 200, answer
    return answer["Refresh"].removeprefix("0; url=")


def come_in(visitor, directory, subject="7f3", *, next_url="", again=False, **claims):
    """Go the whole way: our button, the directory's page, and back."""
    directory.knows(subject, **{**WREN, **claims})
    there = sent_to(visitor, next=next_url, **({"again": "1"} if again else {}))
    back = directory.sign_in(there, subject)
    assert back.startswith(f"http://testserver{BACK}?")
    return visitor.get(back.removeprefix("http://testserver"))


def signed_in(visitor):
    pk = visitor.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


def said(answer):
    return answer.content.decode()


def roles_of(user):
    held = user.roles.current(on=timezone.localdate()).order_by("pk")
    return [(one.role, one.team.name if one.team else "", one.from_directory) for one in held]


class TestTheWayThere:
    def test_the_sign_in_page_has_a_button_for_each_directory(self, visitor, directory):
        page = said(visitor.get(SIGN_IN))
        assert page.count("Sign in with Eastmere Council") == 1
        assert f'action="{GO}"' in page

    def test_without_a_directory_there_is_no_button(self, visitor):
        assert "Without your council" not in said(visitor.get(SIGN_IN))
        assert visitor.post(GO).status_code == 404
        assert visitor.get(BACK).status_code == 404

    def test_state_nonce_and_pkce_are_sent_without_their_secrets(self, visitor, directory, ours):
        there = urlsplit(sent_to(visitor))
        asked = {name: values[0] for name, values in parse_qs(there.query).items()}
        assert f"{there.scheme}://{there.netloc}" == directory.url
        assert (asked["client_id"], asked["redirect_uri"]) == (ours[0], f"http://testserver{BACK}")
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert set(asked["scope"].split()) == {"openid", "profile", "email"}
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16
        assert ours[1] not in there.query
        assert "prompt" not in asked

    def test_a_get_request_starts_nothing(self, visitor, directory):
        assert visitor.get(GO).status_code == 405

    def test_the_page_works_without_scripts(self, visitor, directory):
        page = said(visitor.post(GO))
        assert "Continue if nothing happens" in page

    def test_a_directory_that_does_not_answer(self, visitor, directory):
        directory.door.silent = True
        answer = visitor.post(GO)
        assert (answer.status_code, "we could not sign you in" in said(answer)) == (401, True)

    def test_a_directory_with_another_issuer(self, visitor, directory):
        directory.door.issuer_instead = "https://elsewhere.example"
        assert visitor.post(GO).status_code == 401

    def test_too_many_from_one_address(self, visitor, directory):
        now = timezone.now()
        for _ in range(throttling.LIMITS["directory:address"].tries):
            throttling.allow("directory:address", "127.0.0.1", now=now)
        assert visitor.post(GO).status_code == 429
        assert visitor.get(BACK).status_code == 429


class TestSomebodyNew:
    def test_gets_an_account_with_name_role_and_team(self, visitor, directory, council):
        answer = come_in(visitor, directory)
        user = signed_in(visitor)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert (user.name, user.email, user.has_usable_password()) == ("Wren Marsh", "wren@eastmere.example", False)
        assert roles_of(user) == [("social_worker", "Assessment", "eastmere")]
        assert user.roles.get().authority == council

    def test_only_the_subject_of_the_token_is_stored(self, visitor, directory):
        come_in(visitor, directory)
        come_in(visitor, directory)
        row = SocialAccount.objects.get()
        assert (row.provider, row.uid, row.extra_data) == ("eastmere", "7f3", {})

    def test_comes_to_the_page_that_was_wanted(self, visitor, directory):
        assert come_in(visitor, directory, next_url="/plans/")["Location"] == "/plans/"

    def test_never_redirects_to_another_site(self, visitor, directory):
        assert come_in(visitor, directory, next_url="https://elsewhere.example/")["Location"] == "/"

    def test_the_session_is_a_new_one(self, visitor, directory):
        visitor.get(SIGN_IN)
        sent_to(visitor)
        before = visitor.session.session_key
        come_in(visitor, directory)
        assert visitor.session.session_key != before

    def test_gets_no_account_without_a_mapped_group(self, visitor, directory):
        answer = come_in(visitor, directory, groups=["everybody"])
        assert (answer.status_code, User.objects.count()) == (403, 0)
        assert "does not give you a role in this service" in said(answer)

    @pytest.mark.parametrize(
        "claims", [{"email_verified": False}, {"email": "wren@elsewhere.example"}, {"email": "nonsense"}]
    )
    def test_gets_no_account_without_a_verified_council_address(self, visitor, directory, claims):
        answer = come_in(visitor, directory, **claims)
        assert (answer.status_code, User.objects.count(), signed_in(visitor)) == (403, 0, None)
        assert "did not confirm" in said(answer)

    def test_gets_no_account_where_the_team_does_not_exist(self, visitor, directory):
        answer = come_in(visitor, directory, groups=["nowhere"])
        assert (answer.status_code, User.objects.count()) == (403, 0)
        assert "names a team that is not set up here" in said(answer)


class TestSomebodyKnown:
    @pytest.fixture
    def wren(self, visitor, directory):
        come_in(visitor, directory)
        return signed_in(visitor)

    def test_stays_one_person(self, visitor, directory, wren):
        come_in(Client(), directory)
        assert (User.objects.count(), RoleAssignment.objects.count()) == (1, 1)

    def test_another_name_and_address(self, visitor, directory, wren):
        come_in(visitor, directory, name="Wren Fen", email="wren.fen@eastmere.example")
        wren.refresh_from_db()
        assert (wren.name, wren.email) == ("Wren Fen", "wren.fen@eastmere.example")

    def test_an_unverified_address_is_not_taken_over(self, visitor, directory, wren):
        come_in(visitor, directory, email="finch@eastmere.example", email_verified=False)
        wren.refresh_from_db()
        assert (wren.email, signed_in(visitor)) == ("wren@eastmere.example", wren)

    def test_an_address_in_use_is_not_taken_over(self, visitor, directory, wren):
        UserFactory(email="finch@eastmere.example")
        come_in(visitor, directory, email="Finch@eastmere.example")
        wren.refresh_from_db()
        assert wren.email == "wren@eastmere.example"

    def test_another_team_from_today(self, visitor, directory, wren):
        come_in(visitor, directory, groups=["long-term"])
        assert roles_of(wren) == [("social_worker", "Long term", "eastmere")]
        assert wren.roles.get(team__name="Assessment").ends_on == timezone.localdate()

    def test_one_role_added_and_one_removed(self, visitor, directory, wren):
        come_in(visitor, directory, groups=["assessment", "chairs"])
        assert sorted(roles_of(wren)) == [("chair", "", "eastmere"), ("social_worker", "Assessment", "eastmere")]
        come_in(visitor, directory, groups=["chairs"])
        assert roles_of(wren) == [("chair", "", "eastmere")]

    def test_a_role_given_here_is_left_alone(self, visitor, directory, wren, council):
        RoleAssignment.objects.create(user=wren, authority=council, role=Role.AUDITOR, starts_on=timezone.localdate())
        come_in(visitor, directory, groups=[])
        assert (roles_of(wren), signed_in(visitor)) == ([("auditor", "", "")], wren)

    def test_losing_the_last_role_closes_account_and_sessions(self, visitor, directory, wren):
        elsewhere = Client()
        come_in(elsewhere, directory)
        answer = come_in(visitor, directory, groups=[])
        wren.refresh_from_db()
        assert (answer.status_code, wren.is_active, roles_of(wren)) == (403, False, [])
        assert Leaving.objects.get().closed_by is None
        assert "/sign-in/" in elsewhere.get("/")["Location"]

    def test_a_new_role_reopens_the_account(self, visitor, directory, wren):
        come_in(visitor, directory, groups=[])
        come_in(visitor, directory, groups=["chairs"])
        wren.refresh_from_db()
        assert (wren.is_active, roles_of(wren), signed_in(visitor)) == (True, [("chair", "", "eastmere")], wren)
        assert Leaving.objects.get().reopened_at is not None

    def test_an_account_closed_by_an_administrator_stays_closed(self, visitor, directory, wren, council):
        wren.is_active = False
        wren.save()
        Leaving.objects.create(
            user=wren,
            why="Left",
            closed_at=timezone.now(),
            closed_by=user_with_role(Role.ADMINISTRATOR, authority=council),
        )
        answer = come_in(Client(), directory)
        assert (answer.status_code, "Your account is closed" in said(answer)) == (403, True)

    def test_a_team_unknown_here_takes_nothing_away(self, directory, wren):
        assert come_in(Client(), directory, groups=["nowhere"]).status_code == 403
        assert roles_of(wren) == [("social_worker", "Assessment", "eastmere")]

    def test_groups_left_out_as_too_many_take_nothing_away(self, directory, wren):
        directory.knows("7f3", **{name: value for name, value in WREN.items() if name != "groups"}, hasgroups=True)
        visitor = Client()
        back = directory.sign_in(sent_to(visitor), "7f3")
        assert visitor.get(back.removeprefix("http://testserver")).status_code == 401
        assert roles_of(wren) == [("social_worker", "Assessment", "eastmere")]

    def test_can_not_sign_in_any_other_way(self, directory, wren):
        wren.set_password("heron plover wren")
        wren.save()
        visitor = Client()
        answer = visitor.post(SIGN_IN, {"login": wren.email, "password": "heron plover wren"})
        assert (answer.status_code, signed_in(visitor)) == (403, None)
        assert "Your account belongs to your council’s directory" in said(answer)


class TestAnAccountOfBefore:
    @pytest.fixture
    def finch(self, council):
        finch = user_with_role(Role.CHAIR, authority=council)
        finch.email = "finch@eastmere.example"
        finch.set_password("heron plover wren")
        finch.save()
        return finch

    def test_is_linked_by_a_verified_council_address_and_loses_its_password(self, visitor, directory, finch):
        come_in(visitor, directory, email="Finch@Eastmere.example")
        finch.refresh_from_db()
        assert (signed_in(visitor), finch.has_usable_password()) == (finch, False)
        assert roles_of(finch) == [("chair", "", ""), ("social_worker", "Assessment", "eastmere")]

    def test_is_not_linked_by_an_unverified_address(self, visitor, directory, finch):
        answer = come_in(visitor, directory, email=finch.email, email_verified=False)
        finch.refresh_from_db()
        assert (answer.status_code, signed_in(visitor), finch.has_usable_password()) == (403, None, True)
        assert SocialAccount.objects.count() == 0

    def test_is_not_linked_by_a_verified_address_in_another_domain(self, visitor, directory, finch):
        finch.email = "finch@elsewhere.example"
        finch.save()
        assert come_in(visitor, directory, email=finch.email).status_code == 403
        assert SocialAccount.objects.count() == 0

    def test_is_not_linked_by_a_reassigned_mailbox(self, directory, finch):
        come_in(Client(), directory, email=finch.email)
        visitor = Client()
        answer = come_in(visitor, directory, "another", email=finch.email)
        assert (answer.status_code, signed_in(visitor)) == (403, None)
        assert "Someone else has an account" in said(answer)

    def test_is_not_linked_if_it_is_closed(self, visitor, directory, finch):
        finch.is_active = False
        finch.save()
        assert come_in(visitor, directory, email=finch.email).status_code == 403

    def test_is_not_linked_where_it_is_a_superuser(self, visitor, directory, finch):
        finch.is_superuser = True
        finch.save()
        assert come_in(visitor, directory, email=finch.email).status_code == 403


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


def test_a_day_later_the_roles_are_those_of_that_day(directory):
    """A role ended today is over today; one that starts today is held today."""
    visitor = Client()
    come_in(visitor, directory, groups=["chairs"])
    come_in(visitor, directory, groups=["assessment"])
    user = signed_in(visitor)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert [one.role for one in user.roles.current(on=tomorrow)] == ["social_worker"]


class TestLeavers:
    def listed(self, tmp_path, *lines):
        path = tmp_path / "leavers.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        out = StringIO()
        call_command("disable_leavers", directory="eastmere", file=path, stdout=out)
        return out.getvalue().strip()

    @pytest.mark.parametrize("named", ["7f3", "Wren@Eastmere.example"])
    def test_are_signed_out_at_once_by_subject_or_address(self, visitor, directory, tmp_path, named):
        come_in(visitor, directory)
        user = signed_in(visitor)
        said_then = self.listed(tmp_path, named, "", "nobody@eastmere.example")
        assert said_then == "1 accounts closed, 1 lines that name nobody of this directory."
        user.refresh_from_db()
        assert (user.is_active, roles_of(user)) == (False, [])
        assert "/sign-in/" in visitor.get("/")["Location"]
        assert self.listed(tmp_path, named).startswith("1 accounts closed")

    def test_keep_roles_given_here(self, visitor, directory, council, tmp_path):
        come_in(visitor, directory)
        user = signed_in(visitor)
        RoleAssignment.objects.create(user=user, authority=council, role=Role.AUDITOR, starts_on=timezone.localdate())
        assert self.listed(tmp_path, "7f3").startswith("0 accounts closed")
        assert roles_of(user) == [("auditor", "", "")]

    def test_unknown_directory(self, tmp_path):
        with pytest.raises(CommandError, match="no directory of that name"):
            call_command("disable_leavers", directory="westmere", file=tmp_path / "x")

    def test_missing_file(self, directory, tmp_path):
        with pytest.raises(CommandError, match="can't be read"):
            call_command("disable_leavers", directory="eastmere", file=tmp_path / "x")


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
