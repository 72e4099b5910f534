"""One administrator alone becomes nobody else: what would let them waits for a second person."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import reverse

from accounts.enums import TEAM_ROLES, AccountChange, ProposalState, Role
from accounts.models import AccountProposal, Leaving, User
from accounts.people import services
from accounts.signin import second_factor
from notifications.models import Message, Notice
from tests.accounts.newcomers import Newcomer
from tests.accounts.people.proposals import (
    ATTACKER,
    KINDS,
    NOW,
    SECRET,
    TODAY,
    ask,
    fill_in,
    page_of,
    prepare,
    settle,
    state_of,
)
from tests.factories import RoleAssignmentFactory, TeamFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday_8_december_2026():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("kind", KINDS)
def test_one_administrator_alone_does_not_become_the_chair(client, admin, second, chair, kind):
    prepare(kind, chair, admin)
    before = state_of(chair)
    client.force_login(admin)
    assert fill_in(client, kind, chair).status_code == 302
    assert state_of(chair) == before
    for address in (ATTACKER, chair.email):
        Newcomer(address).ask_for_a_new_password()
    assert not any(
        "/account/password/new/" in body for who in (ATTACKER, chair.email) for body in Newcomer(who).mails()
    )
    proposal = AccountProposal.objects.get()
    assert client.post(reverse("users:settle-change", args=[proposal.pk]), {"confirm": "1"}).status_code == 404
    assert state_of(chair) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_administrator_confirms_it_on_the_page(client, admin, second, chair, kind):
    prepare(kind, chair, admin)
    client.force_login(admin)
    fill_in(client, kind, chair)
    proposal = AccountProposal.objects.get()
    address = reverse("users:settle-change", args=[proposal.pk])
    assert "confirm" not in client.get(reverse("users:waiting")).content.decode().split(address)[1][:400]
    client.force_login(second)
    for page in (reverse("users:users"), reverse("users:waiting")):
        shown = client.get(page).content.decode()
        assert (address in shown, "Came to my desk." in shown) == (True, True)
    client.post(address, {"confirm": "1"})
    user = User.objects.get(pk=chair.pk)
    assert not user.has_usable_password()
    assert {
        AccountChange.ADDRESS: user.email == ATTACKER,
        AccountChange.STEPS: not Authenticator.objects.filter(user=user).exists(),
        AccountChange.REOPENING: user.is_active,
    }[kind]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.proposed_by, proposal.settled_by, proposal.settled_at, proposal.why) == (
        ProposalState.CONFIRMED, admin, second, NOW, "Came to my desk.",
    )  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_it_waits_whatever_role_somebody_holds_or_will_hold(admin, second, council, role):
    user = UserFactory()
    team = {"team": TeamFactory(authority=council) if role in TEAM_ROLES else None}
    RoleAssignmentFactory(user=user, authority=council, role=role, starts_on=TODAY + datetime.timedelta(days=3), **team)
    assert ask("address", user, council, admin).state == ProposalState.PROPOSED


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("afterwards", [True, False])
def test_a_chair_whose_role_was_ended_first_is_no_way_round(client, admin, second, chair, council, kind, afterwards):
    """Ending the role, changing the account and giving the role back is one administrator's work as well."""
    services.end_post(assignment=chair.roles.get(), ends_on=TODAY, by=admin, now=NOW)
    prepare(kind, chair, admin)
    before = state_of(chair)
    client.force_login(admin)
    fill_in(client, kind, chair)
    if afterwards and kind != AccountChange.REOPENING:
        services.give_role(user=chair, authority=council, role=Role.CHAIR, starts_on=TODAY, by=admin, now=NOW)
    assert (state_of(chair), AccountProposal.objects.get().state) == (before, ProposalState.PROPOSED)


def test_it_does_not_wait_where_nothing_was_ever_opened(admin, council):
    user = UserFactory()
    assert ask("address", user, council, admin) is None
    assert User.objects.get(pk=user.pk).email == ATTACKER


@pytest.mark.parametrize("kind", KINDS)
def test_where_there_is_one_administrator_a_service_manager_confirms(client, admin, manager, chair, kind):
    prepare(kind, chair, admin)
    client.force_login(admin)
    fill_in(client, kind, chair)
    proposal = AccountProposal.objects.get()
    client.force_login(manager)
    assert "Tomasz Kestrel" in client.get(reverse("users:waiting")).content.decode()
    page = client.get(reverse("deadlines:my-work")).content.decode()
    assert "Confirm or refuse a change of an account" in page
    assert client.get(reverse("users:users")).status_code == 404
    client.post(reverse("users:settle-change", args=[proposal.pk]), {"confirm": "1"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == (ProposalState.CONFIRMED, manager)


def test_with_two_administrators_a_service_manager_may_refuse_and_not_confirm(
    client, admin, second, manager, chair, council
):
    proposal = ask("address", chair, council, admin)
    client.force_login(manager)
    address = reverse("users:settle-change", args=[proposal.pk])
    assert client.post(address, {"confirm": "1"}).status_code == 404
    client.post(address, {"refuse": "1"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == (ProposalState.REFUSED, manager)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_waits_for_somebody_who_does_not_exist(client, admin, chair, council, kind):
    prepare(kind, chair, admin)
    user_with_role(Role.ADMINISTRATOR)
    user_with_role(Role.SERVICE_MANAGER, authority=council, team=None).roles.update(ends_on=TODAY)
    client.force_login(admin)
    shown = fill_in(client, kind, chair)
    assert "Give a second person the role of administrator" in shown.content.decode()
    assert not AccountProposal.objects.exists()


def test_the_person_concerned_is_not_the_one_who_confirms(admin, manager, council):
    with pytest.raises(ValidationError, match="nobody who could"):
        ask("address", manager, council, admin)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["asks", "confirms"])
def test_each_of_the_two_shows_a_fresh_second_factor(client, admin, second, chair, council, settings, kind, who):
    prepare(kind, chair, admin)
    settings.REQUIRE_SECOND_FACTOR = True
    by = admin if who == "asks" else second
    TOTP.activate(by, SECRET)
    client.force_login(by)
    request = RequestFactory().get("/")
    request.user, request.session = by, client.session
    second_factor.mark_by_setting_up(request, "totp", anew=False)
    request.session.save()
    before = state_of(chair)
    if who == "asks":
        answers = [client.get(page_of(kind, chair)), fill_in(client, kind, chair)]
    else:
        proposal = ask(kind, chair, council, admin)
        answers = [client.post(reverse("users:settle-change", args=[proposal.pk]), {"confirm": "1"})]
    assert [answer.url.startswith(reverse("mfa_reauthenticate")) for answer in answers] == [True] * len(answers)
    assert AccountProposal.objects.filter(state=ProposalState.PROPOSED).count() == (0 if who == "asks" else 1)
    assert state_of(chair) == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_person_and_the_service_managers_are_told_without_names_in_subjects(
    admin, second, manager, chair, council, kind
):
    prepare(kind, chair, admin)
    Message.objects.all().delete()
    proposal = ask(kind, chair, council, admin)
    told = {message.to_email: message for message in Message.objects.all()}
    assert set(told) == {chair.email, manager.email, second.email}
    assert "no link for a new password works" in told[chair.email].body
    for message in told.values():
        words = message.subject + message.body
        assert not [name for name in ("Kestrel", "Stork", "Crane", ATTACKER, "desk") if name in words]
    notices = Notice.objects.filter(key__startswith="change-proposed")
    assert sorted(notices.values_list("user__name", flat=True)) == ["Ben Stork", "Cara Crane"]
    assert all("Tomasz Kestrel" in notice.text for notice in notices)
    settle(proposal, second)
    assert Message.objects.filter(to_email="kestrel@council.example").count() == 2
    assert not Message.objects.filter(to_email=ATTACKER).exists()


def test_a_refusal_is_told_and_links_work_again(admin, second, chair, council):
    proposal = ask("steps", chair, council, admin)
    settle(proposal, second, confirm=False)
    them = Newcomer(chair.email)
    assert "is refused" in them.mails()[-1]
    them.ask_for_a_new_password()
    them.browser = type(them.browser)()
    them.choose_password("nine quiet otters")


def test_a_link_that_was_sent_before_is_closed_in_between(client, admin, second, chair, council):
    them = Newcomer(chair.email)
    them.ask_for_a_new_password()
    sent = them.link()
    assert "Choose a new password" in client.get(sent, follow=True).content.decode()
    with time_machine.travel(NOW + datetime.timedelta(minutes=1), tick=False):
        them.ask_for_a_new_password()  # and one waits in the outbox
    proposal = ask("address", chair, council, admin)
    assert "This link no longer works" in client.get(sent, follow=True).content.decode()
    opened = client.post(
        reverse("account_reset_password_from_key", args=[sent.split("/")[4].partition("-")[0], "set-password"])
    )
    assert "This link no longer works" in opened.content.decode()
    with time_machine.travel(NOW + datetime.timedelta(minutes=2), tick=False):
        assert "There is no link" in "".join(them.mails())
    settle(proposal, second)
    assert "This link no longer works" in client.get(sent, follow=True).content.decode()
    assert User.objects.get(pk=chair.pk).email == ATTACKER


def test_what_nobody_settles_in_a_week_stops_closing_links_and_is_asked_again(admin, second, chair, council):
    old = ask("steps", chair, council, admin)
    later = NOW + datetime.timedelta(days=7)
    with time_machine.travel(later, tick=False):
        with pytest.raises(ValidationError, match="for a week"):
            settle(old, second, now=later)
        Newcomer(chair.email).ask_for_a_new_password()
        assert "/account/password/new/" in Newcomer(chair.email).mails()[-1]
        again = ask("steps", chair, council, admin, now=later)
    old.refresh_from_db()
    assert (old.state, again.state, again == old) == (ProposalState.REFUSED, ProposalState.PROPOSED, False)


def test_the_same_again_is_one_proposal_and_another_change_has_to_wait(admin, second, chair, council):
    first = ask("address", chair, council, admin)
    assert ask("address", chair, council, second) == first
    for kind, email in (("steps", ATTACKER), ("address", "third@council.example")):
        with pytest.raises(ValidationError, match="waits already"):
            ask(kind, chair, council, admin, email=email)
    assert Message.objects.filter(to_email=chair.email).count() == 1


def test_closing_an_account_refuses_what_waits(admin, second, chair, council):
    proposal = ask("steps", chair, council, admin)
    services.close_account(user=chair, why="Left", by=admin, now=NOW)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == (ProposalState.REFUSED, admin)


def test_an_address_taken_meanwhile_is_not_given_twice(client, admin, second, chair, council):
    proposal = ask("address", chair, council, admin)
    UserFactory(email=ATTACKER)
    client.force_login(second)
    shown = client.post(reverse("users:settle-change", args=[proposal.pk]), {"confirm": "1"}, follow=True)
    assert "Another account has this address." in shown.content.decode()
    assert User.objects.get(pk=chair.pk).email == "kestrel@council.example"


def test_an_address_in_use_or_malformed_and_the_users_own_account_are_refused(admin, second, chair, council):
    for user, email in ((chair, second.email.upper()), (chair, "kestrel"), (admin, "mine@council.example")):
        with pytest.raises(ValidationError) as refused:
            ask("address", user, council, admin, email=email)
        assert list(refused.value.message_dict) == ["email"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reason_and_another_person_are_needed(admin, second, chair, council, kind):
    prepare(kind, chair, admin)
    with pytest.raises(ValidationError):
        ask(kind, chair, council, admin, why=" ")
    for user in (admin,):
        TOTP.activate(user, SECRET)
        user.is_active = kind != AccountChange.REOPENING
        with pytest.raises(ValidationError, match="Another administrator"):
            ask(kind, user, council, admin)
    assert not AccountProposal.objects.exists()


def test_the_database_refuses_that_one_person_does_both(admin, second, chair, council):
    proposal = ask("address", chair, council, admin)
    for by in (admin, chair):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountProposal.objects.filter(pk=proposal.pk).update(
                state=ProposalState.CONFIRMED, settled_by=by, settled_at=NOW
            )


def test_removed_steps_take_password_codes_and_sessions_with_them(client, admin, second, chair, council):
    RecoveryCodes.activate(chair)
    client.force_login(chair)
    settle(ask("steps", chair, council, admin), second)
    chair.refresh_from_db()
    assert (Authenticator.objects.filter(user=chair).count(), chair.has_usable_password()) == (0, False)
    assert client.get("/").status_code == 302


def test_a_changed_address_ends_sessions_and_password_and_tells_the_old_one(client, admin, second, chair, council):
    client.force_login(chair)
    settle(ask("address", chair, council, admin, email="Other@council.example"), second)
    chair.refresh_from_db()
    assert (chair.email, chair.has_usable_password()) == ("other@council.example", False)
    assert "has been changed" in Newcomer("kestrel@council.example").mails()[-1]
    assert client.get(reverse("deadlines:my-work")).status_code == 302


def test_a_reopened_account_has_no_role_and_no_password(admin, second, chair, council):
    prepare(AccountChange.REOPENING, chair, admin)
    settle(ask("reopening", chair, council, admin), second)
    user = User.objects.get(pk=chair.pk)
    assert (user.is_active, user.current_roles, user.has_usable_password()) == (True, [], False)
    assert Leaving.objects.get().reopened_by == second
