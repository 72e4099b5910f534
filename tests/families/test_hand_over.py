"""A leaver's work is listed for the managers of its cases, and handed over all at once or not at all."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import Role
from accounts.people import services as people
from conferences.access import CONFERENCE_RULE, RULES
from conferences.models import Conference
from core_groups.models import CoreGroup, CoreGroupMember
from deadlines.models import PolicyVersion
from families.access import FAMILY_RULE
from families.handing_over import gone, hand_over, work_left
from families.models import Allocation, Family, NamedForFamily
from families.services import staff_post
from notifications.models import Notice
from plans.models import KeyWorker
from tests.factories import (
    ConferenceFactory,
    FamilyFactory,
    NamedForFamilyFactory,
    PersonFactory,
    PlanFactory,
    SittingFactory,
    TeamFactory,
    policy_in_force,
    user_with_role,
)
from tests.families.conftest import NOW, TODAY
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db


@once_per_module(at=NOW)
def left(case):
    """A social worker with a case, a plan and a core group; a chair and a coordinator with a conference."""
    council = case.council
    if not PolicyVersion.objects.filter(authority=council.authority).exists():
        policy_in_force(council.authority)
    there = {
        "service": Role.SERVICE_MANAGER, "admin": Role.ADMINISTRATOR, "chair": Role.CHAIR,
        "new_chair": Role.CHAIR, "coordinator": Role.COORDINATOR, "new_coordinator": Role.COORDINATOR,
    }  # fmt: skip
    found = SimpleNamespace(
        worker=council.worker,
        successor=user_with_role(Role.SOCIAL_WORKER, team=council.team, name="Nora Teal"),
        **{name: user_with_role(role, authority=council.authority) for name, role in there.items()},
    )
    found.conference = ConferenceFactory(family=case.family, chair=found.chair, coordinator=found.coordinator)
    found.sitting = SittingFactory(conference=found.conference)
    found.plan = PlanFactory(child=case.robin, authority=council.authority)
    found.key_worker = KeyWorker.objects.create(plan=found.plan, user=council.worker, starts_on=TODAY)
    found.group = CoreGroup.objects.create(
        authority=council.authority, family=case.family, conference=found.conference, formed_on=TODAY
    )
    post = staff_post(user=council.worker, today=TODAY)
    found.member = CoreGroupMember.objects.create(
        core_group=found.group, person=post.person, post=post, starts_on=TODAY
    )
    return found


def close(left, user):
    people.close_account(user=user, why="Left", by=left.admin, now=NOW)


def kinds(user, manager):
    return [(row.kind.key, len(row.items)) for row in work_left([user.pk], manager=manager, on=TODAY)[user.pk]]


def the_page(user):
    return reverse("families:hand-over", args=[user.pk])


def test_closing_an_account_tells_the_managers_and_lists_the_work(case, left, client):
    close(left, left.worker)
    assert [(row.user, row.url) for row in Notice.objects.order_by("user__pk") if "left" in row.text] == [
        (user, the_page(left.worker)) for user in sorted((case.council.manager, left.service), key=lambda u: u.pk)
    ]
    assert kinds(left.worker, case.council.manager) == [("cases", 1), ("key-worker", 1), ("core-group", 1)]
    client.force_login(case.council.manager)
    page = client.get(reverse("families:leavers"))
    assert [user for user, _ in page.context["rows"]] == [left.worker]


def test_everything_changes_hands_in_one_go(case, left, client):
    close(left, left.worker)
    client.force_login(case.council.manager)
    chosen = dict.fromkeys(("cases", "key-worker", "core-group"), left.successor.pk)
    answer = client.post(the_page(left.worker), chosen)
    assert answer.url == reverse("families:leavers")
    assert [row.user for row in Allocation.objects.current(on=TODAY)] == [left.successor]
    assert [row.user for row in KeyWorker.objects.filter(ends_on=None)] == [left.successor]
    assert [row.person.user for row in CoreGroupMember.objects.current(on=TODAY)] == [left.successor]
    assert work_left([left.worker.pk], manager=case.council.manager, on=TODAY) == {}
    assert gone([case.council.authority.pk], on=TODAY) == [left.worker]


def test_nothing_changes_hands_if_one_item_can_not(case, left, client):
    close(left, left.worker)
    case.grandmother.user = left.successor
    case.grandmother.save()
    client.force_login(case.council.manager)
    page = client.post(the_page(left.worker), {"cases": left.successor.pk, "key-worker": case.council.manager.pk})
    assert page.context["form"].errors == {"cases": ["This person can't hold the case. Choose someone else."]}
    assert [row.user for row in KeyWorker.objects.filter(ends_on=None)] == [left.worker]


def test_the_service_manager_hands_over_conferences_and_the_old_chair_loses_access_at_once(case, left):
    assert kinds(left.chair, left.service) == [("chair", 1)]
    assert work_left([left.chair.pk], manager=case.council.manager, on=TODAY) == {}
    assert FAMILY_RULE.right_of(left.chair, case.family) == "chair of a conference"
    hand_over(user=left.chair, to={"chair": left.new_chair}, by=left.service, now=NOW)
    left.sitting.refresh_from_db()
    assert left.sitting.chair == left.new_chair
    for user, sees in ((left.chair, False), (left.new_chair, True)):
        fresh = type(user).objects.get(pk=user.pk)
        assert (CONFERENCE_RULE.right_of(fresh, left.conference) is not None) is sees
        assert (RULES["chair"].right_of(fresh, left.conference) is not None) is sees
        assert (FAMILY_RULE.right_of(fresh, case.family) is not None) is sees


def test_a_coordinator_is_replaced_in_a_restricted_case_too(case, left):
    Family.objects.update(restricted=True)
    NamedForFamilyFactory(family=case.family, user=left.service)
    hand_over(user=left.coordinator, to={"coordinator": left.new_coordinator}, by=left.service, now=NOW)
    assert Conference.objects.get().coordinator == left.new_coordinator
    for user, sees in ((left.coordinator, False), (left.new_coordinator, True)):
        fresh = type(user).objects.get(pk=user.pk)
        assert (FAMILY_RULE.right_of(fresh, case.family) is not None) is sees


def test_a_chair_who_is_busy_is_refused(case, left):
    SittingFactory(
        conference=ConferenceFactory(family=FamilyFactory(team=case.council.team), chair=left.new_chair),
        chair=left.new_chair,
    )
    with pytest.raises(ValidationError):
        hand_over(user=left.chair, to={"chair": left.new_chair}, by=left.service, now=NOW)
    assert Conference.objects.get(pk=left.conference.pk).chair == left.chair


def test_a_named_person_is_replaced_by_another(case, left):
    Family.objects.update(restricted=True)
    NamedForFamilyFactory(family=case.family, user=case.council.manager)
    NamedForFamilyFactory(family=case.family, user=left.chair)
    hand_over(user=left.chair, to={"restricted": left.successor}, by=case.council.manager, now=NOW)
    named = NamedForFamily.objects.current(on=TODAY).filter(family=case.family)
    assert {row.user for row in named} == {case.council.manager, left.successor}


def test_a_restricted_case_is_on_the_list_of_named_managers_only(case, left):
    Family.objects.update(restricted=True)
    assert work_left([left.worker.pk], manager=case.council.manager, on=TODAY) == {}
    NamedForFamilyFactory(family=case.family, user=case.council.manager)
    manager = type(case.council.manager).objects.get(pk=case.council.manager.pk)
    assert kinds(left.worker, manager) == [("cases", 1), ("key-worker", 1), ("core-group", 1)]


def test_a_worker_who_moved_with_cases_is_listed_for_the_old_teams_manager(case, left):
    assert gone([case.council.authority.pk], on=TODAY) == []
    new = TeamFactory(authority=case.council.authority)
    people.move_to_team(assignment=left.worker.roles.get(), team=new, on=TODAY, by=left.admin, now=NOW)
    assert gone([case.council.authority.pk], on=TODAY) == [left.worker]


def test_needs_a_choice(case, left, client):
    client.force_login(case.council.manager)
    page = client.post(the_page(left.worker), {})
    assert list(page.context["form"].errors) == ["__all__"]


def test_a_user_of_another_council_can_not_take_over(case, left, client):
    client.force_login(case.council.manager)
    stranger = user_with_role(Role.SOCIAL_WORKER)
    page = client.post(the_page(left.worker), {"cases": stranger.pk})
    assert list(page.context["form"].errors) == ["cases"]


def test_only_managers_of_the_cases_hand_over(case, left, client):
    assert client.get(the_page(left.worker)).status_code == 302
    refused = [
        left.worker, left.coordinator, left.admin, user_with_role(Role.TEAM_MANAGER),
        user_with_role(Role.TEAM_MANAGER, team=TeamFactory(authority=case.council.authority)),
    ]  # fmt: skip
    for user in refused:
        client.force_login(user)
        assert client.get(the_page(left.worker)).status_code == 404
    PersonFactory(authority=case.council.authority)
    client.force_login(case.council.manager)
    assert client.get(the_page(left.worker)).status_code == 200
    assert client.get(the_page(left.admin)).status_code == 404
