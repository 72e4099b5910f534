"""The form for a paper in another format."""

from __future__ import annotations

from typing import Any

from django import forms

from families.enums import PaperFormat
from govuk.forms import DateInputField, DateTimeField, GovukForm
from reports.models import FormatAsked
from reports.uploads.file_types import KINDS, MAX_BYTES, MEGABYTE, TAKEN_IN_WORDS

MADE_AS_A_FILE = frozenset({PaperFormat.TRANSLATED, PaperFormat.EASY_READ})


class FormatForm(GovukForm):
    """Who makes a paper in another format, until when, what came back, and how it was sent."""

    button = "Save"
    provider = forms.CharField(
        label="Who makes it?", max_length=120, required=False, help_text="For example, the council’s translators"
    )
    due_on = DateInputField(label="When is it due?", error_messages={"required": "Enter when it is due"})
    file = forms.FileField(
        label="The file that came back",
        help_text=f"Up to {MAX_BYTES // MEGABYTE} MB: {TAKEN_IN_WORDS}. They read it on their own page once it is sent",
        allow_empty_file=True,
        max_length=None,
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind.suffix}" for kind in KINDS.values())}),
    )
    sent_at = DateTimeField(label="When did they get it?", help_text="Leave it empty until then", required=False)
    sent_how = forms.CharField(
        label="How?", max_length=200, required=False, help_text="For example, on their own page, or by post"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, row: FormatAsked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row.format not in MADE_AS_A_FILE:
            del self.fields["file"]

    def asked(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        typed = dict(self.cleaned_data)
        file = typed.pop("file", None)
        # One byte more than the limit shows that the file is too large.
        return {**typed, **({"file": file.read(MAX_BYTES + 1), "name": file.name} if file else {})}
