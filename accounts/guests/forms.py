"""The one form a guest fills in before they are let in."""

from __future__ import annotations

from django import forms

from accounts.guests.limits import CODE_FIGURES
from govuk.forms import GovukForm


class CodeForm(GovukForm):
    """The code as it appears in the e-mail; spaces and hyphens between digits are ignored."""

    button = "Continue"

    code = forms.CharField(
        label="The code in the e-mail",
        help_text=f"{CODE_FIGURES} figures",
        max_length=20,
        error_messages={"required": "Enter the code we sent you"},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}
        ),
    )

    def clean_code(self) -> str:
        figures = "".join(letter for letter in self.cleaned_data["code"] if letter not in " -\u00a0")
        if len(figures) != CODE_FIGURES or not (figures.isascii() and figures.isdigit()):
            raise forms.ValidationError(f"The code has {CODE_FIGURES} figures, such as 012345")
        return figures
