"""Forms for children who moved here with another council's plan."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms

from families.enums import TransferState
from families.models import Child
from families.words import child_line
from govuk.forms import DateInputField, GovukForm, Item, LongTextField, ModelCheckboxesField, RadiosField


class TransferInForm(GovukForm):
    keeps_draft = True
    button = "Save the move"
    children = ModelCheckboxesField(
        Child.objects.none(),
        label="Which children moved here?",
        label_from=lambda child: child.person.full_name,
        error_messages={"required": "Choose at least one child"},
    )
    notified_on = DateInputField(
        label="When were we told?",
        help_text="By letter, message or phone, whichever came first. The time limit for the "
        "conference is counted from this day.",
        error_messages={"required": "Enter the day we were told"},
    )
    from_authority = forms.CharField(
        label="Which council has the plan?",
        max_length=120,
        error_messages={"required": "Enter the council that has the plan"},
    )
    told_by = forms.CharField(
        label="Who told us, and how?",
        help_text="For example, the social worker there, by phone",
        max_length=200,
        error_messages={"required": "Enter who told us"},
    )
    plan_there = LongTextField(
        label="What plan do the children have there?",
        help_text="Kind of plan, main category and start date, as far as you know",
        required=False,
        rows=3,
    )

    def __init__(self, *args: Any, children: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["children"]
        field.queryset = children
        field.describe(field.label_from, lambda child: child_line(child, on=on), None)


class SettleTransferForm(GovukForm):
    keeps_draft = True
    button = "Save the outcome"
    state = RadiosField(
        label="What was the outcome of the move?",
        error_messages={"required": "Choose the outcome of the move"},
        choices=[
            Item(
                TransferState.ACCEPTED,
                "The child moved here for good",
                hint="The conference is held within its time limit.",
            ),
            Item(
                TransferState.TEMPORARY,
                "The child is here only for a time",
                hint="The other council keeps its plan and its conferences. "
                "If the child stays after all, record the day you are told.",
            ),
            Item(TransferState.REFUSED, "We are not taking over the case"),
            Item(TransferState.RETURNED, "The child has gone back"),
            Item(TransferState.CANCELLED, "It was recorded by mistake"),
        ],
    )
    reason = LongTextField(
        label="What is this based on?",
        error_messages={"required": "Say what this is based on"},
        help_text="Who said so, and when",
        rows=4,
    )
