"""The agenda and parts of a meeting, and breaking it off."""

from __future__ import annotations

from django import forms

from conferences.enums import PartKind
from govuk.forms import GovukForm, Item, LongTextField, RadiosField, VersionField


class ItemForm(GovukForm):
    """The note under an item of the agenda."""

    keeps_draft = True
    button = "Save the note"
    note = LongTextField(label="Note", required=False)
    version = VersionField()


class PartForm(GovukForm):
    """Another part of the meeting."""

    button = "Begin this part"
    kind = RadiosField(label="What is this part?", choices=PartKind.choices)
    title = forms.CharField(
        label="Its name", max_length=120, help_text="For example “With the mother”. It stands on every page."
    )


class AdjournForm(GovukForm):
    """Breaking the meeting off."""

    keeps_draft = True
    button = "Break the meeting off"
    why_kind = RadiosField(
        label="What is it?",
        choices=[
            Item("adjourned", "Adjourned", hint="It goes on in another sitting."),
            Item("inquorate", "Inquorate", hint="Too few agencies came to hold it."),
        ],
        initial="adjourned",
    )
    reason = LongTextField(label="Why is the meeting broken off?", rows=3)
