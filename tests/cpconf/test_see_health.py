from __future__ import annotations

import datetime

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from deadlines.models import DigestRun, ReconcileRun, SweepRun
from notifications.enums import MessageState
from tests.factories import (
    AuthorityFactory,
    DeadlineFactory,
    FamilyFactory,
    MessageFactory,
    TeamFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db

URL = reverse("see-health")
OTHER_ROLES = sorted(set(Role.values) - {Role.ADMINISTRATOR, Role.SERVICE_MANAGER})


@pytest.fixture
def authority():
    return AuthorityFactory()


@pytest.fixture
def manager(client, authority):
    user = user_with_role(Role.SERVICE_MANAGER, authority=authority)
    client.force_login(user)
    return user


def health(client):
    return client.get(URL).context["health"]


def a_sweep(**fields):
    now = timezone.now()
    return SweepRun.objects.create(started_at=now, ended_at=now, **fields)


def test_signed_out_users_are_sent_to_sign_in(client):
    assert client.get(URL).headers["Location"] == f"{reverse('account_login')}?next={URL}"


@pytest.mark.parametrize("role", OTHER_ROLES)
def test_other_roles_get_not_found(client, role):
    client.force_login(user_with_role(role))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SERVICE_MANAGER])
def test_responsible_roles_see_that_all_is_well(client, role):
    a_sweep()
    client.force_login(user_with_role(role))
    assert health(client).is_well is True


def test_a_new_installation_says_what_to_expect(client, manager):
    page = client.get(URL).content.decode()
    assert "It runs at 2am." in page
    assert "They are written at 7:30am on working days." in page


def test_a_late_sweep_is_highlighted(client, manager):
    long_ago = timezone.now() - datetime.timedelta(hours=2)
    SweepRun.objects.create(started_at=long_ago, ended_at=long_ago)
    assert (health(client).enforcement.sweep.state, health(client).is_well) == ("late", False)


def test_changes_by_the_nightly_count_are_reported_as_a_fault(client, manager):
    a_sweep()
    now = timezone.now()
    found = ReconcileRun.objects.create(
        started_at=now, ended_at=now, changed=1, deadline_ids=[4711], problems=["visit: no policy"]
    )
    assert health(client).last_difference == found
    page = client.get(URL).content.decode()
    assert reverse("deadlines:deadline", args=[4711]) in page
    assert "visit: no policy" in page


def test_an_administrator_sees_numbers_without_links_to_cases(client, authority):
    now = timezone.now()
    ReconcileRun.objects.create(started_at=now, ended_at=now, changed=1, deadline_ids=[4711])
    client.force_login(user_with_role(Role.ADMINISTRATOR, authority=authority))
    page = client.get(URL).content.decode()
    assert ("4711" in page, reverse("deadlines:deadline", args=[4711]) in page) == (True, False)


def test_a_deadline_with_no_one_to_tell_stays_visible_while_it_runs(client, manager, authority):
    row = DeadlineFactory(family=FamilyFactory(team=TeamFactory(authority=authority)))
    a_sweep(untold_ids=[row.pk, DeadlineFactory().pk])
    assert health(client).untold_ids == [row.pk]
    row.not_needed = "The enquiry ended."
    row.save()
    assert health(client).untold_ids == []


def test_failed_messages_of_the_users_council_are_counted(client, manager, authority):
    a_sweep()
    MessageFactory(authority=authority, state=MessageState.FAILED)
    MessageFactory(state=MessageState.FAILED)
    assert (health(client).failed_messages, health(client).is_well) == (1, False)
    assert f"{reverse('notifications:outbox')}?state=failed" in client.get(URL).content.decode()


def test_the_morning_e_mails_of_the_users_council_are_listed(client, manager, authority):
    own = DigestRun.objects.create(authority=authority, day=timezone.localdate(), written_at=timezone.now())
    DigestRun.objects.create(authority=AuthorityFactory(), day=timezone.localdate(), written_at=timezone.now())
    assert health(client).digests == [own]


@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_without_redis_it_says_so(client, manager):
    a_sweep()
    assert (health(client).redis, health(client).is_well) == (False, False)


@pytest.mark.parametrize("number", [1, 30])
def test_takes_the_same_number_of_queries(client, manager, authority, number, django_assert_num_queries):
    now = timezone.now()
    for n in range(number):
        a_sweep(raised=n)
        ReconcileRun.objects.create(started_at=now, ended_at=now)
        MessageFactory(authority=authority, state=MessageState.FAILED)
    with django_assert_num_queries(16):
        client.get(URL)
