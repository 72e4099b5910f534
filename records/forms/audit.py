"""What an auditor chooses to see."""

from __future__ import annotations

from typing import Any

from govuk.forms import DateInputField, FilterForm, SelectField

SHOWN = (
    ("changes", "Changes"),
    ("glasses", "Cases opened in an emergency"),
    ("checks", "Checks of the list"),
    ("bundles", "Bundles"),
)


class AuditFilterForm(FilterForm):
    show = SelectField(label="Show", choices=list(SHOWN), required=False)
    since = DateInputField(label="Changes from", required=False)
    until = DateInputField(label="Changes to", required=False)

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if chosen.get("since") and chosen.get("until") and chosen["until"] < chosen["since"]:
            self.add_error("until", "The last day can't be before the first.")
        return chosen
