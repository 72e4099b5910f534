"""Sign-in through a council's directory: a real one, over HTTP, on this machine."""

from __future__ import annotations

import datetime
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import throttling
from accounts.enums import Role
from accounts.models import Leaving, RoleAssignment, User
from tests.accounts.directory.coming_in import BACK, GO, SIGN_IN, WREN, come_in, roles_of, said, sent_to, signed_in
from tests.factories import UserFactory, user_with_role

pytestmark = pytest.mark.django_db


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
