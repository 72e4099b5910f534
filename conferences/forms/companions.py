"""Forms about how a child or parent is heard: the offer of an advocate, and who can open a child's device."""

from __future__ import annotations

from typing import Any

from django import forms

from conferences.enums import AdvocateAnswer, AdvocateCame, WhoOpens
from govuk.forms import Conditional, DateInputField, GovukForm, Item, Layout, RadiosField


class AdvocateOfferForm(GovukForm):
    button = "Save"
    layout = Layout(
        Conditional("answer", {AdvocateAnswer.ACCEPTED: ["provider", "came"]}), "offered_on", "offered_by", "standing"
    )
    answer = RadiosField(
        label="What did they say?", choices=AdvocateAnswer.choices, error_messages={"required": "Choose what they said"}
    )
    provider = forms.CharField(label="Who provides the advocate?", required=False, max_length=200)
    came = RadiosField(
        label="Did the advocate come to the meeting?",
        required=False,
        choices=[("", "Not recorded yet"), *AdvocateCame.choices],
    )
    offered_on = DateInputField(label="When was it offered?", required=False)
    offered_by = forms.CharField(label="Who offered it?", required=False, max_length=200)
    standing = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") and data["answer"] != AdvocateAnswer.UNKNOWN:
            if not data.get("offered_on") and "offered_on" not in self.errors:
                self.add_error("offered_on", "Enter the day on which it was offered")
            if not (data.get("offered_by") or "").strip():
                self.add_error("offered_by", "Enter who offered it")
        return data


class DeviceForm(GovukForm):
    button = "Save"
    who_opens = RadiosField(
        label="Who can open the phone, tablet or computer on which they read their e-mail?",
        choices=[
            Item(WhoOpens.CHILD, WhoOpens.CHILD.label, hint="They can have a link of their own"),
            Item(WhoOpens.SHARED, WhoOpens.SHARED.label, hint="No link. It is closed where there is one"),
            Item(WhoOpens.PARENT, WhoOpens.PARENT.label, hint="No link. It is closed where there is one"),
            Item(WhoOpens.UNKNOWN, WhoOpens.UNKNOWN.label, hint="No link until someone knows"),
        ],
        error_messages={"required": "Choose who can open the device"},
    )
    asked_of = forms.CharField(
        label="Who told you?",
        max_length=200,
        help_text="For example, the child, alone at school",
        error_messages={"required": "Say who told you"},
    )
    asked_on = DateInputField(
        label="When did you ask?", error_messages={"required": "Enter the day on which you asked"}
    )
    standing = forms.IntegerField(widget=forms.HiddenInput)
