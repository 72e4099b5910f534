"""Forms for the outcome of sharing a report."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import Conditional, DateTimeField, GovukForm, Item, Layout, LongTextField, RadiosField, SelectField
from reports.enums import SharingManner, SharingOutcome
from reports.forms.moments import forgive_unfinished
from reports.services.sharing import KEPT_BACK

DAY_AND_TIME = "Enter both the day and the time"


class SharingForm(GovukForm):
    """The outcome of sharing one report with one person."""

    keeps_draft = True
    button = "Record it"
    outcome = RadiosField(label="What was the outcome?", error_messages={"required": "Choose the outcome"})
    manner = SelectField(label="How?", choices=SharingManner.choices, required=False)
    shared_at = DateTimeField(
        label="Which day?",
        help_text="For example, 16 12 2026",
        required=False,
        error_messages={"required": DAY_AND_TIME, "time_required": DAY_AND_TIME},
    )
    language = forms.CharField(
        label="Which language?", help_text="Leave empty for English", max_length=60, required=False
    )
    disputed = LongTextField(
        label="What do they say is wrong?",
        help_text="In their own words. The chair will read it",
        rows=3,
        required=False,
    )
    reason = LongTextField(
        label="Reason, or what was tried",
        help_text="Needed unless it was shared. If you tried to reach them, say when and how",
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, is_chair: bool, part_agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = [
            Item(SharingOutcome.SHARED, "Shared", hint="They heard or read it, and talked it through"),
            Item(SharingOutcome.DECLINED, "They did not want to hear it"),
            Item(SharingOutcome.NOT_REACHED, "They could not be reached"),
        ]
        if is_chair or part_agreed:
            items.append(
                Item(
                    SharingOutcome.IN_PART,
                    "Shared in part, as agreed by the chair" if not is_chair else "I agree that it is shared in part",
                    hint="You can add the day and how later" if is_chair else "",
                )
            )
        if is_chair:
            items.append(
                Item(
                    SharingOutcome.NOT_TO_BE_SHARED, "I agree that it is not shared", hint="For example police evidence"
                )
            )
        self.fields["outcome"].set_choices(items)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("outcome") not in {SharingOutcome.SHARED, *KEPT_BACK}:
            forgive_unfinished(self, "shared_at")
        return typed


class WholeSharingForm(SharingForm):
    """The same if nothing may be withheld: day and manner belong to one answer and appear inside it."""

    layout = Layout(
        Conditional("outcome", {SharingOutcome.SHARED: ["manner", "shared_at", "language", "disputed"]}), "reason"
    )
