"""Forms for devices of the council."""

from __future__ import annotations

from django import forms

from govuk.forms import GovukForm


class NameDeviceForm(GovukForm):
    """What a device is called on the administrator's list."""

    button = "Make a code"
    marks_optional = False
    name = forms.CharField(
        label="Which device is it?",
        help_text="As on its label, for example “Conference laptop 3”.",
        max_length=80,
        error_messages={"required": "Say which device it is"},
    )


class DeviceCodeForm(GovukForm):
    """The code with which a browser is enrolled."""

    button = "Enrol this browser"
    marks_optional = False
    code = forms.CharField(
        label="Code",
        help_text="Eight letters and numbers, from your council’s administrator.",
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
