"""Up the line: who hears of a stage when those who answer for it can't be told."""

from __future__ import annotations

import datetime

import pytest

from accounts.enums import Role
from accounts.models import RoleAssignment
from deadlines.enums import Stage
from deadlines.models import Deadline, DeadlineNotice, SweepRun
from deadlines.selectors.telling import told_about
from deadlines.services import sweep
from notifications.models import Message, Notice
from notifications.services import acknowledge_notice
from tests.deadlines.conftest import moment
from tests.factories import DeadlineFactory, PersonFactory, TeamFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db

WARNED = moment("2026-12-18 08:00")
LATE = moment("2027-01-01 08:00")
PASSED_ON = moment("2027-01-04 08:00")
PASSED_UP = moment("2027-01-06 08:00")
ENDED = datetime.date(2026, 12, 1)


@pytest.fixture
def service_manager(case):
    return user_with_role(Role.SERVICE_MANAGER, authority=case.authority)


def a_deadline(case, *users, **fields):
    return DeadlineFactory(family=case.family, responsible_ids=[user.pk for user in users], **fields)


def told():
    return sorted(DeadlineNotice.objects.values_list("stage", "user_id"))


def disable(user):
    user.is_active = False
    user.save()


def end_roles(user):
    RoleAssignment.objects.filter(user=user).update(ends_on=ENDED)


@pytest.mark.parametrize("leave", [disable, end_roles])
def test_who_left_is_passed_over_for_the_manager(case, leave):
    a_deadline(case, case.worker)
    leave(case.worker)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_a_role_in_another_council_is_no_role_here(case):
    elsewhere = user_with_role(Role.SOCIAL_WORKER)
    a_deadline(case, elsewhere)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_while_one_of_several_can_be_told_nobody_else_is(case):
    other = user_with_role(Role.SOCIAL_WORKER, authority=case.authority, team=case.team)
    a_deadline(case, case.worker, other)
    disable(case.worker)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, other.pk)]


@pytest.mark.parametrize("leave", [disable, end_roles])
def test_without_a_manager_it_goes_on_to_the_service_manager(case, service_manager, leave):
    user_with_role(Role.SERVICE_MANAGER)
    a_deadline(case, case.worker)
    for user in (case.worker, case.manager):
        leave(user)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, service_manager.pk)]


def test_a_manager_who_gets_what_was_somebody_elses_hears_one_thing_at_a_time(case, service_manager):
    a_deadline(case, case.worker)
    disable(case.worker)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.TO_MANAGER, case.manager.pk)]


def test_it_goes_to_the_manager_of_the_persons_own_team_not_of_the_familys(case):
    team = TeamFactory(authority=case.authority)
    own = user_with_role(Role.TEAM_MANAGER, authority=case.authority, team=team)
    worker = user_with_role(Role.SOCIAL_WORKER, authority=case.authority, team=team)
    a_deadline(case, worker)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, worker.pk), (Stage.TO_MANAGER, own.pk)]


def test_for_somebody_without_a_team_it_goes_to_the_manager_of_the_familys_team(case):
    chair = user_with_role(Role.CHAIR, authority=case.authority)
    a_deadline(case, chair)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, chair.pk), (Stage.TO_MANAGER, case.manager.pk)]


def test_a_manager_is_not_their_own_manager(case, service_manager):
    a_deadline(case, case.manager)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, case.manager.pk), (Stage.TO_MANAGER, service_manager.pk)]


def test_every_service_manager_of_the_council_hears_what_was_passed_up(case, service_manager):
    second = user_with_role(Role.SERVICE_MANAGER, authority=case.authority)
    user_with_role(Role.SERVICE_MANAGER)
    a_deadline(case, case.worker)
    sweep(now=PASSED_UP)
    assert told() == [
        (Stage.LATE, case.worker.pk),
        (Stage.TO_MANAGER, case.manager.pk),
        (Stage.TO_SERVICE_MANAGER, service_manager.pk),
        (Stage.TO_SERVICE_MANAGER, second.pk),
    ]


def test_where_nobody_is_left_it_stays_visible_and_is_told_when_somebody_comes(case):
    row = a_deadline(case, case.worker)
    for user in (case.worker, case.manager):
        disable(user)
    result = sweep(now=WARNED)
    assert (result.raised, result.untold, told()) == (0, 1, [])
    assert SweepRun.objects.get().untold_ids == [row.pk]
    service_manager = user_with_role(Role.SERVICE_MANAGER, authority=case.authority)
    sweep(now=WARNED + datetime.timedelta(minutes=55))
    assert told() == []
    sweep(now=WARNED + datetime.timedelta(minutes=60))
    assert told() == [(Stage.DUE_SOON, service_manager.pk)]


def test_a_council_without_service_manager_shows_where_it_had_to_go(case):
    row = a_deadline(case, case.worker)
    assert sweep(now=PASSED_UP).untold == 1
    assert told() == [(Stage.LATE, case.worker.pk), (Stage.TO_MANAGER, case.manager.pk)]
    assert SweepRun.objects.get().untold_ids == [row.pk]


def test_families_are_never_written_to(case, service_manager):
    mother = UserFactory(name="Rose Brambley")
    PersonFactory(authority=case.authority, user=mother)
    a_deadline(case, case.worker, mother)
    for now in (WARNED, LATE, PASSED_ON, PASSED_UP):
        sweep(now=now)
    staff = {case.worker.pk, case.manager.pk, service_manager.pk}
    assert set(Notice.objects.values_list("user", flat=True)) == staff
    assert set(Message.objects.values_list("user", "person_id", "to_email")) == {
        (user.pk, None, user.email) for user in (case.worker, case.manager, service_manager)
    }


def test_a_closed_deadline_that_still_has_a_next_stage_is_put_right_and_not_told(case):
    row = a_deadline(case, case.worker, met_at=moment("2026-12-17 12:00"))
    assert sweep(now=WARNED).raised == 0
    row.refresh_from_db()
    assert row.next_stage_at is None


def test_a_clock_that_nobody_declares_any_more_is_told_all_the_same(case):
    a_deadline(case, case.worker, kind="forgotten")
    sweep(now=WARNED)
    number = case.family.case_number
    assert Notice.objects.get().text == f"Due soon: A time limit, case {number}. Last day Thu 31 Dec 2026."


def test_who_was_told_and_who_acknowledged_it_and_when(case):
    row = a_deadline(case, case.worker)
    sweep(now=WARNED)
    sweep(now=PASSED_ON)
    acknowledge_notice(notice=Notice.objects.get(user=case.manager), now=moment("2027-01-04 09:15"))
    assert [
        (line.stage, line.begins_at, [(told.name, told.at, told.acknowledged_at) for told in line.told])
        for line in told_about(row)
    ] == [
        (Stage.DUE_SOON, row.warn_at, [(case.worker.name, WARNED, None)]),
        (Stage.DUE, row.due_from, []),
        (Stage.LATE, row.late_from, [(case.worker.name, PASSED_ON, None)]),
        (Stage.TO_MANAGER, row.manager_from, [(case.manager.name, PASSED_ON, moment("2027-01-04 09:15"))]),
        (Stage.TO_SERVICE_MANAGER, row.service_manager_from, []),
    ]


def test_what_was_told_before_the_date_moved_is_left_out(case):
    row = a_deadline(case, case.worker)
    sweep(now=WARNED)
    Deadline.objects.update(late_from=moment("2027-02-01 00:00"))
    row.refresh_from_db()
    assert [line.told for line in told_about(row)] == [[], [], [], [], []]


@pytest.mark.parametrize("number", [1, 30])
def test_asks_the_database_the_same_number_of_questions(case, number, django_assert_num_queries):
    others = [user_with_role(Role.SOCIAL_WORKER, authority=case.authority) for _ in range(number)]
    row = a_deadline(case, *others)
    with django_assert_num_queries(5):
        sweep(now=WARNED)
    with django_assert_num_queries(2):
        told_about(row)
