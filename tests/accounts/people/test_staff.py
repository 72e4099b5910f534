"""Administrators manage users and their roles, see no case, and give themselves nothing."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import ProposalState, Role
from accounts.models import RoleAssignment, RoleProposal, User
from accounts.people import services
from deadlines.services.feeds import create_feed
from notifications.models import Notice
from tests.factories import (
    AuthorityFactory,
    FamilyFactory,
    RoleAssignmentFactory,
    TeamFactory,
    UserFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 12, 8, 10, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 12, 8)
TOMORROW = datetime.date(2026, 12, 9)


@pytest.fixture(autouse=True)
def _tuesday_8_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@once_per_module(at=NOW)
def council():
    return AuthorityFactory(name="Eastmere Council")


@once_per_module(at=NOW)
def team(council):
    return TeamFactory(authority=council, name="East team")


@once_per_module(at=NOW)
def admin(council):
    return user_with_role(Role.ADMINISTRATOR, authority=council, name="Ada Stork")


@once_per_module(at=NOW)
def second(council):
    return user_with_role(Role.ADMINISTRATOR, authority=council, name="Ben Stork")


@once_per_module(at=NOW)
def worker(team):
    return user_with_role(Role.SOCIAL_WORKER, team=team, name="Amara Finch")


def give(user, council, role, by, **more):
    return services.give_role(user=user, authority=council, role=role, starts_on=TODAY, by=by, now=NOW, **more)


def page(client, name, *args):
    return client.get(reverse(f"users:{name}", args=args))


def test_a_new_user_has_a_role_from_a_day_and_service_managers_are_told(admin, council, team):
    service = user_with_role(Role.SERVICE_MANAGER, authority=council)
    user_with_role(Role.SERVICE_MANAGER)
    user = services.add_user(
        email="New@Council.example", name="Nora Teal", authority=council, role=Role.SOCIAL_WORKER, team=team,
        starts_on=TOMORROW, by=admin, now=NOW,
    )  # fmt: skip
    assert (user.email, [(row.role, row.team, row.starts_on) for row in user.roles.all()]) == (
        "new@council.example", [(Role.SOCIAL_WORKER, team, TOMORROW)],
    )  # fmt: skip
    assert user.current_roles == []
    assert [(row.user, "Nora Teal" in row.text) for row in Notice.objects.all()] == [(service, True)]


def test_a_role_without_case_access_is_not_announced(admin, council):
    user_with_role(Role.SERVICE_MANAGER, authority=council)
    give(UserFactory(), council, Role.AUDITOR, admin)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_administrators_can_not_give_themselves_a_role(admin, second, council, team, role):
    given = give(admin, council, role, admin, team=team if role in {"social_worker", "team_manager"} else None)
    assert (type(given), given.state) == (RoleProposal, ProposalState.PROPOSED)
    assert [row.role for row in admin.roles.all()] == [Role.ADMINISTRATOR]
    with pytest.raises(ValidationError, match="Another administrator"):
        services.settle_proposal(proposal=given, confirm=True, by=admin, now=NOW)


def test_the_database_refuses_self_confirmation(admin, second, council):
    proposal = give(admin, council, Role.CHAIR, admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.filter(pk=proposal.pk).update(
            state=ProposalState.CONFIRMED, settled_by=admin, settled_at=NOW
        )


def test_a_second_administrator_confirms_it_from_then_on(admin, second, council):
    proposal = give(admin, council, Role.CHAIR, admin)
    with time_machine.travel(NOW + datetime.timedelta(days=3), tick=False):
        later = NOW + datetime.timedelta(days=3)
        services.settle_proposal(proposal=proposal, confirm=True, by=second, now=later)
    role = admin.roles.get(role=Role.CHAIR)
    assert role.starts_on == TODAY + datetime.timedelta(days=3)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == (ProposalState.CONFIRMED, second)


def test_a_refused_role_is_never_given(admin, second, council):
    proposal = give(admin, council, Role.CHAIR, admin)
    services.settle_proposal(proposal=proposal, confirm=False, by=second, now=NOW)
    services.settle_proposal(proposal=proposal, confirm=True, by=second, now=NOW)
    assert not admin.roles.filter(role=Role.CHAIR).exists()


def test_moving_ends_the_old_role_and_starts_the_new_one_on_the_same_day(admin, worker, council, team):
    new = TeamFactory(authority=council)
    services.move_to_team(assignment=worker.roles.get(), team=new, on=TOMORROW, by=admin, now=NOW)
    assert [(row.team, row.starts_on, row.ends_on) for row in worker.roles.order_by("pk")] == [
        (team, datetime.date(2020, 1, 1), TOMORROW),
        (new, TOMORROW, None),
    ]


def test_neither_the_users_own_nor_an_ended_role_can_be_moved(admin, council, team):
    own = RoleAssignmentFactory(user=admin, authority=council, team=team, role=Role.TEAM_MANAGER)
    new = TeamFactory(authority=council)
    with pytest.raises(ValidationError, match="Another administrator"):
        services.move_to_team(assignment=own, team=new, on=TODAY, by=admin, now=NOW)
    ended = RoleAssignmentFactory(
        user=UserFactory(), authority=council, team=team, role=Role.TEAM_MANAGER, ends_on=TODAY
    )
    with pytest.raises(ValidationError, match="has an end"):
        services.move_to_team(assignment=ended, team=new, on=TODAY, by=admin, now=NOW)


def test_a_move_to_another_council_is_refused(admin, worker):
    with pytest.raises(ValidationError) as refused:
        services.move_to_team(assignment=worker.roles.get(), team=TeamFactory(), on=TODAY, by=admin, now=NOW)
    assert list(refused.value.message_dict) == ["team"]


def test_closing_ends_account_roles_sessions_and_calendar_at_once(admin, worker, client):
    feed, secret = create_feed(user=worker, now=NOW)
    client.force_login(worker)
    mine = reverse("deadlines:my-work")
    assert client.get(mine).status_code == 200
    leaving = services.close_account(user=worker, why="Left the council", by=admin, now=NOW)
    worker.refresh_from_db()
    assert (worker.is_active, worker.roles.get().ends_on) == (False, TODAY)
    assert (leaving.why, leaving.closed_by, leaving.closed_at) == ("Left the council", admin, NOW)
    assert client.get(mine).status_code == 302
    assert client.get(reverse("deadlines:read-calendar-feed", args=[secret])).status_code == 404
    feed.refresh_from_db()
    assert feed.revoked_at == NOW
    assert services.close_account(user=worker, why="Again", by=admin, now=NOW) == leaving


def test_the_users_own_and_the_last_administrators_account_can_not_be_closed(admin, council):
    with pytest.raises(ValidationError, match="your own"):
        services.close_account(user=admin, why="x", by=admin, now=NOW)
    elsewhere = user_with_role(Role.ADMINISTRATOR)
    with pytest.raises(ValidationError, match="last administrator"):
        services.close_account(user=admin, why="x", by=elsewhere, now=NOW)


def test_name_address_and_closing_are_in_the_history_and_the_password_is_not(admin, worker):
    services.change_user(user=worker, name="Amara Heron", job_title="", phone="")
    services.close_account(user=worker, why="Left", by=admin, now=NOW)
    versions = apps.get_model("accounts.UserEvent").objects.filter(pgh_obj=worker).order_by("pgh_id")
    assert list(versions.values_list("name", "is_active")) == [
        ("Amara Finch", True), ("Amara Heron", True), ("Amara Heron", False),
    ]  # fmt: skip
    assert "password" not in {field.name for field in versions.model._meta.get_fields()}


# the pages

READ = [
    "users",
    "user",
    "change-user",
    "give-role",
    "end-role",
    "move-to-team",
    "close-account",
    "change-address",
    "take-away-steps",
    "reopen-account",
    "add-user",
]


def arguments(name, worker):
    if name in {"users", "add-user"}:
        return []
    return [worker.pk, worker.roles.get().pk] if name in {"end-role", "move-to-team"} else [worker.pk]


@pytest.mark.parametrize("name", READ)
def test_only_administrators_of_the_council_open_the_pages(client, admin, worker, council, name):
    address = reverse(f"users:{name}", args=arguments(name, worker))
    assert client.get(address).status_code == 302
    for role in set(Role) - {Role.ADMINISTRATOR}:
        client.force_login(user_with_role(role, authority=council))
        assert client.get(address).status_code == 404, role
    client.force_login(user_with_role(Role.ADMINISTRATOR))
    assert client.get(address).status_code == (200 if name in {"users", "add-user"} else 404)
    client.force_login(admin)
    assert client.get(address).status_code == 200


def test_only_those_who_confirm_in_the_council_settle(client, admin, second, worker, council):
    address = reverse("users:settle-role", args=[give(admin, council, Role.CHAIR, admin).pk])
    assert client.post(address).status_code == 302
    for user in (worker, user_with_role(Role.ADMINISTRATOR)):
        client.force_login(user)
        assert client.post(address, {"confirm": "1"}).status_code == 404


def test_a_tampered_form_can_not_confirm_the_users_own_role(client, admin, second, council):
    proposal = give(admin, council, Role.CHAIR, admin)
    address = reverse("users:settle-role", args=[proposal.pk])
    client.force_login(admin)
    assert client.post(address, {"confirm": "1"}).status_code == 404
    client.force_login(second)
    client.post(address, {"confirm": "1"})
    assert admin.roles.filter(role=Role.CHAIR).exists()


def test_an_administrator_who_proposes_their_own_role_gains_no_access(client, admin, second, team):
    FamilyFactory(team=team)
    client.force_login(admin)
    form = {"role": Role.SOCIAL_WORKER, "team": team.pk, "starts_on": "2026-12-08"}
    answer = client.post(reverse("users:give-role", args=[admin.pk]), form)
    assert answer.url == reverse("users:user", args=[admin.pk])
    assert RoleProposal.objects.get().user == admin
    assert client.get(reverse("families:families")).status_code == 404


def test_adds_a_user_on_the_page_and_keeps_the_input(client, admin, team):
    client.force_login(admin)
    form = {
        "name": "Nora Teal 🌻", "email": "nora", "role": Role.SOCIAL_WORKER, "team": team.pk,
        "starts_on": "2026-12-09",
    }  # fmt: skip
    shown = client.post(reverse("users:add-user"), form)
    assert list(shown.context["form"].errors) == ["email"]
    assert "Nora Teal 🌻" in shown.content.decode()
    client.post(reverse("users:add-user"), form | {"email": "nora@council.example"})
    user = User.objects.get(email="nora@council.example")
    assert user.roles.get().starts_on == TOMORROW


def test_a_user_whose_only_role_is_asked_for_or_was_refused_is_still_found(client, admin, second, council):
    client.force_login(admin)
    form = {
        "name": "Adam Roe", "email": "adam@council.example", "role": Role.ADMINISTRATOR, "starts_on": "2026-12-08",
    }  # fmt: skip
    shown = client.post(reverse("users:add-user"), form, follow=True)
    user = User.objects.get(email="adam@council.example")
    assert (shown.status_code, shown.redirect_chain) == (200, [(reverse("users:user", args=[user.pk]), 302)])
    assert "Someone else has to confirm the role" in shown.content.decode()
    services.settle_proposal(proposal=RoleProposal.objects.get(), confirm=False, by=second, now=NOW)
    assert page(client, "user", user.pk).status_code == 200
    assert "Adam Roe" in client.get(reverse("users:users"), {"state": "without"}).content.decode()
    client.force_login(user_with_role(Role.ADMINISTRATOR))
    assert page(client, "user", user.pk).status_code == 404


def test_the_address_of_a_user_whose_role_waits_waits_too(client, admin, second, council):
    user = services.add_user(
        email="adam@council.example", name="Adam Roe", authority=council, role=Role.ADMINISTRATOR, starts_on=TODAY,
        by=admin, now=NOW,
    )  # fmt: skip
    waits = services.change_address(
        user=user, authority=council, email="mine@council.example", why="Asked", by=admin, now=NOW
    )
    user.refresh_from_db()
    assert (waits is not None, user.email) == (True, "adam@council.example")
    client.force_login(second)
    assert "adam@council.example" in page(client, "users").content.decode()


def test_a_role_can_not_begin_in_the_past(client, admin, worker):
    client.force_login(admin)
    form = {"role": Role.CHAIR, "starts_on": "2026-12-07"}
    shown = client.post(reverse("users:give-role", args=[worker.pk]), form)
    assert list(shown.context["form"].errors) == ["starts_on"]


def test_a_team_of_another_council_is_not_offered(client, admin, worker):
    client.force_login(admin)
    for name in ("give-role", "move-to-team"):
        form = {
            "role": Role.SOCIAL_WORKER, "team": TeamFactory().pk,
            "starts_on": "2026-12-08", "on": "2026-12-08",
        }  # fmt: skip
        shown = client.post(reverse(f"users:{name}", args=arguments(name, worker)), form)
        assert list(shown.context["form"].errors) == ["team"]


def test_a_role_in_another_council_is_not_ended_here(client, admin, worker):
    other = RoleAssignmentFactory(user=worker)
    client.force_login(admin)
    assert page(client, "end-role", worker.pk, other.pk).status_code == 404
    assert RoleAssignment.objects.get(pk=other.pk).ends_on is None


@pytest.mark.parametrize("begins", [TODAY, TODAY + datetime.timedelta(days=1)])
@pytest.mark.parametrize(
    "name", ["change-user", "close-account", "change-address", "take-away-steps", "reopen-account"]
)
def test_an_account_shared_with_another_council_can_not_be_changed_here(client, admin, worker, name, begins):
    RoleAssignmentFactory(user=worker, starts_on=begins)
    client.force_login(admin)
    assert page(client, name, worker.pk).status_code == 404
    assert page(client, "user", worker.pk).status_code == 200


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, ["Ada Stork", "Amara Finch"]),
        ({"q": "finch"}, ["Amara Finch"]),
        ({"role": Role.ADMINISTRATOR}, ["Ada Stork"]),
        ({"state": "without"}, ["Gone Quail"]),
        ({"state": "closed"}, ["Left Rail"]),
        ({"state": "all"}, ["Ada Stork", "Amara Finch", "Gone Quail", "Left Rail"]),
    ],
)
def test_the_list_is_filtered(client, admin, worker, council, chosen, names):
    for name, active in (("Gone Quail", True), ("Left Rail", False)):
        user = UserFactory(name=name, is_active=active)
        RoleAssignmentFactory(user=user, authority=council, role=Role.CHAIR, ends_on=TODAY)
    user_with_role(Role.CHAIR, name="Else Where")
    client.force_login(admin)
    shown = client.get(reverse("users:users"), chosen)
    assert [row.name for row in shown.context["page"]] == names


def test_the_list_takes_the_same_queries_for_one_and_thirty(client, admin, worker, council, team):
    client.force_login(admin)
    client.get(reverse("users:users"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("users:users"))
    for _ in range(20):
        user_with_role(Role.SOCIAL_WORKER, team=team)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("users:users"))
    assert len(one) == len(many)
