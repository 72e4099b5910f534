"""Forms for comments on the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conferences.models import Participant
from govuk.forms import DateInputField, GovukForm, Item, LongTextField, RadiosField, SelectField
from reports.enums import CommentOutcome
from reports.forms.people import people_choices


class CommentForm(GovukForm):
    """What one recipient says is wrong in the minutes."""

    keeps_draft = True
    button = "Record the comment"
    participant = SelectField(
        label="Whose comment is it?",
        help_text="People who have had a copy of the minutes",
        error_messages={"required": "Choose whose comment it is"},
    )
    received_on = DateInputField(label="When did it come in?", error_messages={"required": "Enter the day it came in"})
    text = LongTextField(
        label="What do they say is wrong?",
        help_text="In their words",
        rows=4,
        error_messages={"required": "Write what they say is wrong"},
    )

    def __init__(self, *args: Any, people: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        self.fields["participant"].set_choices(people_choices(people))  # type: ignore[attr-defined]

    def comment(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "participant": self.people[typed["participant"]],
            "received_on": typed["received_on"],
            "text": typed["text"],
        }


class SettleForm(GovukForm):
    """The outcome of one comment on the minutes."""

    keeps_draft = True
    button = "Settle the comment"
    outcome = RadiosField(
        label="What is the outcome?",
        choices=[
            Item(CommentOutcome.ACCEPTED, "It is right", hint="There will be a new version of the minutes"),
            Item(CommentOutcome.KEPT_BESIDE, "The minutes stay as they are", hint="The comment is kept with them"),
        ],
        error_messages={"required": "Choose the outcome"},
    )
    because = LongTextField(
        label="Why?",
        help_text="The person who made the comment will read this",
        rows=3,
        error_messages={"required": "Write why"},
    )
