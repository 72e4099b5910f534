from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    UserTokenForm,
)
from django import forms
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone

from accounts import own_mail, throttling
from accounts.signin import mailboxes
from accounts.signin.directories import directories
from accounts.signin.selectors import change_waits, directory_of
from govuk.forms import Button, GovukForm, Include, Layout

ABOUT_ADDRESSES = {
    "required": "Enter your e-mail address",
    "invalid": "Enter an e-mail address, such as name@council.example",
}
# Longer than it takes to look up an account and write one message.
ANSWERED_WITHIN_SECONDS = 0.3
HOW_TO_CHOOSE = "At least 12 characters. Three unrelated words are easy to remember."


class SignInForm(LoginForm, GovukForm):
    layout = Layout("login", "password", Include("account/next_page.html"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label="E-mail address",
            widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
            error_messages=ABOUT_ADDRESSES,
        )
        self.order_fields(["login", "password"])
        _plain(self.fields["password"], label="Password")
        self.fields["password"].error_messages["required"] = "Enter your password"
        # A council with a directory signs in with it.
        self.button = Button("Sign in", look="secondary" if directories() else "primary")
        self._adapt()


class ForgottenPasswordForm(ResetPasswordForm, GovukForm):
    button = "Send me the link"
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages=ABOUT_ADDRESSES,
    )

    def save(self, request: HttpRequest, **kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """Send the link if the address has an account with its own password; takes the same time for any other.

        None is sent while a change of the account waits for a second person.
        """
        done_by = time.monotonic() + ANSWERED_WITHIN_SECONDS
        now = timezone.now()
        email: str = self.cleaned_data["email"]
        if throttling.allow("reset:account", email.lower(), now=now):
            for user in self.users:
                if not directory_of(user) and not change_waits(user, now=now):
                    own_mail.carry(user, own_mail.About.NEW_PASSWORD, now=now)
        throttling.wait_until(done_by)
        return email


class LinkForm(UserTokenForm):
    """Whether a link still works: not while a change of its account waits for a second person."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if change_waits(self.reset_user, now=timezone.now()):
            raise get_adapter().validation_error("invalid_password_reset")
        return data


class NewPasswordForm(ResetPasswordKeyForm, GovukForm):
    """A new password, reached through the link in a message."""

    button = "Save the new password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)

    def save(self) -> None:
        """Save the password; whoever could open the link reads the mailbox."""
        super().save()
        mailboxes.proved(self.user)


class FirstPasswordForm(SetPasswordForm, GovukForm):
    """A password for an account without one."""

    button = "Save the password"
    cancel_url = reverse_lazy("accounts:my-account")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


class OtherPasswordForm(ChangePasswordForm, GovukForm):
    """A new password for a signed-in user who knows the old one."""

    button = "Save the new password"
    cancel_url = reverse_lazy("accounts:my-account")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], label="Current password")
        _new_password(self)


def _new_password(form: Any) -> None:
    _plain(form.fields["password1"], label="New password", help_text=HOW_TO_CHOOSE)
    _plain(form.fields["password2"], label="New password again")
    form._adapt()  # noqa: SLF001 - the base's own step, once more for the changed labels


def _plain(field: forms.Field, *, label: str, help_text: str = "") -> None:
    """Replace the library's label and help text with ours, and drop the placeholder."""
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)
