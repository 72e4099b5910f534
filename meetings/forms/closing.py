"""Forms for the next dates and for closing the meeting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from conferences.enums import Participation
from conferences.forms.hours import HOURS_QUESTION, ConfirmsHours
from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from govuk.forms import DateTimeField, GovukForm, Layout, LongTextField, SelectField

TIME = {"time_required": "Enter the time, such as 10:00 or 2pm."}


class NextDatesForm(ConfirmsHours):
    """When the first core group and the review take place."""

    button = "Save the dates"
    planned = ("core_group_at", "review_at")
    layout = Layout("core_group_at", "core_group_place", "review_at", HOURS_QUESTION)
    core_group_at = DateTimeField(label="First core group", required=False, time_help_text="", error_messages=TIME)
    core_group_place = forms.CharField(
        label="Where?", required=False, max_length=200, help_text="A place, or “online”."
    )
    review_at = DateTimeField(label="First review conference", required=False, time_help_text="", error_messages=TIME)

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needed:
            for name, field in self.fields.items():
                field.required = name != "hours_confirmed"
            self.marks_optional = False  # type: ignore[misc]


class CloseForm(GovukForm):
    """The end of the meeting: its time, the quorum, and how each child took part."""

    keeps_draft = True
    button = "Close the meeting"
    ended_at = DateTimeField(label="The meeting ended on", time_help_text="")
    inquorate_reason = LongTextField(
        label="Why you went on without a quorum", rows=3, help_text="The minutes will say so.", required=False
    )

    def __init__(self, *args: Any, children: Iterable[ConferenceChild], quorate: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = list(children)
        if quorate:
            del self.fields["inquorate_reason"]
        for child in self.children:
            self.fields[f"participation_{child.pk}"] = SelectField(
                label=f"How {short_name_of(child.child)} took part",
                required=False,
                choices=[(value, f"{value} {label}") for value, label in Participation.choices],
                empty_label="Not recorded",
            )

    def participation(self) -> dict[int, str]:
        """Return how each child took part, by child id."""
        return {child.pk: self.cleaned_data.get(f"participation_{child.pk}") or "" for child in self.children}
