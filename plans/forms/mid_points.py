"""The forms of the chair's check between two conferences."""

from __future__ import annotations

from django import forms

from govuk.forms import GovukForm, LongTextField, RadiosField
from plans.enums import Checked, MidPointOutcome
from plans.services.mid_points import Found


class MidPointForm(GovukForm):
    """What the chair looks at, and whether a manager is to decide."""

    keeps_draft = True
    button = "Save the check"
    actions_moving = RadiosField(label="Are the actions moving?", choices=Checked.choices)
    groups_held = RadiosField(label="Are core groups held, with those who are needed?", choices=Checked.choices)
    child_seen = RadiosField(label="Is the child seen, and heard?", choices=Checked.choices)
    drifting = RadiosField(
        label="Is the plan drifting, with little that changes for the child?", choices=Checked.choices
    )
    review_needed = RadiosField(label="Does an early review seem to be needed?", choices=Checked.choices)
    note = LongTextField(
        label="What did you find?",
        required=False,
        help_text="With whom you spoke, and what is done about it. It can stay empty only if all is as it should be",
    )
    escalated = forms.BooleanField(
        label="Take it to the manager now", required=False, help_text="They are told at once, and decide what happens"
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def found(self) -> Found:
        """Return what was found, as the service takes it."""
        return Found(**{name: value for name, value in self.cleaned_data.items() if name != "replaces"})


class DecideMidPointForm(GovukForm):
    keeps_draft = True
    button = "Record the decision"
    outcome = RadiosField(label="What happens?", choices=MidPointOutcome.choices)
    reason = LongTextField(label="Why, and by when is it done?", rows=3)
