"""Escalation: who is told of a stage when those responsible can't be."""

from __future__ import annotations

import datetime

import pytest

from accounts.enums import Role
from accounts.models import RoleAssignment
from deadlines.access import visible_deadlines
from deadlines.enums import Stage
from deadlines.models import Deadline, DeadlineNotice, SweepRun
from deadlines.selectors.notices import told_about
from deadlines.services import sweep
from families.models import Family, Person
from notifications.models import Message, Notice
from notifications.services.outbox import acknowledge_notice
from tests.deadlines.conftest import moment
from tests.factories import (
    AllocationFactory,
    ChildFactory,
    DeadlineFactory,
    FamilyMemberFactory,
    NamedForFamilyFactory,
    PersonFactory,
    RelationshipFactory,
    RoleAssignmentFactory,
    TeamFactory,
    UserFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

WARNED = moment("2026-12-18 08:00")
LATE = moment("2027-01-01 08:00")
PASSED_ON = moment("2027-01-04 08:00")
PASSED_UP = moment("2027-01-06 08:00")
ENDED = datetime.date(2026, 12, 1)


@once_per_module()
def service_manager(case):
    return user_with_role(Role.SERVICE_MANAGER, authority=case.authority)


def a_deadline(case, *users, **fields):
    return DeadlineFactory(family=case.family, responsible_ids=[user.pk for user in users], **fields)


def told():
    return sorted(DeadlineNotice.objects.values_list("stage", "user_id"))


def disable(user):
    user.is_active = False
    user.save()


def seal(child):
    Person.objects.filter(pk=child.person_id).update(sealed_at=WARNED, sealed_because="Adopted")


def end_roles(user):
    RoleAssignment.objects.filter(user=user).update(ends_on=ENDED)


@pytest.mark.parametrize("leave", [disable, end_roles])
def test_a_leaver_is_passed_over_for_the_manager(case, leave):
    a_deadline(case, case.worker)
    leave(case.worker)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_a_role_in_another_council_does_not_count(case):
    elsewhere = user_with_role(Role.SOCIAL_WORKER)
    a_deadline(case, elsewhere)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_a_leaver_is_covered_even_if_a_colleague_can_be_told(case):
    other = user_with_role(Role.SOCIAL_WORKER, authority=case.authority, team=case.team)
    a_deadline(case, case.worker, other)
    disable(case.worker)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk), (Stage.DUE_SOON, other.pk)]


def test_a_line_with_no_one_left_is_retried_even_if_another_was_told(case):
    other = user_with_role(Role.SOCIAL_WORKER, authority=case.authority, team=case.team)
    a_deadline(case, case.worker, other)
    for user in (case.worker, case.manager):
        disable(user)
    assert sweep(now=WARNED).untold == 0
    assert told() == [(Stage.DUE_SOON, other.pk)]
    service_manager = user_with_role(Role.SERVICE_MANAGER, authority=case.authority)
    sweep(now=WARNED + datetime.timedelta(minutes=60))
    assert told() == [(Stage.DUE_SOON, other.pk), (Stage.DUE_SOON, service_manager.pk)]


@pytest.mark.parametrize("leave", [disable, end_roles])
def test_without_a_manager_it_goes_on_to_the_service_manager(case, service_manager, leave):
    user_with_role(Role.SERVICE_MANAGER)
    a_deadline(case, case.worker)
    for user in (case.worker, case.manager):
        leave(user)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, service_manager.pk)]


def test_a_manager_covering_for_a_worker_is_told_one_stage_at_a_time(case, service_manager):
    a_deadline(case, case.worker)
    disable(case.worker)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.TO_MANAGER, case.manager.pk)]


def test_it_goes_to_the_manager_of_the_persons_own_team_not_of_the_familys(case):
    team = TeamFactory(authority=case.authority)
    own = user_with_role(Role.TEAM_MANAGER, authority=case.authority, team=team)
    AllocationFactory(family=case.family, user=own)
    worker = user_with_role(Role.SOCIAL_WORKER, authority=case.authority, team=team)
    a_deadline(case, worker)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, worker.pk), (Stage.TO_MANAGER, own.pk)]


@pytest.mark.parametrize("restricted", [False, True])
def test_a_manager_who_may_not_open_the_case_is_skipped_for_one_who_may(case, restricted):
    team = TeamFactory(authority=case.authority)
    own = user_with_role(Role.TEAM_MANAGER, authority=case.authority, team=team)
    RoleAssignmentFactory(user=own, role=Role.COORDINATOR, authority=case.authority)
    worker = user_with_role(Role.SOCIAL_WORKER, authority=case.authority, team=team)
    Family.objects.update(restricted=restricted)
    for user in (worker, case.manager):
        NamedForFamilyFactory(family=case.family, user=user)
    row = a_deadline(case, worker)
    sweep(now=PASSED_ON)
    hears = case.manager if restricted else own
    assert told() == [(Stage.LATE, worker.pk), (Stage.TO_MANAGER, hears.pk)]
    assert visible_deadlines(hears).filter(pk=row.pk).exists()
    assert visible_deadlines(own).filter(pk=row.pk).exists() is not restricted


def their_person(case, user):
    person = PersonFactory(authority=case.authority, user=user)
    FamilyMemberFactory(family=case.family, person=person)


def test_a_relative_is_told_nothing_of_their_own_family(case, service_manager):
    row = a_deadline(case, case.worker)
    their_person(case, case.manager)
    assert not visible_deadlines(case.manager).filter(pk=row.pk).exists()
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, case.worker.pk), (Stage.TO_MANAGER, service_manager.pk)]
    assert Message.objects.filter(user=case.manager).count() == 0


def test_a_responsible_relative_is_passed_over_for_the_manager(case):
    a_deadline(case, case.worker)
    their_person(case, case.worker)
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_a_relative_by_a_merged_record_is_passed_over_too(case):
    a_deadline(case, case.worker)
    kept = PersonFactory(authority=case.authority, user=case.worker)
    FamilyMemberFactory(family=case.family, person=PersonFactory(authority=case.authority, merged_into=kept))
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


def test_if_all_are_relatives_it_stays_visible(case):
    row = a_deadline(case, case.worker)
    for user in (case.worker, case.manager):
        their_person(case, user)
    assert sweep(now=WARNED).untold == 1
    assert (told(), SweepRun.objects.get().untold_ids) == ([], [row.pk])


def test_the_parent_of_a_child_of_the_family_is_a_relative(case):
    a_deadline(case, case.worker)
    child = ChildFactory(authority=case.authority, family=case.family)
    RelationshipFactory(child=child, person=PersonFactory(authority=case.authority, user=case.worker))
    sweep(now=WARNED)
    assert told() == [(Stage.DUE_SOON, case.manager.pk)]


@pytest.mark.parametrize("of_the_child", [True, False])
def test_no_one_is_told_of_a_sealed_child_until_the_record_is_unsealed(case, service_manager, of_the_child):
    child = ChildFactory(authority=case.authority, family=case.family)
    a_deadline(case, case.worker, child_id=child.pk if of_the_child else None)
    seal(child)
    assert sweep(now=PASSED_UP).untold == 0
    assert (told(), Message.objects.count(), Notice.objects.count()) == ([], 0, 0)
    Person.objects.filter(pk=child.person_id).update(sealed_at=None, sealed_because="")
    sweep(now=PASSED_UP + datetime.timedelta(minutes=60))
    assert [stage for stage, _ in told()] == [Stage.LATE, Stage.TO_MANAGER, Stage.TO_SERVICE_MANAGER]


def test_a_siblings_deadline_is_told_beside_a_sealed_child(case):
    sealed, sibling = (ChildFactory(authority=case.authority, family=case.family) for _ in range(2))
    seal(sealed)
    row = a_deadline(case, case.worker, child_id=sibling.pk)
    a_deadline(case, case.worker, child_id=sealed.pk)
    sweep(now=WARNED)
    assert list(DeadlineNotice.objects.values_list("deadline", flat=True)) == [row.pk]


def test_for_a_user_without_a_team_it_goes_to_the_familys_team_manager(case):
    chair = user_with_role(Role.CHAIR, authority=case.authority)
    a_deadline(case, chair)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, chair.pk), (Stage.TO_MANAGER, case.manager.pk)]


def test_a_manager_is_not_their_own_manager(case, service_manager):
    a_deadline(case, case.manager)
    sweep(now=PASSED_ON)
    assert told() == [(Stage.LATE, case.manager.pk), (Stage.TO_MANAGER, service_manager.pk)]


def test_every_service_manager_of_the_council_is_told_of_an_escalation(case, service_manager):
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


def test_if_no_one_is_left_it_stays_visible_and_the_next_appointee_is_told(case):
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


def test_a_council_without_service_manager_shows_who_should_have_been_told(case):
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


def test_an_undeclared_clock_is_still_announced(case):
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
        (line.stage, line.begins_at, [(told.name, told.at, told.seen_at) for told in line.told])
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
def test_takes_the_same_number_of_queries(case, number, django_assert_num_queries):
    others = [user_with_role(Role.SOCIAL_WORKER, authority=case.authority) for _ in range(number)]
    row = a_deadline(case, *others)
    with django_assert_num_queries(7):
        sweep(now=WARNED)
    with django_assert_num_queries(2):
        told_about(row)
