"""Everybody new comes in with the settings of production, and as the database role that production uses."""

from __future__ import annotations

import datetime
import time
from importlib import import_module
from io import StringIO

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ProposalState, Role
from accounts.models import AccountProposal, Authority, Leaving, RoleAssignment, Team, User
from accounts.people import services
from conferences.models import Room
from deadlines.models import PolicyVersion
from tests.accounts.newcomers import Newcomer
from tests.factories import AuthorityFactory, UserFactory, user_with_role

pytestmark = pytest.mark.django_db

STEPS = ["set_up_app", "set_up_passkey"]


@pytest.fixture
def administrator(production):
    return at_work(user_with_role(Role.ADMINISTRATOR, authority=AuthorityFactory()))


@pytest.fixture
def second(administrator):
    return at_work(user_with_role(Role.ADMINISTRATOR, authority=user_of(administrator).authority))


def at_work(user: User) -> Newcomer:
    """Return someone who has signed in with both factors."""
    them = Newcomer(user.email)
    them.browser.force_login(user)
    session = them.browser.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "type": "totp", "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return them


def added_by(administrator: Newcomer, address: str = "new.finch@council.example") -> Newcomer:
    """Return someone for whom an administrator has filled in the form for a new user."""
    form = {"name": "New Finch", "email": address, "role": Role.AUDITOR, "starts_on": timezone.localdate().isoformat()}
    answer = administrator.browser.post(reverse("users:add-user"), form)
    assert answer.status_code == 302, answer.context["form"].errors
    return Newcomer(address)


def confirmed_by(second: Newcomer) -> None:
    """Let a second administrator confirm the one change of an account that waits."""
    proposal = AccountProposal.objects.get(state=ProposalState.PROPOSED)
    second.browser.post(reverse("users:settle-change", args=[proposal.pk]), {"confirm": "1"})
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.CONFIRMED


def user_of(them: Newcomer) -> User:
    return User.objects.get(email=them.address)


@pytest.mark.parametrize("step", STEPS)
def test_somebody_added_comes_in_by_the_link_in_their_mail(administrator, step):
    them = added_by(administrator)
    them.choose_password()
    them.sign_in()
    assert not them.is_in()
    getattr(them, step)()
    assert them.is_in()


@pytest.mark.parametrize("step", STEPS)
def test_somebody_whose_first_link_is_too_old_comes_in_by_another(administrator, step):
    with time_machine.travel(timezone.now()) as clock:
        them = added_by(administrator)
        first = them.link()
        clock.shift(datetime.timedelta(hours=25))
        assert "This link no longer works" in them.browser.get(first, follow=True).content.decode()
        them.ask_for_a_new_password()
        them.choose_password()
        them.sign_in()
        getattr(them, step)()
        assert them.is_in()


def test_a_passkey_alone_comes_in_the_next_time(administrator):
    them = added_by(administrator)
    them.choose_password()
    them.sign_in()
    them.set_up_passkey()
    them.browser.post(reverse("account_logout"))
    assert not them.is_in()
    them.use_passkey()
    assert them.is_in()


def test_somebody_who_has_forgotten_the_password_comes_in_again(administrator):
    them = added_by(administrator)
    them.choose_password()
    them.sign_in()
    them.set_up_app()
    them.browser.post(reverse("account_logout"))
    them.ask_for_a_new_password()
    them.choose_password("nine quiet otters")
    assert them.sign_in("nine quiet otters") == reverse("mfa_authenticate")
    them.give_code()
    assert them.is_in()


@pytest.mark.parametrize("step", STEPS)
def test_somebody_whose_steps_were_removed_comes_in_again(administrator, second, step):
    them = added_by(administrator)
    them.choose_password()
    them.sign_in()
    them.set_up_app()
    administrator.browser.post(reverse("users:take-away-steps", args=[user_of(them).pk]), {"why": "Came to my desk."})
    assert them.is_in()
    confirmed_by(second)
    assert not them.is_in()
    them.ask_for_a_new_password()
    them.choose_password("nine quiet otters")
    them.sign_in("nine quiet otters")
    getattr(them, step)()
    assert them.is_in()


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("before", ["never came in", "had a password"])
def test_somebody_whose_address_was_changed_comes_in(administrator, second, step, before):
    them = added_by(administrator)
    if before == "had a password":
        them.choose_password()
        them.sign_in()
    page = reverse("users:change-address", args=[user_of(them).pk])
    administrator.browser.post(page, {"email": "finch@council.example", "why": "Married, came to my desk."})
    confirmed_by(second)
    them = Newcomer("finch@council.example")
    them.ask_for_a_new_password()
    them.choose_password()
    them.sign_in()
    getattr(them, step)()
    assert them.is_in()


def test_somebody_comes_in_whose_address_belonged_to_another_before(administrator):
    former = added_by(administrator)
    former.choose_password()
    user = user_of(former)
    User.objects.filter(pk=user.pk).update(email="moved@council.example")
    them = added_by(administrator)
    them.choose_password()
    them.sign_in()
    them.set_up_app()
    assert them.is_in()
    assert not EmailAddress.objects.filter(user=user, email=them.address).exists()


def test_somebody_reopened_comes_in_again(administrator, second):
    them = added_by(administrator)
    them.choose_password()
    user = user_of(them)
    by, council = user_of(administrator), user.roles.get().authority
    services.close_account(user=user, why="Long leave", by=by, now=timezone.now())
    administrator.browser.post(reverse("users:reopen-account", args=[user.pk]), {"why": "Back from leave."})
    confirmed_by(second)
    user.refresh_from_db()
    services.give_role(
        user=user, authority=council, role=Role.AUDITOR, starts_on=timezone.localdate(), by=by, now=timezone.now()
    )
    them.ask_for_a_new_password()
    them.choose_password("nine quiet otters")
    them.sign_in("nine quiet otters")
    them.set_up_app()
    assert them.is_in()
    assert Leaving.objects.get().reopened_by == user_of(second)


def test_a_mailbox_is_not_verified_until_somebody_has_opened_the_link(administrator):
    them = added_by(administrator)
    them.link()
    assert not EmailAddress.objects.filter(verified=True).exists()
    them.choose_password()
    assert [(row.email, row.verified) for row in EmailAddress.objects.all()] == [(them.address, True)]


# The very first administrator

EASTMERE = {"name": "Eastmere Council", "administrator": "Nora Jay", "email": "nora.jay@eastmere.example"}


def set_up(slug="eastmere", **options):
    said = StringIO()
    call_command("set_up_council", slug, stdout=said, **(EASTMERE | options))
    return said.getvalue()


@pytest.mark.parametrize("step", STEPS)
def test_the_first_administrator_of_an_empty_installation_comes_in_and_adds_the_next(production, step):
    set_up(team=["Assessment"], room=["Garden room"])
    them = Newcomer(EASTMERE["email"])
    them.choose_password()
    them.sign_in()
    assert not them.is_in()
    getattr(them, step)()
    assert them.is_in()
    council = Authority.objects.get()
    assert [row.name for row in (*Team.objects.all(), *Room.objects.all())] == ["Assessment", "Garden room"]
    assert PolicyVersion.objects.get().authority == council
    following = added_by(them)
    following.choose_password()
    following.sign_in()
    following.set_up_app()
    assert following.is_in()


def test_the_link_is_printed_where_mail_cannot_be_sent_yet(production):
    assert "/account/password/new/" not in set_up()
    link = set_up(show_link=True).split("https://testserver")[1].strip()
    them = Newcomer(EASTMERE["email"])
    them.choose_password(link=link)
    them.sign_in()
    them.set_up_app()
    assert them.is_in()


def test_setting_up_again_adds_what_is_missing_and_changes_nothing_else(production):
    set_up(team=["Assessment"])
    set_up(team=["Assessment", "Long term"])
    assert (Authority.objects.count(), User.objects.count(), PolicyVersion.objects.count()) == (1, 1, 1)
    assert sorted(Team.objects.values_list("name", flat=True)) == ["Assessment", "Long term"]


def test_setting_up_again_while_the_administrators_role_has_an_end_mails_another_link(production):
    set_up()
    RoleAssignment.objects.update(ends_on=timezone.localdate() + datetime.timedelta(days=5))
    assert "/account/password/new/" in set_up(show_link=True)


def test_a_council_with_an_administrator_gets_no_second_one_this_way(production):
    set_up()
    with pytest.raises(CommandError, match="has an administrator"):
        set_up(email="somebody.else@eastmere.example")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"email": "nora"}, {"name": ""}, {"slug": "east mere"}, {"preset": "nowhere"}, {"team": [""]}]
)
def test_what_is_wrong_is_said_and_nothing_is_begun(production, wrong):
    with pytest.raises(CommandError):
        set_up(**wrong)
    assert not Authority.objects.exists()
    assert not User.objects.exists()


def test_a_closed_account_is_not_made_the_first_administrator(production):
    UserFactory(email=EASTMERE["email"], is_active=False)
    with pytest.raises(CommandError, match="is closed"):
        set_up()


def test_those_who_were_stuck_before_are_let_on(production):
    """The migration verifies whom a link has let choose a password, and nobody else."""
    migration = import_module("accounts.migrations.0002_say_which_mailboxes_are_proved")
    users = {name: UserFactory(email=f"{name}@council.example") for name in ("chose", "moved", "never", "closed")}
    for name in ("chose", "moved", "closed"):
        users[name].set_password("heron plover wren")
        users[name].is_active = name != "closed"
        users[name].save()
    for name, user in users.items():
        EmailAddress.objects.create(user=user, email="was@council.example" if name == "moved" else user.email)
    migration.say_so(apps, None)
    assert list(EmailAddress.objects.filter(verified=True).values_list("user", flat=True)) == [users["chose"].pk]
