"""A council with one service manager: bundles and disposals go to who was named, or say that someone has to be."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import RoleAssignment, SecondPerson
from notifications.models import Notice
from records.disclosure.services import start_disclosure, submit_disclosure, who_may_check
from records.enums import DisclosureKind, DisclosureState, DisposalState
from records.models import Disposal
from records.retention.services import propose_disposal
from tests.factories import user_with_role
from tests.records.kept import time_over
from tests.stories import once_per_module
from tests.world import tell_world

NOW = datetime.datetime(2026, 12, 8, 10, tzinfo=datetime.UTC)


@once_per_module()
def small():
    """A family whose time is over, in a council with one service manager, no custodian and nobody named."""
    world = time_over(tell_world())
    held = RoleAssignment.objects.filter(authority=world.authority)
    held.filter(role__in=[Role.SERVICE_MANAGER, Role.CUSTODIAN]).exclude(user=world.proposer).update(
        ends_on=datetime.date(2021, 1, 1), starts_on=datetime.date(2020, 1, 1)
    )
    SecondPerson.objects.update(ends_on=datetime.date(2026, 1, 1), starts_on=datetime.date(2025, 12, 1))
    return world


def named(small, role, name="Nell Wryneck"):
    user = user_with_role(role, authority=small.authority, name=name)
    SecondPerson.objects.create(
        authority=small.authority, user=user, starts_on=timezone.localdate() - datetime.timedelta(days=1), why="Apart",
        named_by=small.proposer, named_at=timezone.now(),
    )  # fmt: skip
    return user


def bundle(small):
    return start_disclosure(
        family=small.family, person=small.robin.person, kind=DisclosureKind.COURT, by=small.proposer,
        now=timezone.now(), recipient="Family Court", asked_on=timezone.localdate(), covers="Everything", identity="",
        court_reference="ZW26C00123",
    )  # fmt: skip


def test_a_bundle_that_nobody_else_could_check_does_not_wait(small, client):
    disclosure = bundle(small)
    with pytest.raises(ValidationError, match="nobody who could"):
        submit_disclosure(disclosure=disclosure, now=timezone.now())
    client.force_login(small.proposer)
    page = client.get(reverse("records:disclosure", args=[disclosure.pk])).content.decode()
    assert ("No one could do this now" in page, reverse("users:second-people") in page) == (True, True)
    answer = client.post(reverse("records:submit-disclosure", args=[disclosure.pk]), follow=True)
    assert "nobody who could" in answer.content.decode()
    disclosure.refresh_from_db()
    assert disclosure.state == DisclosureState.PREPARING


def test_a_coordinator_who_is_named_checks_the_bundle(small, client):
    second = named(small, Role.COORDINATOR)
    disclosure = bundle(small)
    submit_disclosure(disclosure=disclosure, now=timezone.now())
    assert Notice.objects.filter(user=second, text__contains="second person to check it").exists()
    client.force_login(second)
    assert "Check the bundle" in client.get(reverse("records:disclosure", args=[disclosure.pk])).content.decode()
    answer = client.post(reverse("records:check-disclosure", args=[disclosure.pk]), {"answer": "agree"})
    assert answer.status_code == 302
    disclosure.refresh_from_db()
    assert (disclosure.state, disclosure.checked_by) == (DisclosureState.AGREED, second)


def test_a_coordinator_who_is_not_named_does_not(small, client):
    named(small, Role.COORDINATOR)
    disclosure = bundle(small)
    submit_disclosure(disclosure=disclosure, now=timezone.now())
    client.force_login(user_with_role(Role.COORDINATOR, authority=small.authority))
    assert client.get(reverse("records:check-disclosure", args=[disclosure.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CUSTODIAN, Role.CHAIR])
def test_naming_opens_no_bundle_of_a_case_that_is_closed_to_them(small, client, role):
    second = named(small, role)
    disclosure = bundle(small)
    assert who_may_check(disclosure, on=timezone.localdate()) == []
    client.force_login(second)
    assert client.get(reverse("records:check-disclosure", args=[disclosure.pk])).status_code == 404


def test_a_named_person_who_decided_about_a_piece_does_not_check(small):
    second = named(small, Role.COORDINATOR)
    disclosure = bundle(small)
    disclosure.decisions.create(piece="x", is_given=True, digest="x", decided_by=second, decided_at=timezone.now())
    assert who_may_check(disclosure, on=timezone.localdate()) == []


def test_a_disposal_that_nobody_else_could_agree_to_is_not_proposed(small, client):
    with pytest.raises(ValidationError, match="nobody who could"):
        propose_disposal(family=small.family, why="Over", by=small.proposer, now=timezone.now())
    client.force_login(small.proposer)
    answer = client.post(reverse("records:propose-disposal", args=[small.family.pk]), {"why": "Over"})
    assert "nobody who could" in answer.content.decode()
    assert not Disposal.objects.filter(state=DisposalState.PROPOSED).exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CHAIR])
def test_whoever_is_named_is_told_of_a_disposal_and_agrees(small, client, role):
    second = named(small, role)
    proposal = propose_disposal(family=small.family, why="Over", by=small.proposer, now=timezone.now())
    notice = Notice.objects.get(user=second)
    client.force_login(small.proposer)
    assert second.name in client.get(notice.url).content.decode()
    client.force_login(second)
    assert "Proposal to dispose of a case" in client.get(notice.url).content.decode()
    client.post(notice.url, {"answer": "agree"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == (DisposalState.DONE, second)


def test_a_proposal_whose_second_person_has_left_says_who_must_be_named(small, client):
    second = named(small, Role.AUDITOR)
    proposal = propose_disposal(family=small.family, why="Over", by=small.proposer, now=timezone.now())
    SecondPerson.objects.filter(user=second).update(ends_on=timezone.localdate())
    address = reverse("records:settle-disposal", args=[proposal.pk])
    client.force_login(second)
    assert client.get(address).status_code == 404
    client.force_login(small.proposer)
    assert "No one could do this now" in client.get(address).content.decode()
    named(small, Role.CHAIR, name="Kit Sandpiper")
    assert "Kit Sandpiper" in client.get(address).content.decode()
