from __future__ import annotations

import datetime
from typing import Any

from django import forms

from accounts.enums import TEAM_ROLES, WHAT_A_ROLE_DOES, Role
from accounts.models import Authority, Team, User
from govuk.forms import DateInputField, FilterForm, GovukForm, Item, ModelSelectField, RadiosField, SelectField

EMAIL = {"required": "Enter an e-mail address", "invalid": "Enter an e-mail address, such as name@council.example"}


class UsersFilterForm(FilterForm):
    q = forms.CharField(label="Name or e-mail address", required=False, max_length=120)
    role = SelectField(label="Role", required=False, empty_label="Any role", choices=Role.choices)
    team = ModelSelectField(Team.objects.none(), label="Team", required=False, empty_label="Any team")
    state = SelectField(
        label="Account",
        required=False,
        empty_label="With a role today",
        choices=[("without", "Open, without a role"), ("closed", "Closed"), ("all", "All")],
    )

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(authority=authority)  # type: ignore[attr-defined]


class RoleForm(GovukForm):
    """A role from a given day; asks for a team where the role belongs to one."""

    button = "Give the role"

    role = RadiosField(
        label="Role",
        choices=[Item(value, label, hint=WHAT_A_ROLE_DOES[Role(value)]) for value, label in Role.choices],
        error_messages={"required": "Choose a role"},
    )
    team = ModelSelectField(
        Team.objects.none(), label="Team", required=False, help_text="For social workers and team managers"
    )
    starts_on = DateInputField(label="From what date?")

    def __init__(self, *args: Any, authority: Authority, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["team"].queryset = Team.objects.filter(authority=authority)  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("role") not in TEAM_ROLES:
            data["team"] = None
        return data

    def clean_starts_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError("Enter today or a later day. A role can't start in the past")
        return day


class UserForm(GovukForm):
    button = "Save the details"
    name = forms.CharField(label="Name", max_length=120)
    job_title = forms.CharField(label="Job title", max_length=120, required=False)
    phone = forms.CharField(label="Phone", max_length=40, required=False)

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        if user:
            names = ("name", "job_title", "phone")
            kwargs["initial"] = {name: getattr(user, name) for name in names}
        super().__init__(*args, **kwargs)


class AddUserForm(RoleForm, UserForm):
    button = "Add the user"
    email = forms.EmailField(label="E-mail address", error_messages=EMAIL)
    field_order = ("name", "email", "job_title", "phone", "role", "team", "starts_on")


class EndRoleForm(GovukForm):
    button = "End the role"
    ends_on = DateInputField(label="First day without the role")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["ends_on"].initial = today

    def clean_ends_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["ends_on"]
        if day < self.today:
            raise forms.ValidationError("Enter today or a later day. What they have already seen can't be undone")
        return day


class MoveForm(GovukForm):
    button = "Record the move"
    team = ModelSelectField(Team.objects.none(), label="New team")
    on = DateInputField(label="First day in the new team")

    def __init__(self, *args: Any, teams: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["on"].initial = today

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day < self.today:
            raise forms.ValidationError("Enter today or a later day")
        return day


class ChangeAddressForm(GovukForm):
    button = "Change the address"
    email = forms.EmailField(label="New e-mail address", error_messages=EMAIL)
    why = forms.CharField(
        label="Why does it change, and how did you check who asked?",
        max_length=200,
        help_text="For example, the council’s domain has changed, or they married and came to my desk",
        error_messages={"required": "Say why the address changes"},
    )


class ReopenAccountForm(GovukForm):
    button = "Reopen the account"
    why = forms.CharField(
        label="Why are you reopening the account?",
        max_length=200,
        help_text="For example, back from long leave on 4 January",
        error_messages={"required": "Say why you are reopening the account"},
    )


class TakeAwayStepsForm(GovukForm):
    button = "Remove them"
    why = forms.CharField(
        label="How did you check who asked?",
        max_length=120,
        help_text="For example, they came to my desk with their staff pass. A call or an e-mail alone is not enough",
        error_messages={"required": "Say how you checked who asked"},
    )


class NameSecondPersonForm(GovukForm):
    button = "Name them"
    user = ModelSelectField(User.objects.none(), label="Who?", error_messages={"required": "Choose someone"})
    starts_on = DateInputField(label="From what date?")
    ends_on = DateInputField(
        label="First day without them", required=False, help_text="Leave empty if there is none yet"
    )
    why = forms.CharField(
        label="Why this person?",
        max_length=200,
        help_text="For example, manages another service and knows nothing of most cases",
        error_messages={"required": "Say why they are named"},
    )

    def __init__(self, *args: Any, people: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today


class CloseAccountForm(GovukForm):
    button = "Close the account"
    why = forms.CharField(
        label="Why are you closing the account?",
        max_length=200,
        help_text="For example, left the council on 30 November",
        error_messages={"required": "Say why you are closing the account"},
    )
