from __future__ import annotations

from django import forms

from govuk.forms import GovukForm


class ToldForm(GovukForm):
    """How somebody was told of a correction where no new copy went to them."""

    button = "Record how they were told"
    how = forms.CharField(
        label="How were they told, by whom, when?",
        max_length=250,
        help_text="For instance: by phone by the social worker on Friday; the old copy was taken back.",
        error_messages={"required": "Say how they were told."},
    )
