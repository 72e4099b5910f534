"""The form to name a stand-in for the chair."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from govuk.forms import DateInputField, GovukForm, LongTextField, ModelSelectField


class NameStandInForm(GovukForm):
    button = "Name the stand-in"
    user = ModelSelectField(
        User.objects.none(),
        label="Who stands in for the chair?",
        label_from=lambda user: user.name,
        error_messages={"required": "Choose who stands in for the chair"},
    )
    starts_on = DateInputField(
        label="First day", help_text="Today or later", error_messages={"required": "Enter the first day"}
    )
    last_day = DateInputField(
        label="Last day",
        help_text="They can’t open the conference after this day",
        error_messages={"required": "Enter the last day"},
    )
    why = LongTextField(
        label="Why does the chair need a stand-in?",
        help_text="For example, the chair is on leave until the minutes are due",
        rows=3,
        error_messages={"required": "Say why the chair needs a stand-in"},
    )

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users
