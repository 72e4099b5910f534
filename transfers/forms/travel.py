"""The forms of a journey abroad of a child on a plan."""

from __future__ import annotations

from django import forms

from govuk.forms import DateInputField, GovukForm, LongTextField, RadiosField
from transfers.enums import Agreed
from transfers.services.travel import Journey


class TravelForm(GovukForm):
    keeps_draft = True
    button = "Save the journey"
    where_to = forms.CharField(label="Which country, and where there?", max_length=200)
    with_whom = forms.CharField(label="With whom?", max_length=200, help_text="And how to reach them there")
    leaves_on = DateInputField(label="First day away")
    back_on = DateInputField(label="Last day away")
    agreed = RadiosField(label="Is it agreed with us?", choices=Agreed.choices)
    because = LongTextField(label="Why, and what keeps the child safe there?", rows=4)

    def journey(self) -> Journey:
        """Return the journey, as the service takes it."""
        return Journey(**self.cleaned_data)


class ReturnForm(GovukForm):
    button = "Save the day"
    on = DateInputField(label="When was the child seen to be back?")
