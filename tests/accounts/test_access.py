from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from accounts.access import SignInRequired, SignInRequiredMiddleware, open_row, require_roles
from accounts.enums import ReadKind, Role
from accounts.models import AccessEvent, Authority, Team, User
from accounts.readers import Reader
from accounts.rules import Rule
from tests.factories import AuthorityFactory, RoleAssignmentFactory, TeamFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db


def own_teams(reader: Reader) -> Q | None:
    teams = reader.team_ids(Role.SOCIAL_WORKER)
    return Q(pk__one_of=teams) if teams else None


def whole_council(reader: Reader) -> Q | None:
    councils = reader.authority_ids(Role.SERVICE_MANAGER)
    return Q(authority__one_of=councils) if councils else None


def everything(reader: Reader) -> Q | None:
    return Q() if reader.holds(Role.AUDITOR) else None


TEAMS = Rule(rights=(("own team", own_teams), ("whole council", whole_council), ("audit", everything)))


def request_of(user, method="get", path="/teams/1/", **extra):
    request = getattr(RequestFactory(), method)(path, **extra)
    request.user = user
    request.resolver_match = None
    return request


def open_team(user, pk, **extra):
    return open_row(
        request_of(user),
        Team.objects.all(),
        TEAMS,
        page="accounts:see-team",
        families=lambda team: [team.authority_id, team.authority_id],
        persons=lambda team: [9, 3],
        pk=pk,
        **extra,
    )


class TestRule:
    @pytest.fixture
    def teams(self):
        council = AuthorityFactory()
        return [TeamFactory(authority=council), TeamFactory(authority=council), TeamFactory()]

    @pytest.mark.parametrize("role", [*Role.values, None])
    def test_list_and_single_row_agree_for_every_role(self, teams, role):
        user = user_with_role(role, authority=teams[0].authority, team=teams[0]) if role else UserFactory()
        listed = {team.pk: team.right for team in TEAMS.visible(Team.objects.all(), user)}
        single = {team.pk: TEAMS.right_of(user, team) for team in Team.objects.all()}
        assert listed == {pk: right for pk, right in single.items() if right is not None}

    def test_the_first_right_that_fits_is_named(self, teams):
        user = user_with_role(Role.SERVICE_MANAGER, authority=teams[0].authority)
        RoleAssignmentFactory(user=user, authority=teams[0].authority, team=teams[0], role=Role.SOCIAL_WORKER)
        rights = {team.pk: team.right for team in TEAMS.visible(Team.objects.all(), user)}
        assert rights == {teams[0].pk: "own team", teams[1].pk: "whole council"}

    def test_an_empty_condition_opens_every_row(self, teams):
        assert TEAMS.visible(Team.objects.all(), user_with_role(Role.AUDITOR)).count() == 3

    def test_a_bar_overrides_every_right(self, teams):
        rule = Rule(rights=TEAMS.rights, never=lambda _reader: Q(name=teams[0].name))
        user = user_with_role(Role.SOCIAL_WORKER, team=teams[0])
        assert (rule.right_of(user, teams[0]), list(rule.visible(Team.objects.all(), user))) == (None, [])

    def test_an_empty_bar_bars_everything(self, teams):
        rule = Rule(rights=TEAMS.rights, never=lambda _reader: Q())
        assert list(rule.visible(Team.objects.all(), user_with_role(Role.AUDITOR))) == []

    def test_anonymous_users_and_closed_accounts_see_nothing(self, teams):
        closed = user_with_role(Role.AUDITOR, is_active=False)
        for user in (AnonymousUser(), closed):
            assert list(TEAMS.visible(Team.objects.all(), user)) == []

    def test_an_ended_role_opens_nothing_from_that_day_on(self, teams, time_machine):
        user = UserFactory()
        RoleAssignmentFactory(
            user=user,
            authority=teams[0].authority,
            role=Role.SERVICE_MANAGER,
            starts_on="2026-01-01",
            ends_on="2026-03-01",
        )
        time_machine.move_to("2026-02-28 12:00")
        assert TEAMS.visible(Team.objects.all(), User.objects.get(pk=user.pk)).count() == 2
        time_machine.move_to("2026-03-01 00:30")
        assert TEAMS.visible(Team.objects.all(), User.objects.get(pk=user.pk)).count() == 0


class TestOpenRow:
    def test_gives_the_row_with_its_right_and_logs_the_read(self):
        team = TeamFactory()
        user = user_with_role(Role.SOCIAL_WORKER, team=team)
        assert open_team(user, team.pk).right == "own team"
        event = AccessEvent.objects.get()
        assert (event.user, event.authority, event.kind, event.page) == (
            user,
            team.authority,
            ReadKind.PAGE,
            "accounts:see-team",
        )
        assert (event.subject, event.subject_id, event.right) == ("Team", team.pk, "own team")
        assert (event.family_ids, event.person_ids, event.address) == ([team.authority_id], [3, 9], "127.0.0.1")

    def test_the_kind_of_read_is_logged(self):
        team = TeamFactory()
        open_team(user_with_role(Role.AUDITOR), team.pk, kind=ReadKind.PDF)
        assert AccessEvent.objects.get().kind == ReadKind.PDF

    def test_signed_out_users_have_to_sign_in(self):
        with pytest.raises(SignInRequired):
            open_team(AnonymousUser(), TeamFactory().pk)
        assert AccessEvent.objects.count() == 0

    def test_a_forbidden_and_a_missing_row_look_the_same(self):
        team, user = TeamFactory(), user_with_role(Role.SOCIAL_WORKER)
        answers = []
        for pk in (team.pk, team.pk + 1000, 10**30):
            with pytest.raises(Http404) as refused:
                open_team(user, pk)
            answers.append(str(refused.value))
        assert answers == ["", "", ""]

    def test_the_log_distinguishes_a_forbidden_from_a_missing_row(self):
        team, user = TeamFactory(), user_with_role(Role.SOCIAL_WORKER)
        for pk in (team.pk, team.pk + 1000):
            with pytest.raises(Http404):
                open_team(user, pk)
        events = AccessEvent.objects.order_by("pk").values_list("kind", "subject_id", "family_ids", "right")
        assert list(events) == [(ReadKind.REFUSED, team.pk, [team.authority_id], ""), (ReadKind.REFUSED, None, [], "")]


class TestRequireRoles:
    def test_gives_the_user_who_holds_one_of_the_roles(self):
        user = user_with_role(Role.CHAIR)
        assert require_roles(request_of(user), Role.CHAIR, Role.COORDINATOR) == user

    def test_without_roles_any_role_will_do(self):
        assert require_roles(request_of(user := user_with_role(Role.AUDITOR))) == user
        with pytest.raises(Http404):
            require_roles(request_of(UserFactory()))

    def test_refuses_and_logs_another_role(self):
        with pytest.raises(Http404):
            require_roles(request_of(user_with_role(Role.AUDITOR)), Role.CHAIR)
        assert AccessEvent.objects.get().kind == ReadKind.REFUSED

    def test_signed_out_users_have_to_sign_in(self):
        with pytest.raises(SignInRequired):
            require_roles(request_of(AnonymousUser()))


class TestReadLog:
    @pytest.mark.parametrize(
        ("address", "kept"), [("", None), ("unix:", None), ("2001:db8::1", "2001:db8::1"), ("10.0.0.7", "10.0.0.7")]
    )
    def test_keeps_an_existing_address(self, address, kept):
        team = TeamFactory()
        request = request_of(user_with_role(Role.AUDITOR), REMOTE_ADDR=address)
        open_row(request, Team.objects.all(), TEAMS, page="accounts:see-team", pk=team.pk)
        assert AccessEvent.objects.get().address == kept

    def test_a_request_that_ends_in_not_found_still_logs_the_refusal(self, client):
        client.force_login(user_with_role(Role.SOCIAL_WORKER))
        assert client.get("/account/read-log/").status_code == 404
        assert AccessEvent.objects.get().page == "accounts:read-log"


class TestSigningInFirst:
    def answer(self, method="get", path="/teams/1/?tab=2", **extra):
        request = request_of(AnonymousUser(), method, path, **extra)
        middleware = SignInRequiredMiddleware(lambda request: HttpResponse())
        return middleware.process_exception(request, SignInRequired())

    def test_a_page_is_asked_for_again_afterwards(self):
        assert self.answer().headers["Location"] == "/account/sign-in/?next=/teams/1/%3Ftab%3D2"

    def test_a_form_redirects_to_the_page_that_contains_it(self):
        answer = self.answer("post", HTTP_REFERER="http://testserver/teams/1/edit/")
        assert answer.headers["Location"] == "/account/sign-in/?next=/teams/1/edit/"

    def test_other_exceptions_pass(self):
        middleware = SignInRequiredMiddleware(lambda request: HttpResponse())
        assert middleware.process_exception(request_of(AnonymousUser()), ValueError()) is None


def test_the_council_of_a_user_is_that_of_the_main_role():
    council = AuthorityFactory()
    user = user_with_role(Role.CHAIR, authority=council)
    RoleAssignmentFactory(user=user, role=Role.AUDITOR)
    assert (user.authority, user.current_role_name, Authority.objects.count()) == (council, "Conference chair", 2)
