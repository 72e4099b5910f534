"""The allauth pages we use, under the names it expects; each has a template of ours."""

from __future__ import annotations

from allauth.account import views
from django.urls import path, re_path

from accounts.signin.views import second_factor
from accounts.signin.views.sign_in import FirstPasswordView, ForgottenPasswordView, NewPasswordView, SignInView

urlpatterns = [
    path("sign-in/", SignInView.as_view(), name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", second_factor.proved(FirstPasswordView.as_view()), name="account_set_password"),
    path("password/forgotten/", ForgottenPasswordView.as_view(), name="account_reset_password"),
    path("password/forgotten/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/new/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("password/again/", second_factor.password_again, name="account_reauthenticate"),
    path("second-step/", second_factor.second_steps, name="mfa_index"),
    path("second-step/code/", second_factor.enter_code, name="mfa_authenticate"),
    path("second-step/again/", second_factor.code_again, name="mfa_reauthenticate"),
    path("second-step/again/passkey/", second_factor.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("second-step/app/", second_factor.set_up_app, name="mfa_activate_totp"),
    path("second-step/app/remove/", second_factor.remove_app, name="mfa_deactivate_totp"),
    path("second-step/recovery-codes/", second_factor.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-step/recovery-codes/new/", second_factor.make_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "second-step/recovery-codes/download/",
        second_factor.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("second-step/passkeys/add/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("second-step/passkeys/<int:pk>/name/", second_factor.rename_passkey, name="mfa_edit_webauthn"),
    path("second-step/passkeys/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"),
    # The library redirects here after a change; the list is with the other second steps.
    path("second-step/passkeys/", second_factor.second_steps, name="mfa_list_webauthn"),
    path("sign-in/passkey/", second_factor.sign_in_by_passkey, name="mfa_login_webauthn"),
]
