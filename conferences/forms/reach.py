"""The form with which an address is marked safe."""

from __future__ import annotations

from django import forms

from families.forms.fields import made_sure
from govuk.forms import GovukForm


class MarkSafeForm(GovukForm):
    button = "Mark it safe"
    value = forms.EmailField(
        label="E-mail address",
        help_text="One that no one else reads or can open",
        error_messages={
            "required": "Enter the e-mail address",
            "invalid": "Enter an e-mail address like name@example.com",
        },
    )
    safe_how, safe_on = made_sure(required=True)
