"""The form of what a council's pages and letters say of it."""

from __future__ import annotations

from django import forms

from govuk.forms import GovukForm, LongTextField


class CouncilForm(GovukForm):
    keeps_draft = True
    button = "Save"
    day_phone = forms.CharField(
        label="Telephone number on weekdays",
        help_text="Stands on every page and letter for families",
        max_length=40,
        error_messages={"required": "Enter the number to ring on weekdays"},
    )
    night_phone = forms.CharField(
        label="Telephone number at night and at weekends",
        help_text="Stands on every page and letter for families",
        max_length=40,
        error_messages={"required": "Enter the number to ring at night"},
    )
    complaints = forms.CharField(
        label="Where do people complain?",
        help_text="In a few words: whom to write to, and the number to ring",
        max_length=250,
        required=False,
    )
    return_address = LongTextField(
        label="Where do letters come back to?",
        help_text="Stands on the envelope, so without a word about what is in it. Without it nothing can be posted",
        rows=4,
        max_length=300,
        required=False,
    )
    secure_mail_domains = LongTextField(
        label="To which domains is mail secure?",
        help_text="One a line, such as health.example.uk. Papers go by mail only to mailboxes there. Add one only once "
        "your council has approved it",
        rows=4,
        max_length=5000,
        required=False,
    )
    before = forms.CharField(widget=forms.HiddenInput, required=False)
