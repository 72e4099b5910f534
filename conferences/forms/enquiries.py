"""What is typed about strategy discussions and enquiries."""

from __future__ import annotations

import datetime
from typing import Any

from conferences.forms.moments import at
from families.models import Child
from families.words import child_line
from govuk.forms import (
    DateInputField,
    GovukForm,
    LongTextField,
    ModelCheckboxesField,
    TimeField,
)


class StrategyDiscussionForm(GovukForm):
    keeps_draft = True
    children = ModelCheckboxesField(
        Child.objects.none(),
        label="For which children were enquiries started?",
        label_from=lambda child: child.person.full_name,
        error_messages={"required": "Choose at least one child"},
    )
    held_on = DateInputField(
        label="On which day was it held?",
        help_text="The time limit for the conference is counted from this day",
        error_messages={"required": "Enter the day on which it was held"},
    )
    held_time = TimeField(label="At what time?", help_text="For example, 14:00 or 2pm")
    agencies_present = LongTextField(
        label="Who took part?", help_text="Agencies, one on each line", required=False, rows=4
    )
    reason = LongTextField(
        label="Why were enquiries started?",
        error_messages={"required": "Say why enquiries were started"},
        help_text="What happened, and why a child may be suffering, or be likely to suffer, significant harm",
        rows=6,
    )

    def __init__(self, *args: Any, children: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["children"]
        field.queryset = children
        field.describe(field.label_from, lambda child: child_line(child, on=on), None)

    @property
    def held_at(self) -> datetime.datetime:
        return at(self.cleaned_data["held_on"], self.cleaned_data["held_time"])


class EndEnquiryForm(GovukForm):
    reason = LongTextField(
        label="Why is no conference needed?",
        error_messages={"required": "Say why no conference is needed"},
        rows=5,
    )
