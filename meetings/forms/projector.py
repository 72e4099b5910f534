"""The form for the room screen's code."""

from __future__ import annotations

from django import forms

from govuk.forms import GovukForm


class ProjectorCodeForm(GovukForm):
    """The code with which a computer in the room shows the board."""

    button = "Show the board"
    marks_optional = False
    code = forms.CharField(
        label="Code",
        help_text="Eight letters and numbers, from the chair’s or the coordinator’s page.",
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "govuk-input--width-10",
            }
        ),
        error_messages={"required": "Enter the code"},
    )
