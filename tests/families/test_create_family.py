from __future__ import annotations

import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.enums import Role
from families import services
from families.models import Family
from tests.factories import AuthorityFactory, FamilyFactory, TeamFactory, user_with_role
from tests.families.conftest import NOW, TODAY

URL = reverse("families:create-family")


def entered(council, **changes):
    return {"name": "Sedge", "team": council.team.pk, "form_key": str(uuid.uuid4()), **changes}


@pytest.mark.django_db
def test_opens_a_case_allocated_to_the_social_worker(client, council):
    client.force_login(council.worker)
    response = client.post(URL, entered(council))
    family = Family.objects.get()
    assert response.url == reverse("families:family", args=[family.pk])
    assert (family.name, family.case_number, family.authority, family.created_by, family.restricted) == (
        "Sedge",
        "26-0001",
        council.authority,
        council.worker,
        False,
    )
    assert [(row.user, row.starts_on) for row in family.allocations.all()] == [(council.worker, TODAY)]


@pytest.mark.django_db
def test_a_case_opened_by_a_manager_is_not_allocated(client, council):
    client.force_login(council.manager)
    client.post(URL, entered(council, restricted="on"))
    family = Family.objects.get()
    assert (family.restricted, family.allocations.count()) == (True, 0)
    assert [naming.user for naming in family.named.all()] == [council.manager]


@pytest.mark.django_db
def test_a_case_restricted_from_the_start_names_the_teams_managers(client, council):
    client.force_login(council.worker)
    client.post(URL, entered(council, restricted="on"))
    named = Family.objects.get().named.order_by("user__name")
    assert [naming.user for naming in named] == [council.worker, council.manager]


@pytest.mark.django_db
def test_no_case_is_restricted_without_a_manager_who_can_open_it(client, council):
    council.manager.roles.update(ends_on=TODAY)
    client.force_login(council.worker)
    page = client.post(URL, entered(council, restricted="on"))
    assert page.context["form"].errors == {"__all__": ["Name at least one manager who can still open the case."]}
    assert Family.objects.count() == 0


@pytest.mark.django_db
def test_submitting_the_form_twice_opens_one_case(client, council):
    client.force_login(council.worker)
    form = entered(council)
    first, second = client.post(URL, form), client.post(URL, form)
    assert (first.url, Family.objects.count()) == (second.url, 1)


@pytest.mark.django_db
def test_says_what_is_missing_and_keeps_the_input(client, council):
    client.force_login(council.worker)
    page = client.post(URL, entered(council, team="", name="O’Sedge"))
    assert page.context["form"].errors == {"team": ["Choose a team"]}
    assert "O’Sedge" in page.content.decode()


@pytest.mark.django_db
def test_only_the_users_own_teams_are_offered(client, council):
    client.force_login(council.worker)
    for team in (TeamFactory(), TeamFactory(authority=council.authority)):
        page = client.post(URL, entered(council, team=team.pk))
        assert list(page.context["form"].errors) == ["team"]
    assert not Family.objects.exists()


@pytest.mark.django_db
def test_a_coordinator_chooses_any_team_of_the_council(client, council):
    other = TeamFactory(authority=council.authority)
    client.force_login(user_with_role(Role.COORDINATOR, authority=council.authority))
    client.post(URL, entered(council, team=other.pk))
    assert Family.objects.get().team == other


@pytest.mark.django_db
def test_numbers_are_issued_by_council_and_year(council):
    FamilyFactory(team=council.team, case_number="25-0900")
    FamilyFactory(team=council.team, case_number="26-0041")
    FamilyFactory(team=council.team, case_number="old-7")
    FamilyFactory(team__authority=AuthorityFactory(), case_number="26-0300")
    made = services.create_family(
        authority=council.authority, team=council.team, name="Sedge", by=council.worker, now=NOW
    )
    assert made.case_number == "26-0042"


@pytest.mark.django_db
def test_numbers_continue_past_9999(council):
    FamilyFactory(team=council.team, case_number="26-9999")
    FamilyFactory(team=council.team, case_number="26-10000")
    made = services.create_family(
        authority=council.authority, team=council.team, name="Sedge", by=council.worker, now=NOW
    )
    assert made.case_number == "26-10001"


@pytest.mark.django_db
def test_the_team_belongs_to_the_council(council):
    with pytest.raises(ValidationError) as refusal:
        services.create_family(
            authority=council.authority, team=TeamFactory(), name="Sedge", by=council.worker, now=NOW
        )
    assert refusal.value.message_dict == {"team": ["Choose a team of this council."]}


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_get_different_numbers(council):
    start = threading.Barrier(4)

    def create():
        try:
            start.wait()
            services.create_family(
                authority=council.authority, team=council.team, name="Sedge", by=council.manager, now=NOW
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = Family.objects.order_by("case_number").values_list("case_number", flat=True)
    assert list(numbers) == ["26-0001", "26-0002", "26-0003", "26-0004"]
