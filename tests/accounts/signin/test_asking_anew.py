from __future__ import annotations

import datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.signin import second_factor
from tests.accounts.signin.passkeys import SoftPasskey
from tests.accounts.signin.second_steps import (
    AGAIN,
    CODE,
    PASSWORD,
    SECRET,
    SET_UP,
    a_passkey_of,
    code_of,
    options_of,
    request_of,
    sign_in,
)
from tests.factories import user_with_role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]

OF_CHANGING_STEPS = (
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
)


class TestAskingAnew:
    def test_the_second_step_of_signing_in_is_not_enough(self, client, user, app):
        sign_in(client)
        client.post(CODE, {"code": code_of()})
        request = request_of(client, user)
        assert not second_factor.confirmed(request, now=timezone.now())
        assert second_factor.ask_again(request).headers["Location"] == f"{AGAIN}?next=%2Foutbox%2F"

    def test_a_code_given_again_counts_for_a_quarter_of_an_hour(self, client, user, app):
        client.force_login(user)
        before = client.session.session_key
        client.post(AGAIN, {"code": code_of(), "next": "/outbox/"})
        now = timezone.now()
        assert client.session.session_key != before
        request = request_of(client, user)
        assert second_factor.confirmed(request, now=now)
        assert second_factor.confirmed(request, now=now + datetime.timedelta(minutes=14, seconds=50))
        assert not second_factor.confirmed(request, now=now + datetime.timedelta(minutes=15, seconds=5))

    def test_a_user_without_any_is_trusted_only_if_none_is_required(self, client, user, settings):
        client.force_login(user)
        request = request_of(client, user)
        assert second_factor.confirmed(request, now=timezone.now())
        settings.REQUIRE_SECOND_FACTOR = True
        assert not second_factor.confirmed(request, now=timezone.now())
        assert second_factor.ask_again(request).headers["Location"] == f"{SET_UP}?next=%2Foutbox%2F"

    def test_another_user_of_the_same_session_does_not_inherit_it(self, client, user, app):
        client.force_login(user)
        client.post(AGAIN, {"code": code_of()})
        other = user_with_role(Role.COORDINATOR)
        assert not second_factor.shown(request_of(client, other))

    def test_a_passkey_added_to_an_open_session_does_not_confirm(self, client, user, app):
        sign_in(client)
        client.post(CODE, {"code": code_of()})
        asked = options_of(client.get(reverse("mfa_add_webauthn")))
        credential = SoftPasskey().register(asked)
        client.post(reverse("mfa_add_webauthn"), {"name": "Mine", "credential": credential})
        assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
        assert not second_factor.confirmed(request_of(client, user), now=timezone.now())

    def test_setting_up_the_first_step_confirms(self, client, user, required):
        sign_in(client)
        asked = options_of(client.get(reverse("mfa_add_webauthn")))
        credential = SoftPasskey().register(asked)
        client.post(reverse("mfa_add_webauthn"), {"name": "Mine", "credential": credential})
        assert second_factor.confirmed(request_of(client, user), now=timezone.now())

    def test_a_password_given_again_does_not_replace_a_step_set_up_elsewhere(self, client, user, required):
        sign_in(client)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        TOTP.activate(user, SECRET)
        RecoveryCodes.activate(user)
        passkey = a_passkey_of(user)
        for name, args in (
            *((name, ()) for name in OF_CHANGING_STEPS),
            ("mfa_remove_webauthn", (passkey.pk,)),
            ("mfa_edit_webauthn", (passkey.pk,)),
        ):
            answer = client.get(reverse(name, args=args))
            assert (answer.status_code, answer.headers.get("Location", "")[: len(AGAIN)]) == (302, AGAIN), name
            client.post(reverse(name, args=args), {"name": "Mine"})
        assert {row.type for row in Authenticator.objects.all()} == {"totp", "webauthn", "recovery_codes"}
        assert Authenticator.objects.get(pk=passkey.pk).data["name"] == "Laptop"

    def test_a_wrong_code_stays_there(self, client, user, app):
        client.force_login(user)
        page = client.post(AGAIN, {"code": "000000", "next": "/outbox/"}).content.decode()
        assert page.count("This code is not right") == 2
        assert '<input type="hidden" name="next" value="/outbox/">' in page

    def test_a_user_with_a_passkey_only_is_asked_for_it(self, client, user):
        a_passkey_of(user)
        client.force_login(user)
        expected = f"{reverse('mfa_reauthenticate_webauthn')}?next=%2Foutbox%2F"
        assert second_factor.ask_again(request_of(client, user)).headers["Location"] == expected
