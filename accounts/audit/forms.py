from __future__ import annotations

from typing import Any

from accounts.models import User
from govuk.forms import DateInputField, FilterForm, GovukForm, LongTextField, ModelSelectField, SelectField


class ReadLogFilterForm(FilterForm):
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


class UnusualFilterForm(FilterForm):
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    state = SelectField(
        label="Looked into", choices=[("", "All"), ("open", "Not looked into yet")], required=False
    )


class LookIntoForm(GovukForm):
    button = "Record what came out"
    what_came_out = LongTextField(
        label="What came out?",
        help_text="Whom you asked, what they said, and what follows. No names of families",
        error_messages={"required": "Say what came out"},
    )
