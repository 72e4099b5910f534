"""Forms for complaints about how a conference was run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from conferences.models import Participant
from govuk.forms import DateInputField, GovukForm, LongTextField, RadiosField, SelectField
from reports.enums import ComplaintOutcome
from reports.forms.people import people_choices


class ComplaintForm(GovukForm):
    """A complaint as it was received."""

    keeps_draft = True
    button = "Record the complaint"
    marks_optional = False
    received_on = DateInputField(
        label="When did it come in?",
        help_text="For example, 28 12 2026",
        error_messages={"required": "Enter the day it came in"},
    )
    participant = SelectField(label="Who is complaining?", empty_label="Someone who is not on the list", required=False)
    described = forms.CharField(
        label="If they are not on the list, who are they?",
        help_text="For example: a grandmother who was not invited",
        max_length=200,
        required=False,
    )
    about = LongTextField(
        label="What is the complaint about?",
        help_text="In their own words, as far as you have them",
        rows=5,
        error_messages={"required": "Write what the complaint is about"},
    )
    told_on = DateInputField(
        label="When did you tell them that a complaint does not change the decision?",
        help_text="Leave empty if you have not told them yet",
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        self.fields["participant"].set_choices(people_choices(people))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        named, said = bool(typed.get("participant")), bool((typed.get("described") or "").strip())
        if not named and not said and not {"participant", "described"} & self.errors.keys():
            self.add_error("participant", "Choose who is complaining, or describe them")
        if named and said:
            self.add_error("described", "Leave this empty, or choose that they are not on the list")
        return typed

    def complaint(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "received_on": typed["received_on"],
            "participant": self.people.get(typed["participant"]),
            "described": typed["described"],
            "about": typed["about"],
            "told_on": typed["told_on"],
        }


def _outcome_field(**changes: Any) -> RadiosField:
    return RadiosField(
        label="What became of the complaint?",
        choices=ComplaintOutcome.choices,
        error_messages={"required": "Choose what became of the complaint"},
        **changes,
    )


THEY_READ_IT = "Whoever complained reads this on their own page, if they have one. It does not change the decision"


class ComplaintAnswerForm(GovukForm):
    """What has been done about a complaint."""

    keeps_draft = True
    button = "Record what was done"
    told_on = DateInputField(
        label="When did you tell them that a complaint does not change the decision?",
        error_messages={"required": "Enter the day they were told"},
    )
    outcome = _outcome_field(required=False)
    answer = LongTextField(
        label="The answer", help_text=f"{THEY_READ_IT}. Leave empty if there is none yet", rows=5, required=False
    )
    answered_on = DateInputField(label="When was the answer sent?", required=False)

    def __init__(self, *args: Any, answers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not answers:
            del self.fields["outcome"], self.fields["answer"], self.fields["answered_on"]


class TakeFurtherForm(GovukForm):
    """Why the answer to a complaint does not satisfy whoever complained."""

    keeps_draft = True
    button = "Take it further"
    asked_on = DateInputField(
        label="When did they ask for it?", error_messages={"required": "Enter the day they asked for it"}
    )
    because = LongTextField(
        label="What is still wrong?",
        help_text="In their own words, as far as you have them",
        rows=5,
        error_messages={"required": "Write what is still wrong"},
    )


class StageAnswerForm(GovukForm):
    """The answer of a later stage of a complaint."""

    keeps_draft = True
    button = "Record the answer"
    looked_at_by = forms.CharField(
        label="Who looked at it?",
        help_text="Name and post. Of a panel, everybody on it. None of them chaired the conference or answered before",
        max_length=500,
        error_messages={"required": "Say who looked at it"},
    )
    outcome = _outcome_field()
    answer = LongTextField(
        label="The answer", help_text=THEY_READ_IT, rows=5, error_messages={"required": "Write the answer"}
    )
    answered_on = DateInputField(
        label="When was the answer sent?", error_messages={"required": "Enter the day the answer was sent"}
    )


class OwnComplaintForm(GovukForm):
    """A complaint, on one's own page."""

    keeps_draft = True
    button = "Send this"
    about = LongTextField(
        label="What went wrong?",
        help_text="In your own words",
        rows=5,
        max_length=5000,
        error_messages={"required": "Write what went wrong"},
    )


class OwnFurtherForm(GovukForm):
    """Why the answer is not enough, on one's own page."""

    keeps_draft = True
    button = "Send this"
    because = LongTextField(
        label="What is still wrong?",
        help_text="In your own words",
        rows=5,
        max_length=5000,
        error_messages={"required": "Write what is still wrong"},
    )
