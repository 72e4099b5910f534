"""The form that says how a decision was explained to someone of the family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.models import Person
from govuk.date_fields import DateInputField
from govuk.forms import GovukForm, LongTextField, SelectField


class ExplanationForm(GovukForm):
    """To whom, by whom and when, and what they said they understood."""

    keeps_draft = True
    button = "Record it"
    person = SelectField(label="Who was it explained to?")
    told_by_other = forms.CharField(
        label="Who explained it, if it was not you?",
        required=False,
        max_length=120,
        help_text="Name and job. Leave it empty if you did",
    )
    told_on = DateInputField(label="On which day?", error_messages={"required": "Enter the day"})
    understood = LongTextField(
        label="How did they say it in their own words?",
        rows=4,
        help_text="What they understood, and what they think of it, as they said it",
        error_messages={"required": "Write what they said, in their own words"},
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].set_choices([(key, person.full_name) for key, person in self.people.items()])

    def told(self) -> dict[str, Any]:
        """Return what the service records."""
        return {**self.cleaned_data, "person": self.people[self.cleaned_data["person"]]}
