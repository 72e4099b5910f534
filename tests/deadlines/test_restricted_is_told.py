"""Someone is always told of a restricted case, and no one is told more than they may open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import Role
from deadlines.access import visible_deadlines
from deadlines.enums import Stage
from deadlines.models import DeadlineNotice
from deadlines.selectors.council import Chosen, council_timeliness
from deadlines.selectors.periods import periods
from deadlines.selectors.team import team_work
from deadlines.services import sweep, write_digests
from families.models import Family
from notifications.models import Message, Notice
from tests.deadlines.conftest import moment
from tests.factories import (
    AllocationFactory,
    ConflictOfInterestFactory,
    DeadlineFactory,
    NamedForFamilyFactory,
    TeamFactory,
    policy_version_of,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

WARNED = moment("2026-12-18 08:00")
LATE = moment("2027-01-01 08:00")
PASSED_ON = moment("2027-01-04 08:00")
PASSED_UP = moment("2027-01-06 08:00")


@once_per_module()
def service(case):
    return user_with_role(Role.SERVICE_MANAGER, authority=case.authority)


@pytest.fixture
def restricted(case, service):
    Family.objects.update(restricted=True)
    return case


def a_deadline(case, *users, **fields):
    return DeadlineFactory(family=case.family, responsible_ids=[user.pk for user in users], **fields)


def told():
    return sorted(DeadlineNotice.objects.values_list("stage", "user_id"))


def secrets_in(case, *texts):
    return [word for word in (case.family.case_number, case.family.name) if any(word in text for text in texts)]


def test_a_named_manager_of_another_team_is_told_and_the_teams_own_is_not(restricted):
    named = user_with_role(Role.TEAM_MANAGER, team=TeamFactory(authority=restricted.authority))
    NamedForFamilyFactory(family=restricted.family, user=named)
    row = a_deadline(restricted, restricted.worker)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, restricted.worker.pk), (Stage.TO_MANAGER, named.pk)]
    assert visible_deadlines(named).filter(pk=row.pk).exists()
    assert not visible_deadlines(restricted.manager).filter(pk=row.pk).exists()


def test_without_a_named_manager_the_named_service_manager_is_told_in_full(restricted, service):
    user_with_role(Role.SERVICE_MANAGER, authority=restricted.authority)
    NamedForFamilyFactory(family=restricted.family, user=service)
    a_deadline(restricted, restricted.worker)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, restricted.worker.pk), (Stage.TO_MANAGER, service.pk)]
    assert restricted.family.case_number in Notice.objects.get(user=service).text


@pytest.mark.parametrize("now", [WARNED, PASSED_ON, PASSED_UP])
def test_if_no_named_person_can_be_told_service_managers_are(restricted, service, now):
    a_deadline(restricted, restricted.worker)
    restricted.worker.is_active = False
    restricted.worker.save()
    result = sweep(now=now)
    assert (result.untold, {user for _, user in told()}) == (0, {service.pk})
    notice = Notice.objects.get()
    assert notice.url == reverse("families:break-glass", args=[restricted.family.pk])
    assert "a restricted case" in notice.text
    messages = Message.objects.all()
    assert secrets_in(restricted, notice.text, *(f"{row.subject} {row.body}" for row in messages)) == []


def test_a_user_responsible_by_role_alone_is_not_told_and_it_is_escalated(restricted, service):
    a_deadline(restricted, restricted.manager)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, service.pk)]
    assert secrets_in(restricted, Notice.objects.get().text) == []


def test_a_service_manager_with_a_conflict_is_told_nothing(restricted, service):
    ConflictOfInterestFactory(user=service, family=restricted.family)
    a_deadline(restricted, restricted.manager)
    assert sweep(now=WARNED).untold == 1
    assert told() == []


def test_the_digest_tells_a_stranger_no_more_than_the_notice(restricted, service):
    a_deadline(restricted, restricted.manager)
    sweep(now=WARNED)
    Message.objects.all().delete()
    write_digests(now=WARNED)
    message = Message.objects.get()
    assert message.user == service
    assert "a restricted case" in message.body
    assert secrets_in(restricted, message.subject, message.body) == []


def test_the_allocated_worker_is_told_the_case_number(restricted):
    a_deadline(restricted, restricted.worker)
    sweep(now=WARNED)
    assert restricted.family.case_number in Notice.objects.get().text


def test_a_declared_conflict_escalates_it(case, service):
    a_deadline(case, case.worker)
    ConflictOfInterestFactory(user=case.worker, family=case.family)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_pages_of_team_and_council_count_it_only_for_named_people(case, service):
    other = case.another_family("26-0500")
    for family in (case.family, other):
        DeadlineFactory(
            family=family, responsible_ids=[case.worker.pk], policy_version_id=policy_version_of(case.authority)
        )
    Family.objects.filter(pk=case.family.pk).update(restricted=True)

    def counts(user):
        user = type(user).objects.get(pk=user.pk)
        work = team_work(case.team, user=user, now=LATE)
        council = council_timeliness(Chosen(case.authority, periods(LATE.date())[0]), user=user, now=LATE)
        return work.total.total, council.late_count, sum(number for _, number in council.weeks)

    before = counts(service)
    assert before[:2] == (1, 1)
    NamedForFamilyFactory(family=case.family, user=service)
    assert counts(service)[:2] == (2, 2)


def test_every_manager_who_is_told_in_full_may_open_it(restricted, service):
    for role in (Role.TEAM_MANAGER, Role.SOCIAL_WORKER):
        user = user_with_role(role, team=TeamFactory(authority=restricted.authority))
        AllocationFactory(family=restricted.family, user=user)
    row = a_deadline(restricted, restricted.worker, restricted.manager)
    sweep(now=PASSED_UP)
    for notice in DeadlineNotice.objects.select_related("user"):
        in_full = restricted.family.case_number in Notice.objects.get(key=f"deadline:{notice.pk}").text
        assert visible_deadlines(notice.user).filter(pk=row.pk).exists() is in_full
