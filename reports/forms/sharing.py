"""What came of sharing a report."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import (
    DateInputField,
    GovukForm,
    Item,
    LongTextField,
    RadiosField,
    SelectField,
    TimeField,
)
from reports.enums import SharingManner, SharingOutcome
from reports.forms.moments import at
from reports.services.sharing import KEPT_BACK


class SharingForm(GovukForm):
    """What came of sharing one report with one person."""

    keeps_draft = True
    outcome = RadiosField(label="What came of it?", error_messages={"required": "Choose what came of it"})
    manner = SelectField(label="How?", choices=SharingManner.choices, required=False)
    shared_on = DateInputField(label="On which day?", help_text="For example, 16 12 2026", required=False)
    shared_time = TimeField(label="At what time?", help_text="For example, 14:00 or 2pm", required=False)
    language = forms.CharField(
        label="In which language?", help_text="Leave empty for English", max_length=60, required=False
    )
    disputed = LongTextField(
        label="What do they say is wrong?",
        help_text="In their words. The chair reads it",
        rows=3,
        required=False,
    )
    reason = LongTextField(
        label="Reason, or the tries that were made",
        help_text="Needed unless it was shared. For tries: when, and how",
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, is_chair: bool, part_agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = [
            Item(SharingOutcome.SHARED, "Shared", hint="They heard or read it, and it was talked through"),
            Item(SharingOutcome.DECLINED, "They did not want to hear it"),
            Item(SharingOutcome.NOT_REACHED, "They could not be reached"),
        ]
        if is_chair or part_agreed:
            items.append(
                Item(
                    SharingOutcome.IN_PART,
                    "Shared in part, as the chair agreed"
                    if not is_chair
                    else "To be shared in part: I agree",
                    hint="Day and way may be added later" if is_chair else "",
                )
            )
        if is_chair:
            items.append(
                Item(
                    SharingOutcome.NOT_TO_BE_SHARED,
                    "Not to be shared: I agree",
                    hint="For example police evidence",
                )
            )
        self.fields["outcome"].set_choices(items)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        day, time = typed.get("shared_on"), typed.get("shared_time")
        asked = typed.get("outcome") in {SharingOutcome.SHARED, *KEPT_BACK}
        is_wrong_already = {"shared_on", "shared_time"} & self.errors.keys()
        if asked and bool(day) != bool(time) and not is_wrong_already:
            self.add_error("shared_time" if day else "shared_on", "Enter both the day and the time")
        return typed

    def sharing(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        typed = self.cleaned_data
        day, time = typed["shared_on"], typed["shared_time"]
        return {
            "outcome": typed["outcome"],
            "manner": typed["manner"],
            "shared_at": at(day, time) if day and time else None,
            "language": typed["language"],
            "reason": typed["reason"],
            "disputed": typed["disputed"],
        }


class WholeSharingForm(SharingForm):
    """The same where nothing may be kept back: day and way belong to one answer and stand inside it."""

    reveals = {
        "outcome": {
            SharingOutcome.SHARED: ["manner", "shared_on", "shared_time", "language", "disputed"],
        }
    }
