"""Forms about whether a conference is held: the answer, and why a refusal is taken further."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import Conditional, GovukForm, Item, Layout, LongTextField, RadiosField

YES, NO = "yes", "no"


class YesOrWhyNotForm(GovukForm):
    """An answer of someone whom the procedures name: yes, or no with the reason."""

    keeps_draft = True
    marks_optional = False
    why_not_missing = "Say why you do not agree"
    button = "Record my answer"
    layout = Layout(Conditional("answer", {NO: ["reason"]}))
    answer = RadiosField(
        label="Do you agree?",
        choices=[Item(YES, "Yes"), Item(NO, "No")],
        error_messages={"required": "Choose whether you agree"},
    )
    reason = LongTextField(label="Why not?", rows=4, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("answer") == NO and not (typed.get("reason") or "").strip():
            self.add_error("reason", self.why_not_missing)
        return typed


class AgreeForm(YesOrWhyNotForm):
    """Whether someone whom the procedures name agrees that the conference is held, and if not, why."""

    answer = RadiosField(
        label="Do you agree that this conference is held?",
        choices=[
            Item(YES, "Yes, it is needed", hint="The invitations can go from now"),
            Item(NO, "No", hint="Nothing goes out. Who asked is told why, and can take it to a service manager"),
        ],
        error_messages={"required": "Choose whether you agree"},
    )
    reason = LongTextField(
        label="Why not?", help_text="And what keeps the children safe instead", rows=4, required=False
    )
    agreement = forms.IntegerField(widget=forms.HiddenInput)


class AcceptCompanionForm(YesOrWhyNotForm):
    """Whether the chair accepts someone who comes with the family, and if not, why."""

    answer = RadiosField(
        label="Do you accept them?",
        choices=[
            Item(YES, "Yes", hint="Their invitation can go"),
            Item(NO, "No", hint="Nothing is sent to them. The coordinator is told why, and finds someone else"),
        ],
        error_messages={"required": "Choose whether you accept them"},
    )
    reason = LongTextField(
        label="Why not?", help_text="The coordinator and the social worker read this", rows=4, required=False
    )
    check = forms.IntegerField(widget=forms.HiddenInput)
    why_not_missing = "Say why you do not accept them"
