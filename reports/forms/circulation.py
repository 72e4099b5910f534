"""The form for how a copy was sent."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import Conditional, DateTimeField, GovukForm, Layout, RadiosField
from reports.enums import Channel


class CopyForm(GovukForm):
    """How one copy was sent."""

    button = "Record how it was sent"
    layout = Layout(Conditional("channel", {Channel.SECURE_EMAIL: ["mailbox"], Channel.POST: ["postal_address"]}))
    channel = RadiosField(
        label="How did you send it?", choices=Channel.choices, error_messages={"required": "Choose how you sent it"}
    )
    mailbox = forms.EmailField(
        label="Which mailbox did it go to?",
        help_text="It must be a mailbox that only this person reads",
        required=False,
    )
    postal_address = forms.CharField(label="Which address did it go to?", max_length=300, required=False)
    channel_confirmed = forms.CharField(
        label="How did you check that this is safe this time?",
        help_text="For example: I rang her on the number marked safe",
        max_length=200,
        error_messages={"required": "Say how you checked that this is safe"},
    )
    sent_at = DateTimeField(label="When did it go?", help_text="If by post, the day you posted it")
    is_large = forms.BooleanField(label="It went in large print", required=False)
    note = forms.CharField(label="Note", max_length=250, required=False)

    def __init__(self, *args: Any, confidential_mailbox: str = "", **kwargs: Any) -> None:
        """Take an address that is known and not shown: it counts where none is typed."""
        super().__init__(*args, **kwargs)
        self.confidential_mailbox = confidential_mailbox
        if confidential_mailbox:
            self.fields[
                "mailbox"
            ].help_text = "The address on the list is confidential. Leave this empty if the copy went there"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "mailbox" in typed and not typed["mailbox"]:
            typed["mailbox"] = self.confidential_mailbox
        if typed.get("channel") == Channel.SECURE_EMAIL and not typed.get("mailbox") and "mailbox" not in self.errors:
            self.add_error("mailbox", "Enter the mailbox it went to")
        if typed.get("channel") == Channel.POST and not typed.get("postal_address"):
            self.add_error("postal_address", "Enter the address it was posted to")
        return typed

    def copy(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        typed = self.cleaned_data
        addressed = {Channel.SECURE_EMAIL: "mailbox", Channel.POST: "postal_address"}.get(typed["channel"])
        return {
            "channel": typed["channel"],
            "sent_to": typed[addressed] if addressed else "",
            "channel_confirmed": typed["channel_confirmed"],
            "sent_at": typed["sent_at"],
            "note": typed["note"],
            "is_large": typed["is_large"],
        }
