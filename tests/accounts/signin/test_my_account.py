from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests.factories import RoleAssignmentFactory, TeamFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db

URL = reverse("accounts:my-account")


def test_signed_out_users_are_sent_to_sign_in(client):
    assert client.get(URL).headers["Location"] == f"{reverse('account_login')}?next={URL}"


def test_shows_the_users_roles_councils_and_teams(client):
    team = TeamFactory(name="Northside")
    user = user_with_role(Role.TEAM_MANAGER, team=team, name="Odette Owl", job_title="")
    RoleAssignmentFactory(user=user, role=Role.CHAIR, ends_on="2021-01-01")
    client.force_login(user)
    answer = client.get(URL)
    page = answer.content.decode()
    assert [held.role for held in answer.context["roles"]] == [Role.TEAM_MANAGER]
    for words in ("Odette Owl", "Team manager", "Northside", team.authority.name, "Not recorded"):
        assert words in page


def test_without_a_role_it_says_who_to_ask(client):
    client.force_login(UserFactory())
    assert "You have no roles today" in client.get(URL).content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(client, number, django_assert_num_queries):
    user = UserFactory()
    for _ in range(number):
        RoleAssignmentFactory(user=user)
    client.force_login(user)
    with django_assert_num_queries(7):
        client.get(URL)
