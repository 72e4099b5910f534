"""Forms for dissent from the decision, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conferences.models import ConferenceChild, Participant
from govuk.forms import Conditional, DateTimeField, GovukForm, Item, Layout, LongTextField, RadiosField, SelectField
from reports.enums import DissentChoice, PrintedFor
from reports.forms.moments import forgive_unfinished
from reports.forms.people import people_choices
from reports.forms.raised import children_field, offer_children, printed_for_field


class LodgeForm(GovukForm):
    """Someone lodges a dissent, or is content with what the minutes say."""

    keeps_draft = True
    marks_optional = False
    button = "Record it"
    layout = Layout("participant", Conditional("choice", {DissentChoice.LODGED: ["children", "text", "lodged_at"]}))
    participant = SelectField(label="Who does not agree?", error_messages={"required": "Choose who does not agree"})
    choice = RadiosField(
        label="Do they want to lodge a dissent?",
        choices=[
            Item(DissentChoice.LODGED, "Yes, lodge a dissent", hint="It gets a written answer. The decision stands"),
            Item(DissentChoice.LEFT, "No: they are content with what the minutes say"),
        ],
        error_messages={"required": "Choose what they want to do"},
    )
    children = children_field("Which children was the decision about?")
    text = LongTextField(label="What do they disagree with, and why?", rows=4, required=False)
    lodged_at = DateTimeField(
        label="When did it come in?",
        required=False,
        error_messages={"required": "Enter the day it came in", "time_required": "Enter the time it came in"},
    )

    def __init__(
        self, *args: Any, people: Sequence[Participant], rows: Sequence[ConferenceChild], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        self.fields["participant"].set_choices(people_choices(people))  # type: ignore[attr-defined]
        offer_children(self, rows)

    def clean_choice(self) -> str:
        choice: str = self.cleaned_data["choice"]
        self.fields["lodged_at"].required = choice == DissentChoice.LODGED
        return choice

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("choice") != DissentChoice.LODGED:
            forgive_unfinished(self, "lodged_at")
            return typed
        for name, message in (
            ("children", "Choose the children whose decision it is about"),
            ("text", "Write what they disagree with"),
        ):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, message)
        return typed

    @property
    def is_lodged(self) -> bool:
        return self.cleaned_data["choice"] == DissentChoice.LODGED

    def person(self) -> Participant:
        return self.people[self.cleaned_data["participant"]]

    def lodging(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "participant": self.person(),
            "children": list(typed["children"]),
            "text": typed["text"],
            "lodged_at": typed["lodged_at"],
        }


class OwnDissentForm(GovukForm):
    """Not agreeing with the decision, on one's own page."""

    keeps_draft = True
    marks_optional = False
    button = "Send this"
    layout = Layout("children", "text")
    children = children_field("Which children is it about?")
    text = LongTextField(
        label="What do you not agree with, and why?",
        help_text="In your own words",
        rows=5,
        max_length=5000,
        error_messages={"required": "Write what you do not agree with"},
    )

    def __init__(self, *args: Any, rows: Sequence[ConferenceChild], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_children(self, rows)


class AnswerForm(GovukForm):
    """The answer to a dissent."""

    keeps_draft = True
    button = "Record the answer"
    answer = LongTextField(
        label="Your answer",
        help_text="The person who disagrees will read this. It does not change the decision",
        rows=5,
        error_messages={"required": "Write the answer"},
    )
    printed_for = printed_for_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("printed_for", PrintedFor.PROFESSIONALS)
