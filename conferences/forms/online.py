"""The form that puts another link in place of the one for those online."""

from __future__ import annotations

from django import forms

from govuk.forms import GovukForm


class ChangeLinkForm(GovukForm):
    button = "Change the link and send it"
    link = forms.URLField(
        label="New link for those online",
        max_length=500,
        assume_scheme="https",
        error_messages={
            "required": "Enter the new link",
            "invalid": "Enter the new link, like https://video.example/room",
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
