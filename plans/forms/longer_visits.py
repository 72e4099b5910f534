"""Form about visits further apart than the ceiling: the answer, and why not."""

from __future__ import annotations

from conferences.forms.agreements import NO, YES, YesOrWhyNotForm
from govuk.forms import Item, RadiosField


class LongerVisitsForm(YesOrWhyNotForm):
    answer = RadiosField(
        label="Do you agree that the child is visited less often?",
        choices=[Item(YES, "Yes, from today"), Item(NO, "No, the usual limit goes on")],
        error_messages={"required": "Choose whether you agree"},
    )
