"""The form that says who told someone, when and how, or that they could not be reached."""

from __future__ import annotations

from typing import Any

from django import forms

from conferences.enums import TellingHow, TellingOutcome
from govuk.forms import DateTimeField, GovukForm, Item, LongTextField, RadiosField, ReasonForm


class TellingForm(GovukForm):
    keeps_draft = True
    button = "Record what happened"
    outcome = RadiosField(
        label="Were they told?",
        error_messages={"required": "Choose whether they were told"},
        choices=[
            Item(TellingOutcome.TOLD, "Yes, they were told"),
            Item(
                TellingOutcome.NOT_REACHED,
                "No, they could not be reached",
                hint="They stay on the list, and what was tried is kept",
            ),
        ],
    )
    how = RadiosField(
        label="How?",
        error_messages={"required": "Choose how they were told, or how you tried"},
        choices=[
            Item(TellingHow.IN_PERSON, "In person"),
            Item(TellingHow.PHONE, "By telephone"),
            Item(TellingHow.POST, "By post", hint="The day on which the letter was posted"),
            Item(TellingHow.BY_HAND, "A letter given by hand"),
            Item(TellingHow.THROUGH, "Through someone who works with them", hint="Say through whom"),
        ],
    )
    at = DateTimeField(
        date="told_on",
        time="told_time",
        label="On which day?",
        error_messages={"required": "Enter the day", "time_required": "Enter the time"},
    )
    told_by_other = forms.CharField(
        label="Who told them, if it was not you?",
        required=False,
        max_length=120,
        help_text="Name and job. Leave it empty if you told them",
    )
    note = LongTextField(
        label="What was said, or tried?",
        required=False,
        rows=3,
        help_text="You have to fill this in if they could not be reached. For example, no answer at two numbers",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == TellingOutcome.NOT_REACHED and not data.get("note", "").strip():
            self.add_error("note", "Say what was tried")
        return data


class WrongEntryForm(ReasonForm):
    """Why an entry of who was told is taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            label="Why is this entry wrong?",
            field="because",
            required="Say why this entry is wrong",
            max_length=250,
            button="Take it back",
            **kwargs,
        )
