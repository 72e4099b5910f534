"""Comments on the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conferences.models import Participant
from govuk.forms import (
    DateInputField,
    GovukForm,
    Item,
    LongTextField,
    RadiosField,
    SelectField,
)
from reports.enums import CommentOutcome
from reports.forms.people import people_choices


class CommentForm(GovukForm):
    """What one recipient says is wrong in the record."""

    keeps_draft = True
    button = "Record the comment"
    participant = SelectField(
        label="Who says so?",
        help_text="Those who have had a copy of the record",
        error_messages={"required": "Choose who says so"},
    )
    received_on = DateInputField(
        label="On which day did it come in?", error_messages={"required": "Enter on which day it came in"}
    )
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
        """The fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "participant": self.people[typed["participant"]],
            "received_on": typed["received_on"],
            "text": typed["text"],
        }


class SettleForm(GovukForm):
    """What is made of one comment on the record."""

    keeps_draft = True
    button = "Settle it"
    outcome = RadiosField(
        label="What is made of it?",
        choices=[
            Item(CommentOutcome.ACCEPTED, "It is right", hint="The record gets a new version"),
            Item(CommentOutcome.KEPT_BESIDE, "The record stays", hint="The comment is kept beside it"),
        ],
        error_messages={"required": "Choose what is made of it"},
    )
    because = LongTextField(
        label="Why?",
        help_text="In words for whoever made the comment",
        rows=3,
        error_messages={"required": "Write why"},
    )
