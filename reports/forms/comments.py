"""Forms for comments on the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conferences.models import ConferenceChild, Participant
from govuk.forms import Conditional, DateInputField, GovukForm, Item, Layout, LongTextField, RadiosField, SelectField
from reports.enums import CommentOutcome, PrintedFor
from reports.forms.people import people_choices
from reports.forms.raised import children_field, offer_children, printed_for_field


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
    quoted = LongTextField(
        label="Which words of the minutes is it about?",
        help_text="Copy the sentence or passage from their minutes",
        rows=2,
        max_length=2000,
        required=False,
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
        """Return the fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "participant": self.people[typed["participant"]],
            "received_on": typed["received_on"],
            "quoted": typed["quoted"],
            "text": typed["text"],
        }


class OwnCommentForm(GovukForm):
    """What is wrong in one's own copy of the minutes, on one's own page."""

    keeps_draft = True
    button = "Send this"
    quoted = LongTextField(
        label="Which words are wrong?",
        help_text="Copy the sentence from your paper. Or say where it stands",
        rows=3,
        max_length=2000,
        error_messages={"required": "Say which words are wrong"},
    )
    text = LongTextField(
        label="What is right?",
        help_text="In your own words",
        rows=4,
        max_length=5000,
        error_messages={"required": "Write what is right"},
    )


class SettleForm(GovukForm):
    """The outcome of one comment on the minutes."""

    keeps_draft = True
    button = "Settle the comment"
    layout = Layout(Conditional("outcome", {CommentOutcome.KEPT_BESIDE: ["printed_for", "children"]}), "because")
    outcome = RadiosField(
        label="What is the outcome?",
        choices=[
            Item(CommentOutcome.ACCEPTED, "It is right", hint="There will be a new version of the minutes"),
            Item(
                CommentOutcome.KEPT_BESIDE,
                "The minutes stay as they are",
                hint="The comment and your answer are printed with them",
            ),
        ],
        error_messages={"required": "Choose the outcome"},
    )
    printed_for = printed_for_field()
    children = children_field("Which children is it about?")
    because = LongTextField(
        label="Why?",
        help_text="The person who made the comment will read this, and whoever reads the comment with the minutes",
        rows=3,
        error_messages={"required": "Write why"},
    )

    def __init__(self, *args: Any, rows: Sequence[ConferenceChild] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_children(self, rows)
        self.initial.setdefault("printed_for", PrintedFor.PROFESSIONALS)
