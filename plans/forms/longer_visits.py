"""Form about visits further apart than the ceiling: the answer, and why not."""

from __future__ import annotations

from typing import Any

from govuk.forms import Conditional, GovukForm, Item, Layout, LongTextField, RadiosField

YES, NO = "yes", "no"


class LongerVisitsForm(GovukForm):
    keeps_draft = True
    marks_optional = False
    button = "Record my answer"
    layout = Layout(Conditional("answer", {NO: ["reason"]}))
    answer = RadiosField(
        label="Do you agree that the child is visited less often?",
        choices=[Item(YES, "Yes, from today"), Item(NO, "No, the usual limit goes on")],
        error_messages={"required": "Choose whether you agree"},
    )
    reason = LongTextField(label="Why not?", rows=4, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("answer") == NO and not (typed.get("reason") or "").strip():
            self.add_error("reason", "Say why you do not agree")
        return typed
