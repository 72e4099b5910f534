"""Forms for the agenda, the parts of a meeting and adjourning it."""

from __future__ import annotations

from django import forms

from conferences.enums import PartKind
from govuk.forms import DateTimeField, GovukForm, Item, LongTextField, RadiosField, VersionField


class ItemForm(GovukForm):
    """The note on an agenda item."""

    keeps_draft = True
    button = "Save the note"
    note = LongTextField(label="Note", required=False)
    version = VersionField()


class PartForm(GovukForm):
    """Another part of the meeting."""

    button = "Start this part"
    kind = RadiosField(label="What is this part?", choices=PartKind.choices)
    title = forms.CharField(
        label="Its name", max_length=120, help_text="For example, “With the mother”. It is shown on every page."
    )


class AdjournForm(GovukForm):
    """Adjourning the meeting."""

    keeps_draft = True
    button = "Adjourn the meeting"
    why_kind = RadiosField(
        label="Why is it being adjourned?",
        choices=[
            Item("adjourned", "Adjourned", hint="It will continue in another sitting."),
            Item("inquorate", "Inquorate", hint="Too few agencies came."),
        ],
        initial="adjourned",
    )
    reason = LongTextField(label="What is the reason?", rows=3)
    goes_on_at = DateTimeField(
        label="When does it go on?",
        required=False,
        time_help_text="",
        help_text="Agree it before people leave. The coordinator books it.",
        error_messages={"time_required": "Enter the time, such as 10:00 or 2pm."},
    )
