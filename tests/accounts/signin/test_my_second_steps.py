from __future__ import annotations

import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.signin import second_factor
from notifications.models import Message
from tests.accounts.signin.second_steps import AGAIN, CODE, PASSWORD, a_passkey_of, code_of, request_of, sign_in
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


class TestMySecondSteps:
    def test_the_page_says_what_there_is(self, client, user, app):
        RecoveryCodes.activate(user)
        client.force_login(user)
        page = client.get(reverse("mfa_index")).content.decode()
        assert "Remove the app" in page
        assert "10\N{NO-BREAK SPACE}codes left" in page
        assert reverse("mfa_index") in client.get("/account/").content.decode()

    def test_the_only_one_cannot_be_removed_if_one_is_required(self, client, user, app, required):
        sign_in(client)
        client.post(CODE, {"code": code_of()})
        url = reverse("mfa_deactivate_totp")
        assert "You need this app" in client.get(url).content.decode()
        client.post(url)
        assert Authenticator.objects.filter(pk=app.pk).exists()

    def test_the_only_passkey_cannot_be_removed_either(self, client, user, required):
        passkey = a_passkey_of(user)
        client.force_login(user)
        request = request_of(client, user)
        second_factor.mark_by_setting_up(request, "webauthn")
        request.session.save()
        url = reverse("mfa_remove_webauthn", args=[passkey.pk])
        assert "You need this passkey" in client.get(url).content.decode()
        assert client.post(url).headers["Location"] == reverse("mfa_index")
        assert Authenticator.objects.filter(pk=passkey.pk).exists()

    def test_an_optional_one_is_removed_after_confirmation_and_the_owner_is_told(
        self, client, user, app, django_capture_on_commit_callbacks
    ):
        sign_in(client)
        client.post(CODE, {"code": code_of()})
        url = reverse("mfa_deactivate_totp")
        assert "Do you want to remove the app?" in client.get(url).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(url).headers["Location"] == reverse("mfa_index")
        assert not Authenticator.objects.exists()
        (message,) = Message.objects.all()
        assert (message.to_email, message.subject) == (user.email, f"Your account: U{user.pk}")
        assert "the app for codes was removed from your account" in message.body

    def test_an_unavailable_mail_server_stops_no_change(
        self, client, user, app, settings, django_capture_on_commit_callbacks
    ):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        sign_in(client)
        client.post(CODE, {"code": code_of()})
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("mfa_deactivate_totp"))
        assert answer.headers["Location"] == reverse("mfa_index")
        assert not Authenticator.objects.exists()

    def test_another_users_passkey_can_not_be_renamed_or_removed(self, client, user):
        theirs = a_passkey_of(UserFactory())
        sign_in(client)
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            assert client.get(reverse(name, args=[theirs.pk])).status_code == 404
            assert client.post(reverse(name, args=[theirs.pk]), {"name": "Mine"}).status_code == 404
        assert Authenticator.objects.get(pk=theirs.pk).data["name"] == "Laptop"

    def test_a_passkey_gets_another_name(self, client, user):
        passkey = a_passkey_of(user)
        client.force_login(user)
        request = request_of(client, user)
        second_factor.mark_by_setting_up(request, "webauthn")
        request.session.save()
        url = reverse("mfa_edit_webauthn", args=[passkey.pk])
        assert client.post(url, {"name": ""}).content.decode().count("Enter a name for this passkey") == 2
        client.post(url, {"name": "Work laptop"})
        passkey.refresh_from_db()
        assert passkey.data["name"] == "Work laptop"

    def test_recovery_codes_are_shown_downloaded_and_replaced(self, client, user, app):
        first = RecoveryCodes.activate(user).get_unused_codes()
        sign_in(client)
        client.post(CODE, {"code": code_of()})
        page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
        assert f"{first[0][:4]} {first[0][4:]}" in page
        download = client.get(reverse("mfa_download_recovery_codes"))
        assert download.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
        assert first[9] in download.content.decode()
        client.post(reverse("mfa_generate_recovery_codes"))
        second = RecoveryCodes.activate(user).get_unused_codes()
        assert set(first).isdisjoint(second)

    def test_after_a_while_they_ask_for_the_second_step_first(self, client, user, app):
        RecoveryCodes.activate(user)
        sign_in(client)
        client.post(CODE, {"code": code_of()})
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
            answer = client.get(reverse("mfa_view_recovery_codes"))
            assert answer.headers["Location"].startswith(AGAIN)

    def test_a_user_without_a_step_gives_the_password_again_after_a_while(self, client, user):
        sign_in(client)
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
            answer = client.get(reverse("mfa_activate_totp"))
            assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
            page = client.get(answer.headers["Location"])
            assert "Enter your password again" in page.content.decode()
            back = client.post(answer.headers["Location"], {"password": PASSWORD})
            assert back.headers["Location"] == reverse("mfa_activate_totp")


def test_every_page_of_second_steps_is_one_of_ours(client, user, app):
    """Each routed page uses this site's layout, for users signed in and signed out."""
    passkey = a_passkey_of(user)
    names = sorted(name for name in get_resolver().reverse_dict if str(name).startswith("mfa_"))
    assert len(names) == 14
    for step in ("out", "code", "in"):
        if step == "code":
            sign_in(client)
        if step == "in":
            client.force_login(user)
        for name in names:
            keyed = name in {"mfa_edit_webauthn", "mfa_remove_webauthn"}
            answer = client.get(reverse(name, args=[passkey.pk] if keyed else []))
            assert answer.status_code in {200, 302, 404}, name
            if answer.status_code == 200:
                assert "cp-header" in answer.content.decode(), name
