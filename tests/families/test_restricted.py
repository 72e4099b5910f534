"""A restricted case opens to named people only, to no one by role alone."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.people.services import move_to_team
from families import services
from families.access import (
    FAMILY_RULES,
    hidden_restricted,
    knowing,
    may_change_family,
    may_manage_family,
    visible_families,
)
from families.models import Family, NamedForFamily, Restriction
from families.selectors import search_families
from tests.factories import (
    AllocationFactory,
    BreakGlassFactory,
    FamilyFactory,
    NamedForFamilyFactory,
    TeamFactory,
    user_with_role,
)
from tests.families.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

WHY = "The mother works for the council."


def restrict(case, *named, by=None):
    return services.restrict_family(family=case.family, named=named, why=WHY, by=by or case.council.manager, now=NOW)


def in_council(case, role):
    return user_with_role(role, authority=case.council.authority)


def opens(user, family):
    return family in set(visible_families(type(user).objects.get(pk=user.pk)))


def test_restricting_names_people_and_says_who_when_and_why(case):
    restrict(case, case.council.manager)
    case.family.refresh_from_db()
    row = Restriction.objects.get()
    assert (case.family.restricted, case.family.version) == (True, 2)
    assert (row.family, row.why, row.restricted_by, row.restricted_at) == (
        case.family, WHY, case.council.manager, NOW,
    )  # fmt: skip
    naming = NamedForFamily.objects.get()
    assert (naming.user, naming.starts_on, naming.named_by, naming.why) == (
        case.council.manager, TODAY, case.council.manager, WHY,
    )  # fmt: skip
    assert restrict(case, case.council.manager) == row


@pytest.mark.parametrize("why", ["", "  \n"])
def test_restricting_needs_a_reason(case, why):
    with pytest.raises(ValidationError) as refused:
        services.restrict_family(
            family=case.family, named=[case.council.manager], why=why, by=case.council.manager, now=NOW
        )
    assert list(refused.value.message_dict) == ["why"]


def test_restricting_needs_a_manager_who_can_still_open_it(case):
    with pytest.raises(ValidationError) as refused:
        restrict(case, case.council.worker)
    assert list(refused.value.message_dict) == ["named"]
    assert not Family.objects.get().restricted
    assert not NamedForFamily.objects.exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.PROFESSIONAL])
def test_only_users_with_a_case_role_can_be_named(case, role):
    with pytest.raises(ValidationError) as refused:
        restrict(case, case.council.manager, in_council(case, role))
    assert list(refused.value.message_dict) == ["named"]


def test_a_relative_is_not_named_and_the_refusal_does_not_say_why(case):
    case.grandmother.user = in_council(case, Role.SERVICE_MANAGER)
    case.grandmother.save()
    with pytest.raises(ValidationError) as refused:
        restrict(case, case.council.manager, case.grandmother.user)
    assert refused.value.message_dict == {"named": ["This person can't be named for the case. Choose someone else."]}


@pytest.mark.parametrize(
    ("role", "changes", "manages"),
    [
        (Role.SOCIAL_WORKER, True, False),
        (Role.TEAM_MANAGER, True, True),
        (Role.COORDINATOR, True, False),
        (Role.CHAIR, False, False),
        (Role.SERVICE_MANAGER, False, True),
    ],
)
def test_a_named_user_gets_the_rights_of_their_role(case, role, changes, manages):
    user = in_council(case, role)
    Family.objects.update(restricted=True)
    assert not opens(user, case.family)
    NamedForFamilyFactory(family=case.family, user=user)
    user = type(user).objects.get(pk=user.pk)
    assert opens(user, case.family)
    assert (may_change_family(user, case.family), may_manage_family(user, case.family)) == (changes, manages)


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.SERVICE_MANAGER])
def test_a_named_person_of_another_council_sees_nothing(case, role):
    Family.objects.update(restricted=True)
    stranger = user_with_role(role)
    NamedForFamilyFactory(family=case.family, user=stranger)
    assert not opens(stranger, case.family)


def test_the_allocated_worker_keeps_access_and_the_team_loses_it(case, client):
    colleague = user_with_role(Role.SOCIAL_WORKER, team=case.council.team)
    assert opens(colleague, case.family)
    restrict(case, case.council.manager)
    assert opens(case.council.worker, case.family)
    assert not opens(colleague, case.family)
    client.force_login(colleague)
    assert client.get(reverse("families:family", args=[case.family.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.COORDINATOR, Role.SERVICE_MANAGER])
def test_it_is_in_no_other_users_lists_or_searches(case, client, role):
    team = case.council.team if role == Role.TEAM_MANAGER else None
    other = user_with_role(role, authority=case.council.authority, team=team)
    restrict(case, case.council.manager)
    client.force_login(other)
    page = client.get(reverse("families:families"), follow=True)
    found = client.post(reverse("families:search"), {"q": "Brambley"}, follow=True)
    number = client.post(reverse("families:search"), {"q": case.family.case_number}, follow=True)
    assert [row.context["page"].paginator.count for row in (page, found, number)] == [0, 0, 0]
    assert not search_families(visible_families(other), "Robin").exists()


def test_its_number_is_hidden_from_those_who_may_not_open_it(case):
    restrict(case, case.council.manager)
    service = in_council(case, Role.SERVICE_MANAGER)
    assert hidden_restricted(service, authority_id=case.council.authority.pk) == [case.family.pk]
    assert hidden_restricted(case.council.manager, authority_id=case.council.authority.pk) == []
    assert set(knowing(on=TODAY)) == {
        (case.family.pk, case.council.manager.pk),
        (case.family.pk, case.council.worker.pk),
    }


def test_a_naming_ends_on_its_day_with_who_and_why(case):
    restrict(case, case.council.manager, case.council.worker)
    second = in_council(case, Role.SERVICE_MANAGER)
    services.name_for_family(family=case.family, user=second, why="Reviews it", by=case.council.manager, now=NOW)
    naming = NamedForFamily.objects.get(user=second)
    assert opens(second, case.family)
    services.end_naming(naming=naming, why="The review is over", by=case.council.manager, now=NOW)
    naming.refresh_from_db()
    assert (naming.ends_on, naming.ended_by, naming.ended_because) == (
        TODAY, case.council.manager, "The review is over",
    )  # fmt: skip
    assert not opens(second, case.family)


def test_the_last_manager_stays_named(case):
    restrict(case, case.council.manager, case.council.worker)
    naming = NamedForFamily.objects.get(user=case.council.manager)
    with pytest.raises(ValidationError, match="last manager"):
        services.end_naming(naming=naming, why="Moves away", by=case.council.manager, now=NOW)


def test_lifting_opens_it_by_role_again_and_ends_every_naming(case):
    restrict(case, case.council.manager)
    colleague = user_with_role(Role.SOCIAL_WORKER, team=case.council.team)
    services.lift_restriction(family=case.family, why="She has left", by=case.council.manager, now=NOW)
    row = Restriction.objects.get()
    assert (row.lifted_by, row.lifted_at, row.lifted_because) == (case.council.manager, NOW, "She has left")
    assert not NamedForFamily.objects.current(on=TODAY).exists()
    assert opens(colleague, case.family)


def test_naming_is_refused_for_an_unrestricted_case(case):
    with pytest.raises(ValidationError, match="no longer restricted"):
        services.name_for_family(
            family=case.family, user=case.council.worker, why="x", by=case.council.manager, now=NOW
        )


def test_a_service_manager_names_a_manager_if_none_is_left(case):
    restrict(case, case.council.manager)
    service = in_council(case, Role.SERVICE_MANAGER)
    BreakGlassFactory(family=case.family, user=service, opened_at=NOW)
    service = type(service).objects.get(pk=service.pk)
    rule = FAMILY_RULES["name"]
    assert rule.right_of(service, case.family) is None
    case.council.manager.is_active = False
    case.council.manager.save()
    assert rule.right_of(service, case.family) == "break-glass"


PAGES = ["who-may-open", "restrict-family", "lift-restriction", "name-for-family"]


@pytest.mark.parametrize("name", PAGES)
def test_only_managers_of_the_case_decide_who_opens_it(case, client, name):
    address = reverse(f"families:{name}", args=[case.family.pk])
    assert client.get(address).status_code == 302
    other_team = user_with_role(Role.TEAM_MANAGER, team=TeamFactory(authority=case.council.authority))
    elsewhere = user_with_role(Role.TEAM_MANAGER)
    coordinator = in_council(case, Role.COORDINATOR)
    for user in (case.council.worker, other_team, elsewhere, coordinator):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(case.council.manager)
    assert client.get(address).status_code == 200


def test_a_manager_restricts_a_case_on_its_page_and_the_input_is_kept(case, client):
    client.force_login(case.council.manager)
    address = reverse("families:restrict-family", args=[case.family.pk])
    page = client.post(address, {"why": "Known to 🌻 staff", "named": [case.council.worker.pk]})
    assert list(page.context["form"].errors) == ["named"]
    assert "Known to 🌻 staff" in page.content.decode()
    page = client.post(address, {"why": WHY, "named": [case.council.manager.pk]})
    assert page.url == reverse("families:who-may-open", args=[case.family.pk])
    shown = client.get(page.url).content.decode()
    assert WHY in shown
    assert case.council.manager.name in shown


def test_a_manager_who_does_not_name_themselves_loses_access(case, client):
    service = in_council(case, Role.SERVICE_MANAGER)
    client.force_login(case.council.manager)
    address = reverse("families:restrict-family", args=[case.family.pk])
    page = client.post(address, {"why": WHY, "named": [service.pk]})
    assert page.url == reverse("families:families")
    assert not opens(case.council.manager, case.family)


def test_a_person_of_another_council_can_not_be_named_through_the_form(case, client):
    stranger = user_with_role(Role.TEAM_MANAGER)
    client.force_login(case.council.manager)
    address = reverse("families:restrict-family", args=[case.family.pk])
    page = client.post(address, {"why": WHY, "named": [stranger.pk]})
    assert list(page.context["form"].errors) == ["named"]


def test_the_naming_of_another_family_is_not_ended_through_this_one(case, client):
    restrict(case, case.council.manager)
    other = NamedForFamilyFactory()
    client.force_login(case.council.manager)
    address = reverse("families:end-naming", args=[case.family.pk, other.pk])
    assert client.post(address, {"why": "x"}).status_code == 404


def test_the_page_takes_the_same_queries_for_many_named_people(case, client, django_assert_num_queries):
    restrict(case, case.council.manager)
    client.force_login(case.council.manager)
    address = reverse("families:who-may-open", args=[case.family.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(29):
        NamedForFamilyFactory(family=case.family, user=in_council(case, Role.CHAIR))
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_a_new_holder_sees_a_restricted_case_and_the_old_one_loses_it(case):
    restrict(case, case.council.manager)
    successor = user_with_role(Role.SOCIAL_WORKER, team=case.council.team)
    services.allocate_case(family=case.family, user=successor, starts_on=TODAY, by=case.council.manager, now=NOW)
    assert (opens(successor, case.family), opens(case.council.worker, case.family)) == (True, False)


def test_moving_to_another_team_closes_the_old_teams_cases_at_once(case):
    other = FamilyFactory(team=case.council.team)
    new_team = TeamFactory(authority=case.council.authority)
    administrator = in_council(case, Role.ADMINISTRATOR)
    mover = user_with_role(Role.SOCIAL_WORKER, team=case.council.team)
    AllocationFactory(family=other, user=mover, starts_on=datetime.date(2026, 1, 1))
    assert opens(mover, case.family)
    move_to_team(assignment=mover.roles.get(), team=new_team, on=TODAY, by=administrator, now=NOW)
    assert (opens(mover, case.family), opens(mover, other)) == (False, True)
