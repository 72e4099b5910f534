from __future__ import annotations

from django import forms

from govuk.forms import GovukForm


class ToldForm(GovukForm):
    """How someone was told of a correction without a new copy."""

    button = "Record how they were told"
    how = forms.CharField(
        label="How and when were they told, and by whom?",
        max_length=250,
        help_text="For example: the social worker rang on Friday and took back the old copy.",
        error_messages={"required": "Say how they were told."},
    )
