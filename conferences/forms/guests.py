"""Forms for guests' answers and requests, and for staff managing their links and deputies."""

from __future__ import annotations

from typing import Any

from django import forms

from conferences.enums import Need, Reply
from govuk.forms import CheckboxesField, GovukForm, Item, LongTextField, RadiosField

A_DEPUTY_COMES = Item(Reply.DEPUTY, "No, a deputy is coming", hint="You’ll name them on the next page")
OF_AN_AGENCY = (
    Item(Reply.COMING, "Yes, in the room"),
    Item(Reply.ONLINE, "Yes, online"),
    A_DEPUTY_COMES,
    Item(Reply.REPORT_ONLY, "No, but I’ll send a report"),
    Item(Reply.NOT_COMING, "No"),
)
OF_THE_FAMILY = (
    Item(Reply.COMING, "Yes, I will be there"),
    Item(Reply.ONLINE, "Yes, on a screen"),
    Item(Reply.NOT_COMING, "No, I can’t come", hint="We’ll ring you. You can still say what you think."),
)


class GuestAnswerForm(GovukForm):
    button = "Send my answer"
    reply = RadiosField(
        label="Are you coming?", error_messages={"required": "Choose whether you are coming"}, choices=OF_AN_AGENCY
    )

    def __init__(self, *args: Any, is_professional: bool, sends_deputy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: tuple[Item, ...] = OF_AN_AGENCY if is_professional else OF_THE_FAMILY
        if not sends_deputy:
            choices = tuple(item for item in choices if item is not A_DEPUTY_COMES)
        self.fields["reply"] = RadiosField(
            label="Are you coming?", error_messages={"required": "Choose whether you are coming"}, choices=list(choices)
        )
        self._adapt()


class GuestAsksForm(GovukForm):
    button = "Send"
    needs = CheckboxesField(label="What do you need?", choices=Need.choices, required=False)
    text = LongTextField(
        label="Tell us more",
        required=False,
        rows=5,
        max_length=2000,
        help_text="For example, which language you need, or the name of who you don’t want to be in a room with",
    )


class NameDeputyForm(GovukForm):
    button = "Name the deputy"
    given_name = forms.CharField(
        label="First name", max_length=100, error_messages={"required": "Enter the deputy’s first name"}
    )
    family_name = forms.CharField(
        label="Last name", max_length=100, error_messages={"required": "Enter the deputy’s last name"}
    )
    title = forms.CharField(
        label="Job title", max_length=120, error_messages={"required": "Enter the deputy’s job title"}
    )
    email = forms.EmailField(
        label="Their own work e-mail address",
        help_text="Not a shared mailbox",
        error_messages={
            "required": "Enter the deputy’s own work e-mail address",
            "invalid": "Enter the deputy’s own work e-mail address, like name@agency.example",
        },
    )


class ConfirmDeputyForm(GovukForm):
    button = "Confirm and send the link"
    how_confirmed = forms.CharField(
        label="How did you check who this is?",
        help_text="For example: I rang the school’s main number and spoke to the head teacher",
        max_length=250,
        error_messages={"required": "Say how you checked who this is"},
    )
