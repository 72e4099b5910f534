"""Who is the second person, and what is sure when several act at once."""

from __future__ import annotations

import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import AccountChange, ProposalState, Role
from accounts.models import AccountProposal, RoleProposal, SecondPerson
from accounts.people import services
from notifications.models import Message, Notice
from tests.accounts.newcomers import Newcomer
from tests.accounts.people.proposals import ATTACKER, NOW, TODAY, ask, settle
from tests.factories import UserFactory, user_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday_8_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


# whoever could confirm is not invented for the purpose


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SERVICE_MANAGER])
def test_an_administrator_does_not_invent_the_second_person(admin, manager, council, role):
    invented = UserFactory()
    given = services.give_role(user=invented, authority=council, role=role, starts_on=TODAY, by=admin, now=NOW)
    assert (type(given), list(invented.roles.all())) == (RoleProposal, [])
    services.settle_proposal(proposal=given, confirm=True, by=manager, now=NOW)
    assert [row.role for row in invented.roles.all()] == [role]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SERVICE_MANAGER])
def test_the_first_second_person_is_named_at_once(admin, council, role):
    services.give_role(user=UserFactory(), authority=council, role=role, starts_on=TODAY, by=admin, now=NOW)
    assert not RoleProposal.objects.exists()


def test_an_own_role_does_not_wait_for_somebody_who_does_not_exist(admin, council):
    with pytest.raises(ValidationError, match="nobody who could"):
        services.give_role(user=admin, authority=council, role=Role.CHAIR, starts_on=TODAY, by=admin, now=NOW)


@pytest.mark.parametrize("how", ["the role", "the account"])
def test_whoever_no_longer_confirms_hears_of_it(admin, second, manager, council, how):
    if how == "the role":
        services.end_post(assignment=second.roles.get(), ends_on=TODAY, by=admin, now=NOW)
    else:
        services.close_account(user=second, why="Left", by=admin, now=NOW)
    assert "has been ended" in Newcomer(second.email).mails()[-1]
    assert ["Ben Stork" in notice.text for notice in Notice.objects.filter(user=manager)] == [True]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_settle_at_once_one_does(council):
    admin, *others = (user_with_role(Role.ADMINISTRATOR, authority=council) for _ in range(5))
    user = user_with_role(Role.CHAIR, authority=council, email="racing@council.example")
    proposal = ask("address", user, council, admin)
    start = threading.Barrier(len(others))

    def act(by, confirm):
        try:
            start.wait()
            settle(proposal, by, confirm=confirm)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(by, place % 2 == 0)) for place, by in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    proposal.refresh_from_db()
    user.refresh_from_db()
    confirmed = proposal.state == ProposalState.CONFIRMED
    assert confirmed or proposal.state == ProposalState.REFUSED
    assert (user.email == ATTACKER) is confirmed
    # One message that it was asked for, and one of what came of it.
    assert Message.objects.filter(to_email="racing@council.example").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_proposal_comes(council):
    admins = [user_with_role(Role.ADMINISTRATOR, authority=council) for _ in range(3)]
    user = user_with_role(Role.CHAIR, authority=council)
    start = threading.Barrier(len(admins))
    refused = []

    def act(by, email):
        try:
            start.wait()
            ask("address", user, council, by, email=email)
        except ValidationError as refusal:
            refused.extend(refusal.messages)
        finally:
            connection.close()

    addresses = [ATTACKER, ATTACKER, "third@council.example"]
    threads = [threading.Thread(target=act, args=(by, email)) for by, email in zip(admins, addresses, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AccountProposal.objects.count() == 1
    assert len(refused) == (1 if AccountProposal.objects.get().email == ATTACKER else 2)


@pytest.mark.parametrize("kind", ["changes", "roles"])
def test_what_waits_takes_the_same_queries_for_one_and_for_thirty(client, admin, second, council, kind):
    client.force_login(second)
    address = reverse("users:waiting")

    def propose():
        facts = {"user": UserFactory(), "authority": council, "proposed_by": admin, "proposed_at": NOW}
        if kind == "changes":
            AccountProposal.objects.create(kind=AccountChange.STEPS, was="was@council.example", why="Lost", **facts)
        else:
            RoleProposal.objects.create(role=Role.CHAIR, starts_on=TODAY, **facts)

    propose()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).context["waiting"][kind][0].may_confirm
    for _ in range(29):
        propose()
    with CaptureQueriesContext(connection) as thirty:
        assert len(client.get(address).context["waiting"][kind]) == 30
    assert len(one) == len(thirty)


def test_the_second_people_take_the_same_queries_for_one_and_for_thirty(client, manager, council):
    client.force_login(manager)
    address = reverse("users:second-people")

    def name():
        SecondPerson.objects.create(
            user=UserFactory(), authority=council, starts_on=TODAY, why="Alone", named_by=manager, named_at=NOW
        )

    name()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert len(client.get(address).context["named"]) == 1
    for _ in range(29):
        name()
    with CaptureQueriesContext(connection) as thirty:
        assert len(client.get(address).context["named"]) == 30
    assert len(one) == len(thirty)
