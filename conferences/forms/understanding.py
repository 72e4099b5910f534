from __future__ import annotations

from typing import Any

from django import forms

from conferences.enums import Band
from govuk.forms import GovukForm, RadiosField


class UnderstandingForm(GovukForm):
    button = "Save"
    because = forms.CharField(
        label="Why?",
        help_text="For example, what they understand, or what their school says. Staff of the case read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why"},
    )
    standing = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by_age: Band, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["band"] = RadiosField(
            label="How do we write to this child?",
            required=False,
            choices=[("", f"As their age proposes: {by_age.label[0].lower()}{by_age.label[1:]}"), *Band.choices],
        )
        self.order_fields(["band", "because", "standing"])
