from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from accounts.models import RoleAssignment, User
from accounts.people import services
from accounts.people.selectors.roles import users_with_role
from tests.factories import AuthorityFactory, RoleAssignmentFactory, TeamFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 12, 8)
DAY = datetime.timedelta(days=1)


def test_an_account_is_created_without_roles_and_password():
    user = services.create_user(email="  Amara.Finch@Council.example ", name=" Amara Finch ")
    assert (user.email, user.name, user.is_active) == ("amara.finch@council.example", "Amara Finch", True)
    assert (user.has_usable_password(), user.current_roles) == (False, [])


def test_the_same_address_creates_no_second_account():
    first = services.create_user(email="amara@council.example", name="Amara Finch")
    second = services.create_user(email="AMARA@council.example", name="Someone else")
    assert (second.pk, second.name, User.objects.count()) == (first.pk, "Amara Finch", 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"email": "amara", "name": "Amara"}, "email"), ({"email": "a@council.example", "name": " "}, "name")],
)
def test_an_account_needs_an_address_and_a_name(facts, field):
    with pytest.raises(ValidationError) as refused:
        services.create_user(**facts)
    assert list(refused.value.message_dict) == [field]


def assign(**changed):
    facts = {"role": Role.CHAIR, "starts_on": TODAY}
    facts["user"] = changed.pop("user", None) or UserFactory()
    facts["authority"] = changed.pop("authority", None) or AuthorityFactory()
    return services.assign_role(**{**facts, **changed})


def test_a_role_counts_from_its_first_day():
    held = assign()
    on_the_day = RoleAssignment.objects.current(on=TODAY)
    the_day_before = RoleAssignment.objects.current(on=TODAY - DAY)
    assert (list(on_the_day), list(the_day_before)) == ([held], [])


def test_assigning_a_role_twice_keeps_one():
    held = assign()
    again = assign(user=held.user, authority=held.authority, starts_on=TODAY + DAY)
    assert (again, RoleAssignment.objects.count()) == (held, 1)


def test_a_team_role_needs_a_team():
    with pytest.raises(ValidationError) as refused:
        assign(role=Role.SOCIAL_WORKER)
    assert refused.value.message_dict == {"team": ["Choose the team for this role."]}


def test_a_team_of_another_council_is_refused():
    with pytest.raises(ValidationError) as refused:
        assign(role=Role.SOCIAL_WORKER, team=TeamFactory())
    assert refused.value.message_dict == {"team": ["Choose a team of this council."]}


def test_a_role_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError) as refused:
        assign(role="king")
    assert "role" in refused.value.message_dict


def test_an_ended_role_is_gone_on_that_very_day():
    held = assign()
    services.end_role(assignment=held, ends_on=TODAY + DAY)
    assert list(RoleAssignment.objects.current(on=TODAY)) == [held]
    assert list(RoleAssignment.objects.current(on=TODAY + DAY)) == []


def test_a_role_ends_once_and_may_be_given_again():
    held = assign()
    services.end_role(assignment=held, ends_on=TODAY + DAY)
    assert services.end_role(assignment=held, ends_on=TODAY + 9 * DAY).ends_on == TODAY + DAY
    again = assign(user=held.user, authority=held.authority, starts_on=TODAY + 5 * DAY)
    assert again.pk != held.pk


def test_a_role_can_not_end_before_it_starts():
    with pytest.raises(ValidationError) as refused:
        services.end_role(assignment=assign(), ends_on=TODAY - DAY)
    assert refused.value.message_dict == {"ends_on": ["The role can't end before it starts."]}


def test_users_with_a_role_are_those_of_the_council_the_day_and_the_team():
    council = AuthorityFactory()
    team = TeamFactory(authority=council)
    here = user_with_role(Role.SOCIAL_WORKER, authority=council, team=team)
    other_team = user_with_role(Role.SOCIAL_WORKER, authority=council)
    user_with_role(Role.SOCIAL_WORKER)
    user_with_role(Role.SOCIAL_WORKER, authority=council, is_active=False)
    RoleAssignmentFactory(authority=council, team=team, role=Role.SOCIAL_WORKER, ends_on=TODAY)
    asked = {"authority": council, "roles": [Role.SOCIAL_WORKER, Role.CHAIR], "on": TODAY}
    assert set(users_with_role(**asked)) == {here, other_team}
    assert list(users_with_role(**asked, team_id=team.pk)) == [here]
