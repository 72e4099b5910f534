from __future__ import annotations

import datetime
from typing import Any

from django import forms

from families.enums import RiskGround
from families.forms.fields import ChildrenField, PeopleField, PersonField
from govuk.forms import DateInputField, GovukForm, LongTextField, RadiosField


class ContactRiskForm(GovukForm):
    button = "Record the risk"
    keeps_draft = True

    person = PersonField(
        label="Who may it be dangerous to have contact with?",
        error_messages={"required": "Choose the person it may be dangerous to have contact with"},
    )
    children = ChildrenField(
        label="For which children?", required=False, help_text="Choose at least one child or adult"
    )
    protects = PeopleField(label="For which adults?", required=False)
    ground = RadiosField(label="Why?", choices=RiskGround.choices)
    detail = LongTextField(
        label="What is known",
        help_text="For example, the condition in its own words, and who set it",
        error_messages={"required": "Say what the risk is"},
    )
    starts_on = DateInputField(label="Since when?", required=False)
    ends_on = DateInputField(
        label="Until when?", required=False, help_text="Only if an order or bail says so. The first day without it"
    )
    source = forms.CharField(label="Who says so?", required=False, max_length=200)

    def __init__(self, *args: Any, people: Any, children: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(people, on=on)  # type: ignore[attr-defined]
        self.fields["protects"].offer(people.filter(child__isnull=True), on=on)  # type: ignore[attr-defined]
        self.fields["children"].offer(children, on=on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned["children"] and not cleaned["protects"]:
            self.add_error("children", "Choose at least one child or adult who may be in danger from contact")
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day can’t be before the first")
        return cleaned


class EndContactRiskForm(GovukForm):
    button = "End the risk"
    keeps_draft = True

    on = DateInputField(label="From which day is contact no longer a risk?")
    because = LongTextField(
        label="Why is it no longer a risk?", error_messages={"required": "Say why contact is no longer a risk"}
    )
