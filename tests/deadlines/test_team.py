from __future__ import annotations

import datetime

import pytest
import time_machine
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessEvent
from deadlines.enums import Stage
from deadlines.models import DeadlineNotice
from deadlines.selectors import team_rows, team_work, teams_open_to
from notifications.models import Notice
from tests.deadlines.conftest import Case, moment
from tests.factories import (
    ChildFactory,
    RoleAssignmentFactory,
    TeamFactory,
    UserFactory,
    VisitDeadlineFactory,
    user_with_role,
)
from tests.stories import once_per_module

pytestmark = pytest.mark.django_db

URL = reverse("deadlines:team")
NOW = moment("2026-12-16 09:00")


@pytest.fixture(autouse=True)
def _wednesday_16_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


def due(case, day, **fields):
    given = {"family": case.family, "responsible_ids": [case.worker.pk]}
    return VisitDeadlineFactory(**{**given, **fields}, due_on=datetime.date.fromisoformat(day))


@once_per_module(at=NOW)
def busy(case):
    """One visit of the worker in each of the times."""
    for day in ("2026-12-14", "2026-12-16", "2026-12-21", "2027-01-20"):
        due(case, day)
    return case


def work_of(case, user=None):
    return team_work(case.team, user=user or case.manager, now=NOW)


def load_of(work, name):
    load = next(person.load for person in work.people if person.name == name)
    return (load.late, load.today, load.soon, load.later)


def test_the_work_is_counted_by_person_and_by_kind(busy):
    due(busy, "2026-12-15", kind="minutes-sent", responsible_ids=[busy.manager.pk])
    work = work_of(busy)
    assert load_of(work, busy.worker.name) == (1, 1, 1, 1)
    assert load_of(work, busy.manager.name) == (1, 0, 0, 0)
    assert [(row.kind, row.load.late, row.load.total) for row in work.kinds] == [
        ("visit", 1, 4),
        ("minutes-sent", 1, 1),
    ]
    assert [tile["count"] for tile in work.tiles] == [2, 1, 1, 1, 0]


def test_unassigned_work_has_its_own_row(busy):
    due(busy, "2026-12-14", responsible_ids=[], kind="minutes-sent")
    work = work_of(busy)
    assert [(person.key, person.load.late) for person in work.people][-1] == ("nobody", 1)
    assert [row.kind for row in work.listed(now=NOW, person="nobody")] == ["minutes-sent"]


def test_a_case_without_a_social_worker_waits_for_the_manager(busy):
    free = busy.another_family("26-0441", name="Campion")
    free.allocations.all().delete()
    closed = busy.another_family("26-0442", name="Closed")
    closed.allocations.all().delete()
    closed.closed_on = datetime.date(2026, 12, 1)
    closed.save()
    (found,) = work_of(busy).unallocated
    assert (found.family, found.url) == (free, reverse("families:allocate-case", args=[free.pk]))
    service = user_with_role(Role.SERVICE_MANAGER, authority=busy.authority)
    (found,) = work_of(busy, service).unallocated
    assert found.url == reverse("families:family", args=[free.pk])


def test_late_work_is_listed_longest_first_with_who_was_told_and_saw_it(busy):
    older = due(busy, "2026-12-08", kind="minutes-sent")
    notice = DeadlineNotice.objects.create(
        deadline=older, stage=Stage.LATE, user=busy.worker, late_from=older.late_from, raised_at=NOW
    )
    rows = work_of(busy).listed(now=NOW)
    assert [row.due_on.day for row in rows] == [8, 14]
    (told,) = team_rows(rows, now=NOW)[0].told_now
    assert (told.name, told.seen_at) == (busy.worker.name, None)
    Notice.objects.create(
        user=busy.worker, key=f"deadline:{notice.pk}", text="Late", created_at=NOW, acknowledged_at=NOW
    )
    first, second = team_rows(rows, now=NOW)
    assert (first.told_now[0].seen_at, second.told_now) == (NOW, [])
    assert first.answers == [busy.worker.name]


def test_siblings_that_one_act_settles_count_once(case):
    for child in (ChildFactory(), ChildFactory()):
        due(case, "2026-12-14", child_id=child.pk)
    assert work_of(case).total.late == 1


def test_a_sealed_child_and_other_teams_are_left_out(busy):
    due(busy, "2026-12-08", child_id=ChildFactory(person__sealed_at=NOW, person__sealed_because="Adopted").pk)
    other = busy.another_family("26-0999")
    other.team = TeamFactory(authority=busy.authority)
    other.save()
    due(busy, "2026-12-08", family=other)
    assert work_of(busy).total.total == 4


def test_shows_who_opened_todays_list(client, busy):
    client.force_login(busy.worker)
    client.get(reverse("deadlines:my-work"))
    work = work_of(busy)
    assert {person.name: person.opened_at for person in work.people} == {busy.worker.name: NOW, busy.manager.name: None}


def test_a_service_manager_chooses_among_all_teams_and_a_manager_among_their_own(busy):
    other = TeamFactory(authority=busy.authority, name="Zebra")
    elsewhere = TeamFactory()
    service = user_with_role(Role.SERVICE_MANAGER, authority=busy.authority)
    assert set(teams_open_to(service)) == {busy.team, other}
    assert list(teams_open_to(busy.manager)) == [busy.team]
    RoleAssignmentFactory(user=service, authority=busy.authority, team=other, role=Role.TEAM_MANAGER)
    assert teams_open_to(type(service).objects.get(pk=service.pk)).first() == other
    assert elsewhere not in teams_open_to(service)


# The page


def test_the_page_shows_late_work_people_and_kinds(client, busy):
    client.force_login(busy.manager)
    text = client.get(URL).content.decode()
    for said in (busy.team.name, "Late in the team", "Brambley", busy.worker.name, "Who has what", "By kind"):
        assert said in text


def test_the_managers_own_work_comes_first_with_one_green_button(client, busy, initial):
    due(busy, "2026-12-16", kind="initial-conference", responsible_ids=[busy.manager.pk])
    client.force_login(busy.manager)
    text = client.get(URL).content.decode()
    assert text.index('id="for-you"') < text.index('id="work"')
    assert text.partition("</main>")[0].count('class="govuk-button"') == 1


def test_the_list_may_be_one_person_s_or_of_one_kind(client, busy):
    due(busy, "2027-01-20", kind="minutes-sent", responsible_ids=[busy.manager.pk])
    client.force_login(busy.manager)
    text = client.get(URL, {"person": busy.manager.pk}).content.decode()
    assert "What is open" in text
    assert "What is open" in client.get(URL, {"kind": "minutes-sent"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"team": "x"}, {"team": "9" * 30}, {"person": "-1"}, {"kind": "nonsense"}, {"page": "zz"}]
)
def test_invalid_parameters_show_the_managers_own_team(client, busy, query):
    client.force_login(busy.manager)
    response = client.get(URL, query)
    assert response.status_code == 200
    assert busy.team.name in response.content.decode()


def test_another_team_in_the_url_is_not_shown(client, busy):
    other = Case(authority=busy.authority, number="26-0900")
    stranger = Case(number="26-0901")
    for case in (other, stranger):
        due(case, "2026-12-01")
        client.force_login(busy.manager)
        text = client.get(URL, {"team": case.team.pk}).content.decode()
        assert case.team.name not in text
        assert case.worker.name not in text


def test_a_team_with_nothing_to_do_says_so(client, case):
    client.force_login(case.manager)
    assert "This team has nothing to do" in client.get(URL).content.decode()


def test_a_council_without_a_team_says_so(client):
    client.force_login(user_with_role(Role.SERVICE_MANAGER))
    assert "Your council has no teams yet" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    "role",
    [
        Role.SOCIAL_WORKER,
        Role.CHAIR,
        Role.COORDINATOR,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
        Role.CUSTODIAN,
        Role.DUTY_WORKER,
        Role.PROFESSIONAL,
    ],
)
def test_other_roles_are_refused(client, role):
    client.force_login(user_with_role(role))
    assert client.get(URL).status_code == 404


def test_signed_out_users_are_sent_to_sign_in_and_users_without_a_role_refused(client):
    response = client.get(URL)
    assert (response.status_code, response.url) == (302, f"{resolve_url(settings.LOGIN_URL)}?next={URL}")
    client.force_login(UserFactory())
    assert client.get(URL).status_code == 404
    assert client.post(URL).status_code == 405


def test_the_read_is_logged_with_the_families_that_it_named(client, busy):
    client.force_login(busy.manager)
    client.get(URL)
    event = AccessEvent.objects.get(page="deadlines:team")
    assert (event.user, event.subject_id, event.family_ids) == (busy.manager, busy.team.pk, [busy.family.pk])


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(client, count, django_assert_num_queries):
    case = Case()
    child = ChildFactory()
    for n in range(count):
        family = case.another_family(f"26-1{n:03}")
        users = [user_with_role(Role.SOCIAL_WORKER, team=case.team).pk, case.manager.pk]
        due(case, "2026-12-14", family=family, responsible_ids=users, child_id=child.pk)
    client.force_login(case.manager)
    client.get(URL)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        response = client.get(URL)
    assert response.status_code == 200


# Session, user, roles, own people (2), teams, calendar, families, deadlines, holders, members, people, opened lists, who may
# change, children, contexts and calendars of the own rows, children and calendars of the list, families of it,
# told, acknowledged, users, the badge, the entry in the read log, and what waits for a decision: the list, its families,
# and five about who decides.
QUERIES_OF_THE_PAGE = 29
