from __future__ import annotations

from typing import Any

from accounts.models import User
from govuk.forms import DateInputField, FilterForm, GovukForm, LongTextField, ModelSelectField, SelectField


class ReadLogFilterForm(FilterForm):
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    user = ModelSelectField(
        User.objects.none(), label="Who", required=False, empty_label="Everyone", label_from=lambda user: user.name
    )

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if chosen.get("since") and chosen.get("until") and chosen["until"] < chosen["since"]:
            self.add_error("until", "The last day can't be before the first.")
        return chosen


class UnusualFilterForm(FilterForm):
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    state = SelectField(label="Checked", choices=[("", "All"), ("open", "Not looked into yet")], required=False)


class LookIntoForm(GovukForm):
    button = "Record the outcome"
    what_came_out = LongTextField(
        label="What was the outcome?",
        help_text="Who you asked, what they said and what happens next. Don’t name families",
        error_messages={"required": "Say what the outcome was"},
    )
