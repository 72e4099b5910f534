from __future__ import annotations

from django import forms

from govuk.forms import GovukForm, LongTextField


class DirectionsForm(GovukForm):
    keeps_draft = True
    button = "Save the way"
    directions = LongTextField(
        label="How does the family get there?",
        required=False,
        rows=6,
        max_length=1500,
        help_text="One short sentence a line, in plain words: the bus, where to park, which door, who meets them. "
        "Leave it empty to show what the procedures say. Every family reads the same words, so name no one.",
    )
    before = forms.CharField(required=False, widget=forms.HiddenInput)
