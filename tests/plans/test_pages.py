from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from plans.enums import PlanKind
from plans.models import Visit
from plans.services.plans import follow_decision
from tests.factories import (
    AuthorityFactory,
    ChildFactory,
    DecisionFactory,
    FamilyFactory,
    PlanActionFactory,
    PlanFactory,
    TeamFactory,
    UserFactory,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@once_per_module()
def plan():
    family = FamilyFactory()
    child = ChildFactory(authority=family.authority, family=family)
    return PlanFactory(
        child=child, starts_on=datetime.date(2026, 1, 5), policy_version_id=policy_version_of(family.authority)
    )


def family_of(plan):
    return plan.child.person.memberships.get().family


@once_per_module()
def social_worker(plan):
    return user_with_role(Role.SOCIAL_WORKER, team=family_of(plan).team)


def addresses(plan):
    action = PlanActionFactory(plan=plan)
    return {
        "plan": reverse("plans:plan", args=[plan.pk]),
        "plan-of-child": reverse("plans:plan-of-child", args=[plan.child_id]),
        "record-visit": reverse("plans:record-visit", args=[plan.pk]),
        "record-cin-review": reverse("plans:record-cin-review", args=[plan.pk]),
        "record-progress": reverse("plans:record-progress", args=[plan.pk, action.pk]),
    }


READING = {"plan", "plan-of-child"}


def test_signed_out_users_are_sent_to_sign_in(client, plan):
    for url in [*addresses(plan).values(), reverse("plans:plans")]:
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.CUSTODIAN, Role.DUTY_WORKER, Role.PROFESSIONAL, Role.CHAIR]
)
def test_roles_without_the_case_open_nothing(client, plan, role):
    client.force_login(user_with_role(role, authority=plan.authority))
    assert {client.get(url).status_code for url in addresses(plan).values()} == {404}


def test_another_team_opens_nothing(client, plan):
    client.force_login(user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=plan.authority)))
    assert {client.get(url).status_code for url in addresses(plan).values()} == {404}


def test_another_authority_opens_nothing(client, plan):
    for role in (Role.COORDINATOR, Role.SERVICE_MANAGER, Role.TEAM_MANAGER):
        client.force_login(user_with_role(role, authority=AuthorityFactory()))
        assert {client.get(url).status_code for url in addresses(plan).values()} == {404}


def test_a_service_manager_can_read_but_not_record(client, plan):
    client.force_login(user_with_role(Role.SERVICE_MANAGER, authority=plan.authority))
    codes = {name: client.get(url, follow=True).status_code for name, url in addresses(plan).items()}
    assert codes == {name: 200 if name in READING else 404 for name in codes}


def test_the_list_is_for_those_who_work_with_cases(client, plan):
    client.force_login(user_with_role(Role.ADMINISTRATOR, authority=plan.authority))
    assert client.get(reverse("plans:plans")).status_code == 404


def test_opening_a_plan_is_logged_with_the_right(client, plan, social_worker):
    client.force_login(social_worker)
    client.get(reverse("plans:plan", args=[plan.pk]))
    event = AccessEvent.objects.get(subject="Plan")
    assert (event.user, event.subject_id, event.right, event.person_ids) == (
        social_worker,
        plan.pk,
        "family of the child",
        [plan.child.person_id],
    )


def test_the_list_shows_only_the_users_own_families_plans(client, plan, social_worker):
    PlanFactory()
    client.force_login(social_worker)
    page = client.get(reverse("plans:plans")).context["page"]
    assert [row.pk for row in page] == [plan.pk]


def test_the_list_filters_by_kind_and_state(client, plan, social_worker):
    client.force_login(social_worker)
    found = [
        len(client.get(reverse("plans:plans"), query).context["page"].object_list)
        for query in ({"kind": "cp", "state": "open"}, {"kind": "cin", "state": "open"}, {"state": "ended"})
    ]
    assert found == [1, 0, 0]


@pytest.mark.parametrize("plans", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_thirty_plans(
    client, django_assert_num_queries, social_worker, plan, plans
):
    family = family_of(plan)
    for _ in range(plans - 1):
        PlanFactory(child=ChildFactory(authority=family.authority, family=family))
    client.force_login(social_worker)
    with django_assert_num_queries(10):
        answer = client.get(reverse("plans:plans"))
    assert answer.context["page"].paginator.count == plans


def about(plan, **answers):
    """Return one child's answers under the names of the form."""
    return {f"{name}_{plan.pk}": answer for name, answer in answers.items()}


def test_a_visit_is_recorded_from_the_page(client, plan, social_worker):
    client.force_login(social_worker)
    answer = client.post(
        reverse("plans:record-visit", args=[plan.pk]),
        {
            "made_on": "2026-01-12",
            "made_at": "15.30",
            "maker": f"user:{social_worker.pk}",
            "announced": "yes",
            **about(plan, child_seen="yes", seen_alone="yes", bedroom_seen="no", note="Drew a house with two doors."),
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    visit = Visit.objects.get()
    assert (visit.plan, visit.child_seen, visit.made_by) == (plan, True, social_worker)
    assert visit.made_at == datetime.datetime(2026, 1, 12, 15, 30, tzinfo=datetime.UTC)


def test_a_refused_visit_keeps_the_input(client, plan, social_worker):
    client.force_login(social_worker)
    answer = client.post(
        reverse("plans:record-visit", args=[plan.pk]),
        {"made_on": "soon", "made_at": "15.30", f"note_{plan.pk}": "Drew a house with two doors. 🏠 O’Brien"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Drew a house with two doors. 🏠 O’Brien" in page
    assert sorted(answer.context["form"].errors) == ["announced", f"child_seen_{plan.pk}", "maker", "visited_at"]
    assert not Visit.objects.exists()


def test_a_review_of_a_child_protection_plan_is_not_recorded_here(client, plan, social_worker):
    client.force_login(social_worker)
    answer = client.post(
        reverse("plans:record-cin-review", args=[plan.pk]), {"held_on": "2026-02-02", "note": "It helps."}
    )
    assert answer.status_code == 404


def test_an_action_of_another_plan_is_not_found(client, plan, social_worker):
    client.force_login(social_worker)
    other = PlanActionFactory()
    assert client.get(reverse("plans:record-progress", args=[plan.pk, other.pk])).status_code == 404


def test_a_user_related_to_the_child_opens_nothing(client, plan, social_worker):
    plan.child.person.memberships.get().family.members.create(
        person=social_worker.person if hasattr(social_worker, "person") else _own_person(social_worker, plan)
    )
    client.force_login(social_worker)
    assert client.get(reverse("plans:plan", args=[plan.pk])).status_code == 404


def _own_person(user, plan):
    return plan.child.person.__class__.objects.create(authority=plan.authority, user=user, given_name="Aunt")


def test_a_user_without_any_role_opens_nothing(client, plan):
    client.force_login(UserFactory())
    assert client.get(reverse("plans:plans")).status_code == 404


def test_a_child_in_need_plan_offers_its_review(client, plan, social_worker):
    cin = PlanFactory(child=plan.child, kind=PlanKind.CIN, initial_category="")
    client.force_login(social_worker)
    assert "Record the review" in client.get(reverse("plans:plan", args=[cin.pk])).content.decode()


def test_the_tab_of_a_conference_shows_the_plans_it_made_to_those_who_may_open_it(client):
    decision = DecisionFactory()
    conference = decision.conference_child.conference
    follow_decision(decision, decision.decided_at)
    url = reverse("conference_plans:plan", args=[conference.pk])
    assert client.get(url).status_code == 302
    for stranger in (
        user_with_role(Role.CHAIR, authority=conference.authority),
        user_with_role(Role.SOCIAL_WORKER, team=TeamFactory(authority=conference.authority)),
        user_with_role(Role.COORDINATOR, authority=AuthorityFactory()),
    ):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
    client.force_login(conference.chair)
    answer = client.get(url)
    assert [row.child for row in answer.context["plans"]] == [decision.conference_child.child]
