"""Rules are compiled once for each set of roles, and contain nothing of the user, day or moment at the time."""

from __future__ import annotations

import datetime
import os

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.test import RequestFactory
from django.urls import reverse

from accounts import request_cache
from accounts.enums import Role
from accounts.models import RoleAssignment, Team, User
from accounts.readers import Reader, array_of, reader_of
from accounts.rules import CompiledQuery, Rule
from families.access import FAMILY_RULE, barred_families
from families.models import ConflictOfInterest, Family
from tests.factories import (
    AllocationFactory,
    FamilyFactory,
    PersonFactory,
    RoleAssignmentFactory,
    TeamFactory,
    UserFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)


def own_teams(reader: Reader) -> Q | None:
    teams = reader.team_ids(Role.SOCIAL_WORKER)
    return Q(pk__one_of=teams) if teams else None


def test_a_rule_is_compiled_once_for_each_set_of_roles():
    asked = []

    def condition(reader: Reader) -> Q | None:
        asked.append(reader.roles)
        return own_teams(reader)

    rule = Rule(rights=(("own team", condition),))
    teams = [TeamFactory(), TeamFactory()]
    users = [user_with_role(Role.SOCIAL_WORKER, team=team) for team in teams]
    assert [list(rule.visible(Team.objects.all(), user)) for user in users] == [[teams[0]], [teams[1]]]
    assert rule.right_of(user_with_role(Role.CHAIR), teams[0]) is None
    assert asked == [frozenset({Role.SOCIAL_WORKER}), frozenset({Role.CHAIR})]


def test_a_compiled_rule_uses_the_current_day():
    team = TeamFactory()
    user = user_with_role(Role.SOCIAL_WORKER, team=team)
    family = FamilyFactory(authority=team.authority)
    AllocationFactory(family=family, user=user, ends_on=datetime.date(2026, 12, 1))
    with time_machine.travel(MONDAY, tick=False):
        assert FAMILY_RULE.right_of(user, family) == "allocated social worker"
    with time_machine.travel(MONDAY + datetime.timedelta(days=1), tick=False):
        assert FAMILY_RULE.right_of(user, family) is None


@pytest.mark.parametrize("kept", [7, datetime.date(2026, 11, 30), MONDAY, [7, 8]])
def test_a_condition_that_contains_an_answer_is_refused(kept):
    column = {int: "pk", list: "pk__in", datetime.date: "roles__starts_on", datetime.datetime: "roles__starts_on"}
    rule = Rule(rights=(("held", lambda _reader: Q(**{column[type(kept)]: kept})),))
    with pytest.raises(ImproperlyConfigured, match="ask it of the reader"):
        rule.visible(Team.objects.all(), user_with_role(Role.CHAIR))


def test_a_condition_may_not_hide_its_row_behind_its_own_table():
    own = RawSQL('SELECT "accounts_team"."id" FROM "accounts_team"', ())
    rule = Rule(rights=(("own table", lambda _reader: Q(pk__in=own)),))
    with pytest.raises(ImproperlyConfigured, match="own table"):
        rule.visible(Team.objects.all(), user_with_role(Role.CHAIR))


def test_a_rule_inside_a_rule_asks_about_its_own_row():
    """Each reads other tables under Django's aliases, which must not clash."""
    held = RoleAssignment.objects.filter(team=OuterRef("pk"), role=Role.SOCIAL_WORKER)
    inner = Rule(rights=(("worked in", lambda _reader: Q(Exists(held))),))

    def condition(reader: Reader) -> Q:
        teams = inner.visible(Team.objects.all(), reader)
        return Q(Exists(teams.filter(authority=OuterRef("authority")).exclude(pk=OuterRef("pk"))))

    outer = Rule(rights=(("beside a team that is worked in", condition),))
    worked_in = TeamFactory()
    beside, elsewhere = TeamFactory(authority=worked_in.authority), TeamFactory()
    user_with_role(Role.SOCIAL_WORKER, team=worked_in)
    asks = user_with_role(Role.CHAIR)
    assert list(outer.visible(Team.objects.all(), asks)) == [beside]
    assert [outer.right_of(asks, team) for team in (worked_in, elsewhere)] == [None, None]


def test_a_compiled_query_answers_each_user():
    mine = CompiledQuery(lambda reader: Team.objects.filter(pk__one_of=reader.team_ids(Role.SOCIAL_WORKER)).values_list("name"))  # fmt: skip
    teams = [TeamFactory(name="East"), TeamFactory(name="West")]
    users = [user_with_role(Role.SOCIAL_WORKER, team=team) for team in teams]
    assert [mine.rows(user) for user in users] == [[("East",)], [("West",)]]


def test_a_reader_knows_roles_and_nothing_else():
    user = user_with_role(Role.CHAIR)
    RoleAssignmentFactory(user=user, authority=user.authority, role=Role.COORDINATOR)
    reader = reader_of(User.objects.get(pk=user.pk))
    assert reader.roles == {Role.CHAIR, Role.COORDINATOR}
    assert (reader.holds(Role.CHAIR), reader.holds(Role.AUDITOR)) == (True, False)
    assert reader.authority_ids(Role.AUDITOR) is None


def test_ids_looked_up_once_may_be_empty():
    nobody = RoleAssignment.objects.filter(role="no such role")
    rule = Rule(rights=(("held by nobody", lambda _reader: Q(pk__one_of=array_of(nobody.values("team")))),))
    assert rule.right_of(user_with_role(Role.CHAIR), TeamFactory()) is None


class TestOncePerRequest:
    """A page's query is cached, but repeated after a write and in every transaction."""

    def asked(self, work):
        counted = []

        def view(_request):
            def ask():
                return request_cache.once_per_request("x", lambda: counted.append(1))

            ask()
            work(ask)
            ask()

        request_cache.AskOnceMiddleware(view)(RequestFactory().get("/"))
        return len(counted)

    def test_shared_while_a_page_reads(self):
        assert self.asked(lambda ask: (ask(), User.objects.count())) == 1

    def test_not_past_a_write(self):
        team = TeamFactory()
        assert self.asked(lambda ask: Team.objects.filter(pk=team.pk).update(name="North")) == 2

    def test_not_past_a_write_that_begins_with_a_query(self):
        statement = "WITH made AS (UPDATE accounts_team SET name = 'x' RETURNING id) SELECT id FROM made"
        assert self.asked(lambda ask: connection.cursor().execute(statement)) == 2

    def test_afresh_inside_a_transaction(self):
        def work(ask):
            with transaction.atomic():
                ask()
                ask()

        assert self.asked(work) >= 3


@pytest.mark.django_db(transaction=True)
def test_a_bar_set_by_one_process_applies_to_the_next_request_of_another(client):
    user = user_with_role(Role.SERVICE_MANAGER)
    family = FamilyFactory(authority=user.authority)
    address = reverse("families:family", args=[family.pk])
    client.force_login(user)
    assert client.get(address).status_code == 200
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            ConflictOfInterest.objects.create(
                user=user, family=family, why="A neighbour", declared_by=user, declared_at=MONDAY
            )
            connections.close_all()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert client.get(address).status_code == 404


def test_a_user_without_ties_asks_for_them_in_one_query(django_assert_num_queries):
    user = UserFactory()
    with django_assert_num_queries(1):  # the account's own records
        assert barred_families(user) == []


def test_a_merged_record_bars_as_the_one_it_is_merged_into():
    user = user_with_role(Role.SERVICE_MANAGER)
    family = FamilyFactory(authority=user.authority)
    kept = PersonFactory(authority=user.authority)
    PersonFactory(authority=user.authority, user=user, merged_into=kept)
    family.members.create(person=kept)
    assert barred_families(user) == [family.pk]
    assert not FAMILY_RULE.visible(Family.objects.all(), user).exists()
