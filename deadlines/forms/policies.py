"""Forms for changing a council's procedures."""

from __future__ import annotations

import datetime
from typing import Any, cast

from django import forms

from deadlines.policies import preset_names
from govuk.forms import (
    Button,
    DateInputField,
    Field,
    FilterForm,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    VersionField,
)


class StartDraftForm(GovukForm):
    button = "Start the draft"
    copy_of = RadiosField(label="What should the draft start from?")

    def __init__(self, *args: Any, has_policy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [Item("", "The council's newest procedures")] if has_policy else []
        copy_of = cast("RadiosField", self.fields["copy_of"])
        copy_of.required = not has_policy
        copy_of.set_choices([*own, *(Item(name, f"The preset “{name}”") for name in preset_names())])


class ProposeDraftForm(GovukForm):
    button = "Ask a second person to put it in force"
    in_force_from = DateInputField(
        label="From what date are they in force?",
        help_text="Today or later. Time limits that start on or after that day are counted by them.",
    )
    version = VersionField()


class PutInForceForm(ProposeDraftForm):
    button = "Put these procedures in force"


class ExampleDayForm(FilterForm):
    """The day of an event for which a preview shows dates; defaults to today."""

    button = Button("Show these dates", look="secondary")
    purpose = "Example dates"
    small = False
    layout = Layout(Field("on", size="s"))
    on = DateInputField(label="Show the dates for an event on", required=False)

    def day(self, *, today: datetime.date) -> datetime.date:
        """Return the day requested, or today."""
        return (self.is_valid() and self.cleaned_data["on"]) or today


class RecountForm(GovukForm):
    button = "Count the ticked deadlines again"
    layout = Layout(Include("deadlines/deadlines_to_count.html", draws=("deadline",)), "reason")
    drawn_on_demand = frozenset({"deadline"})
    reason = LongTextField(
        label="Why are you counting these again?", help_text="Your reason is kept with each of them."
    )
    deadline = forms.MultipleChoiceField(
        label="Which deadlines?", error_messages={"required": "Tick at least one deadline"}
    )

    def __init__(self, *args: Any, tokens: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deadline = cast("forms.MultipleChoiceField", self.fields["deadline"])
        deadline.choices = [(token, token) for token in tokens]
        deadline.error_messages["invalid_choice"] = "The list has changed since you looked at it. Check the dates again"

    def previewed(self) -> dict[int, datetime.date]:
        """Return the ticked deadlines with the dates that the user saw."""
        pairs = (token.split(":", 1) for token in self.cleaned_data["deadline"])
        return {int(pk): datetime.date.fromisoformat(day) for pk, day in pairs}
