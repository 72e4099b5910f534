from __future__ import annotations

import time
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django import forms
from django.http import HttpRequest
from django.utils import timezone

from accounts import own_mail, throttling
from accounts.directory.services import directory_of
from accounts.models import User
from accounts.signin.directories import directories
from govuk.forms import DateInputField, GovukForm, LongTextField, ModelSelectField, SelectField

ABOUT_ADDRESSES = {
    "required": "Enter your e-mail address",
    "invalid": "Enter an e-mail address, such as name@council.example",
}
# Longer than looking up an account and writing one message takes.
ANSWERED_WITHIN_SECONDS = 0.3
HOW_TO_CHOOSE = (
    "At least 12 characters. Three words that have nothing to do with each other are easy to remember."
)


class SignInForm(LoginForm, GovukForm):
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
        self._adapt()


class ForgottenPasswordForm(ResetPasswordForm, GovukForm):
    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages=ABOUT_ADDRESSES,
    )

    def save(self, request: HttpRequest, **kwargs: Any) -> str:  # noqa: ARG002 - the library's signature
        """Have the link sent to whoever has an account of their own here; as long for everybody else."""
        done_by = time.monotonic() + ANSWERED_WITHIN_SECONDS
        now = timezone.now()
        email: str = self.cleaned_data["email"]
        if throttling.allow("reset:account", email.lower(), now=now):
            slugs = [one.slug for one in directories()]
            for user in self.users:
                if not directory_of(user, slugs=slugs):
                    own_mail.carry(user, own_mail.About.NEW_PASSWORD, now=now)
        throttling.wait_until(done_by)
        return email


class NewPasswordForm(ResetPasswordKeyForm, GovukForm):
    """Reached through the link in a message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


class FirstPasswordForm(SetPasswordForm, GovukForm):
    """For an account that had no password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


class OtherPasswordForm(ChangePasswordForm, GovukForm):
    """For somebody who is signed in and knows the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], label="Password that you use now")
        _new_password(self)


def _new_password(form: Any) -> None:
    _plain(form.fields["password1"], label="New password", help_text=HOW_TO_CHOOSE)
    _plain(form.fields["password2"], label="New password again")
    form._adapt()  # noqa: SLF001 - the base's own step, once more for the changed labels


def _plain(field: forms.Field, *, label: str, help_text: str = "") -> None:
    """Our words instead of the library's; no words inside the box."""
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)


class ReadLogFilterForm(GovukForm):
    marks_optional = False
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    user = ModelSelectField(
        User.objects.none(),
        label="Who",
        required=False,
        empty_label="Everybody",
        label_from=lambda user: user.name,
    )

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if chosen.get("since") and chosen.get("until") and chosen["until"] < chosen["since"]:
            self.add_error("until", "The last day can't be before the first.")
        return chosen


class UnusualFilterForm(GovukForm):
    marks_optional = False

    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    state = SelectField(
        label="Looked into", choices=[("", "All"), ("open", "Not looked into yet")], required=False
    )


class LookIntoForm(GovukForm):
    what_came_out = LongTextField(
        label="What came out?",
        help_text="Whom you asked, what they said, and what follows. No names of families",
        error_messages={"required": "Say what came out"},
    )
