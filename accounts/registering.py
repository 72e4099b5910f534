"""What accounts tells its own parts when the site starts."""

from __future__ import annotations

from accounts.second_factor import register_open

# What somebody may open who has yet to show a second factor: coming in, going out, the own sign-in,
# and what anybody may read.
OPEN = (
    "accounts:set-up-second-step",
    "accounts:sign-in-as-demo",
    "accounts:save-draft",
    "account_login",
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
    "govuk:gallery",
)


def register_everything() -> None:
    """Called once from ``AccountsConfig.ready``."""
    register_open(OPEN)
