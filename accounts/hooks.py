"""Connects accounts' own parts when the site starts."""

from __future__ import annotations

from typing import Any

import structlog
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from accounts.directory.views import again_by_directory
from accounts.models import User
from accounts.signin import sessions
from accounts.signin.second_factor import register_directory_again, register_open

logger = structlog.get_logger(__name__)

# Open to users who have yet to show a second factor: signing in and out, their own sign-in settings, and public pages.
OPEN = (
    "accounts:set-up-second-step",
    "accounts:sign-in-as-demo",
    "accounts:save-draft",
    "accounts:session-state",
    "accounts:stay-signed-in",
    "accounts:keep-session",
    "accounts:where-signed-in",
    "accounts:end-session",
    "accounts:sign-out-everywhere",
    "accounts:directory-again",
    "account_login",
    "openid_connect_login",
    "openid_connect_callback",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_login_webauthn",
    "govuk:theme",
    "govuk:read-help",
    "govuk:read-accessibility",
    "govuk:read-privacy",
    "govuk:read-what-is-logged",
    "demo:gallery",
    "guests:arrive",
    "guests:open-link",
    "guests:enter-code",
    "guests:send-code",
    "guests:send-another-code",
    "guests:text-size",
    "guests:leave",
    "guests:leave-quickly",
)


def connect() -> None:
    """Connect the hooks. Called once from ``AccountsConfig.ready``."""
    register_open(OPEN)
    register_directory_again(again_by_directory)
    # There are several ways to sign in, and more than one library behind them; all of them end here.
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.signin.sessions")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.signin.sessions")


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    sessions.begin(request, user, now=timezone.now())


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        logger.info("signed_out", user=user.pk)
        sessions.note_sign_out(request)
