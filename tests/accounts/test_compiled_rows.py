"""Rows by SQL that is written once are the rows that Django would find."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.compiled_rows import CompiledRows
from accounts.enums import Role
from accounts.models import RoleAssignment, User
from tests.factories import RoleAssignmentFactory, TeamFactory, user_with_role

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 1, 5)


def held_by_django(user):
    held = user.roles.current(on=DAY).select_related("authority", "team").order_by("pk")
    return [(vars(row) | {"_state": None}, row.user, row.authority, row.team) for row in held]


def held_by_us(user):
    rows = User.objects.get(pk=user.pk).current_roles
    return [(vars(row) | {"_state": None}, row.user, row.authority, row.team) for row in rows]


def test_the_roles_held_are_those_that_django_finds(time_machine, django_assert_num_queries):
    time_machine.move_to(datetime.datetime(2026, 1, 5, 10, tzinfo=datetime.UTC), tick=False)
    user = user_with_role(Role.COORDINATOR)
    team = TeamFactory(authority=user.authority)
    RoleAssignmentFactory(user=user, authority=user.authority, role=Role.SOCIAL_WORKER, team=team)
    RoleAssignmentFactory(user=user, authority=user.authority, role=Role.CHAIR, ends_on=DAY)
    RoleAssignmentFactory(user=user, authority=user.authority, role=Role.AUDITOR, starts_on=datetime.date(2026, 1, 6))
    user_with_role(Role.CUSTODIAN)
    assert held_by_us(user) == held_by_django(user)
    with django_assert_num_queries(2):
        assert [(role, str(where), of) for _, of, where, role in held_by_us(user)] == [
            (None, str(user.authority), user), (team, str(user.authority), user)
        ]  # fmt: skip


def test_a_query_that_holds_another_value_is_refused():
    chairs = CompiledRows(lambda user: RoleAssignment.objects.filter(user=user, role=Role.CHAIR), {"user": -1})
    with pytest.raises(ImproperlyConfigured, match="CHAIR"):
        chairs.rows(user=1)
