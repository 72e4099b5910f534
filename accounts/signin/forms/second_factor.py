"""Second-factor forms: the sign-in library's own, with our wording, fields and limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone

from accounts import throttling
from accounts.signin import second_factor
from govuk.forms import GovukForm, Include, Layout

LONGEST_NAME = 60
NOT_CHECKED = "The passkey could not be checked. Try again, or use a code instead."
TOO_MANY = "Too many wrong codes. Wait 15 minutes, then try again."
TOO_MANY_RECOVERY = "Too many wrong recovery codes. Wait an hour, or ask your council’s administrator."


def _code_field(hint: str) -> forms.CharField:
    return forms.CharField(
        label="Code",
        help_text=hint,
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
        error_messages={"required": "Enter the code"},
    )


class _LimitedCode:
    """Counts each attempt at a code before comparing it, and uncounts the right one."""

    def clean_code(self) -> str:
        digits = "".join(sign for sign in self.cleaned_data["code"] if sign.isalnum())  # type: ignore[attr-defined]
        recovery = len(digits) >= app_settings.RECOVERY_CODE_DIGITS
        limit = "recovery-code:account" if recovery else "second-factor:account"
        account = self.user.pk  # type: ignore[attr-defined]
        if not throttling.allow(limit, account, now=timezone.now()):
            raise ValidationError(TOO_MANY_RECOVERY if recovery else TOO_MANY)
        code: str = super().clean_code()  # type: ignore[misc]
        used = getattr(self, "authenticator", None)
        if used is not None and used.type == Authenticator.Type.TOTP and not second_factor.use_code(used, code):
            raise get_adapter().validation_error("incorrect_code")
        throttling.take_back(limit, account)
        return code


class CodeForm(_LimitedCode, AuthenticateForm, GovukForm):
    """The code at sign-in."""

    button = "Continue"

    code = _code_field("The six digits your app shows now, or one of your recovery codes.")


class CodeAgainForm(_LimitedCode, ReauthenticateForm, GovukForm):
    """The code, again, before a sensitive action."""

    button = "Continue"
    layout = Layout("code", Include("account/next_page.html"))

    code = _code_field("The six digits your app shows now, or one of your recovery codes.")


class SetUpAppForm(_LimitedCode, ActivateTOTPForm, GovukForm):
    """The first code of a new app."""

    button = "Set up this app"

    code = _code_field("The six digits the app shows for this site.")


class OwnPasswordForm(PasswordAgainForm, GovukForm):
    """The password, again, before a sensitive action, for users without a second step."""

    button = "Continue"
    layout = Layout("password", Include("account/next_page.html"))

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )


# What the library raises on malformed input: anyone can send anything.
NO_ANSWER = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def _checked(check: Callable[[], Any]) -> Any:
    """Call ``check``, explaining what to do where a passkey could not be verified."""
    try:
        return check()
    except ValidationError as refusal:
        if getattr(refusal, "code", "") != "incorrect_code":
            raise
        raise ValidationError(NOT_CHECKED) from refusal
    except NO_ANSWER as reason:
        raise ValidationError(NOT_CHECKED) from reason


class _Checked:
    def clean_credential(self) -> Any:
        return _checked(super().clean_credential)  # type: ignore[misc]


class CredentialField(forms.JSONField):
    """The browser's passkey response; empty where scripts are off or the user dismissed the request."""

    widget = forms.HiddenInput
    default_error_messages = dict.fromkeys(("required", "invalid"), "The passkey did not respond. Try again.")

    def to_python(self, value: Any) -> Any:
        said = super().to_python(value)
        if said is not None and not isinstance(said, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return said


class PasskeyForm(_Checked, AuthenticateWebAuthnForm, GovukForm):
    credential = CredentialField()


class PasskeyAgainForm(_Checked, ReauthenticateWebAuthnForm, GovukForm):
    credential = CredentialField()


class PasskeySignInForm(_Checked, LoginWebAuthnForm, GovukForm):
    credential = CredentialField()


def _name_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        required=required,
        label="Name of this passkey",
        help_text="A name you will recognise, such as “Work laptop”.",
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-20"}),
        error_messages={"required": "Enter a name for this passkey"},
    )


class AddPasskeyForm(AddWebAuthnForm, GovukForm):
    """Every passkey can sign in on its own: it asks for a fingerprint, a face or a PIN itself."""

    passwordless = None
    # A blank one gets a default: the device has already created the passkey, and it must not be lost.
    name = _name_field(required=False)
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        return dict(_checked(super().clean) or {})


class RenamePasskeyForm(EditWebAuthnForm, GovukForm):
    button = "Save the name"
    cancel_url = reverse_lazy("mfa_index")
    name = _name_field(required=True)
