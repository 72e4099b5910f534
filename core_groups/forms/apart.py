from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from core_groups.enums import HowToMeet
from govuk.forms import GovukForm, LongTextField, RadiosField


class ApartForm(GovukForm):
    """How someone takes part who must not meet another member."""

    keeps_draft = True
    button = "Record the decision"

    how = RadiosField(label="How does this person take part?", choices=HowToMeet.choices)
    reason = LongTextField(label="Why?", error_messages={"required": "Say why you decide this"})
    # When the page was opened: what is recorded after it has not been read.
    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen_at", timezone.now().isoformat())
