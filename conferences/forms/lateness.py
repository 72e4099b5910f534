"""Forms about a conference after its time limit: why, and who agrees."""

from __future__ import annotations

from typing import Any

from django import forms

from conferences.selectors.lateness import LATE_NEEDS, SAID_WITH_IT
from deadlines.policies import Policy
from govuk.forms import GovukForm, LongTextField, SelectField

# What the council's procedures may ask for, and the field in which it is written.
FIELD_OF = {**SAID_WITH_IT, "interim safety plan": "interim_safety_plan"}


class LateReasonForm(GovukForm):
    keeps_draft = True
    button = "Save the reason"
    late_cause = SelectField(label="What makes it late?", error_messages={"required": "Choose what makes it late"})
    late_reason = LongTextField(
        label="Why is it after the time limit?",
        error_messages={"required": "Say why it is after the time limit"},
        rows=4,
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["late_cause"].set_choices(policy.lateness_causes)
        for need, name in FIELD_OF.items():
            if need not in policy.value(LATE_NEEDS):
                self.fields.pop(name, None)


class AgreeLateForm(LateReasonForm):
    """A manager's or the chair's agreement to a date after the limit."""

    button = "Agree to this date"
    day = forms.DateField(widget=forms.HiddenInput)
    interim_safety_plan = LongTextField(
        label="What keeps the children safe until the conference?",
        help_text="Who sees each child, how often, and what happens if something changes",
        error_messages={"required": "Say what keeps the children safe until the conference"},
        rows=5,
    )
