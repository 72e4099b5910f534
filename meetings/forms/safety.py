"""Forms for a child who is not safe tonight, and for what is done now."""

from __future__ import annotations

from typing import Any

from django import forms

from conferences.selectors.children import short_name_of
from govuk.forms import GovukForm, LongTextField, RadiosField, SelectField
from meetings.forms.on_the_day import OnTheDay, people_of


def stop_fields() -> tuple[RadiosField, SelectField, LongTextField]:
    """Return what is asked of a stop at a conference and at a core group: which child, who says it, what was said."""
    said = LongTextField(
        label="What was said?", error_messages={"required": "Write what was said: why is the child not safe tonight?"}
    )
    says = SelectField(label="Who says it?", required=False, empty_label="No one in particular")
    return RadiosField(label="Which child?"), says, said


class RaiseStopForm(OnTheDay):
    """Someone says that a child is not safe tonight."""

    keeps_draft = True
    button = "Tell the chair and the social worker"
    child, said_by, said = stop_fields()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, short_name_of(row.child)) for key, row in self.child_rows.items()]
        self.fields["child"].set_choices(choices)
        self.fields["said_by"].set_choices(people_of(self.day))
        if len(choices) == 1:
            self.initial.setdefault("child", choices[0][0])


class SettleStopForm(GovukForm):
    """What is done now, by whom and when."""

    keeps_draft = True
    button = "Record it and continue"
    action = LongTextField(label="What is being done now?")
    action_by = forms.CharField(label="By whom?", max_length=200)
    action_when = forms.CharField(label="When?", max_length=200, help_text="For example “now” or “by 15:00 today”.")
