"""Forms about keeping records and disposing of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.models import Child
from govuk.forms import Conditional, DateInputField, GovukForm, Item, Layout, LongTextField, RadiosField, SelectField
from records.enums import GROUNDS_BY_HAND, HoldGround


class SetHoldForm(GovukForm):
    marks_optional = False
    button = "Set the hold"
    child = SelectField(label="What is held?", required=False, empty_label="The whole case")
    ground = RadiosField(
        label="What is it held for?",
        choices=[Item(ground, HoldGround(ground).label) for ground in GROUNDS_BY_HAND],
        error_messages={"required": "Choose what it is held for"},
    )
    reference = forms.CharField(label="Number of the order, inquest or inquiry", required=False, max_length=120)
    why = LongTextField(label="Why?", rows=3)

    def __init__(self, *args: Any, children: Sequence[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {str(row.pk): row for row in children}
        self.fields["child"].set_choices(  # type: ignore[attr-defined]
            [(key, f"Everything about {row.person.full_name}") for key, row in self.children.items()]
        )

    def chosen_child(self) -> Child | None:
        """Return the child the hold is about; None for the whole case."""
        return self.children.get(self.cleaned_data["child"])


class KeepLongerForm(GovukForm):
    button = "Keep it longer"
    until = DateInputField(label="When should it be kept until?", help_text="On that day it comes back to this list")
    why = LongTextField(label="Why is it still needed?", rows=3)


AGREE, REFUSE = "agree", "refuse"


class SettleDisposalForm(GovukForm):
    marks_optional = False
    button = "Record my answer"
    layout = Layout(Conditional("answer", {REFUSE: ["because"]}))
    answer = RadiosField(
        label="What is your answer?",
        choices=[
            Item(AGREE, "I agree: dispose of it now", hint="It can’t be brought back"),
            Item(REFUSE, "No: it has to be kept"),
        ],
        error_messages={"required": "Choose your answer"},
    )
    because = LongTextField(label="Why does it have to be kept?", rows=3, required=False)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            self.fields["answer"].set_choices([Item(REFUSE, "I withdraw this: it has to be kept")])  # type: ignore[attr-defined]
