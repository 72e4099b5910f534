"""What people type about dissent, complaints and comments on the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from conferences.models import ConferenceChild, Participant
from conferences.selectors.children import short_name_of
from govuk.forms import (
    DateInputField,
    GovukForm,
    Item,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
    TimeField,
)
from reports.enums import CommentOutcome, DissentChoice
from reports.forms import at
from reports.selectors.objections import described


def _people(rows: Sequence[Participant]) -> list[tuple[str, str]]:
    return [(str(row.pk), described(row)) for row in rows]


class LodgeForm(GovukForm):
    """Somebody lodges a dissent, or leaves it at what the record says."""

    keeps_draft = True
    marks_optional = False
    reveals = {"choice": {DissentChoice.LODGED: ["children", "text", "lodged_on", "lodged_time"]}}
    participant = SelectField(
        label="Who does not agree?", error_messages={"required": "Choose who does not agree"}
    )
    choice = RadiosField(
        label="What do they want?",
        choices=[
            Item(DissentChoice.LODGED, "To lodge it", hint="It is answered in writing. The decision stands"),
            Item(DissentChoice.LEFT, "To leave it at what the record says"),
        ],
        error_messages={"required": "Choose what they want"},
    )
    children = ModelCheckboxesField(
        ConferenceChild.objects.none(),
        label="About whom was the decision?",
        label_from=lambda row: _capitalised(short_name_of(row.child)),
        required=False,
    )
    text = LongTextField(label="What do they not agree with, and why?", rows=4, required=False)
    lodged_on = DateInputField(label="On which day did it come in?", required=False)
    lodged_time = TimeField(label="At what time?", help_text="For example, 14:00 or 2pm", required=False)

    def __init__(
        self, *args: Any, people: Sequence[Participant], rows: Sequence[ConferenceChild], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        self.fields["participant"].set_choices(_people(people))  # type: ignore[attr-defined]
        self.fields["children"].queryset = (  # type: ignore[attr-defined]
            ConferenceChild.objects.filter(pk__in=[row.pk for row in rows])
            .select_related("child__person", "child__pregnancy")
            .order_by("pk")
        )
        if len(rows) == 1 and not self.is_bound:
            self.initial.setdefault("children", [rows[0].pk])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("choice") != DissentChoice.LODGED:
            return typed
        for name, message in (
            ("children", "Choose the children whose decision it is about"),
            ("text", "Write what they do not agree with"),
            ("lodged_on", "Enter on which day it came in"),
            ("lodged_time", "Enter at what time it came in"),
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
        """The fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "participant": self.person(),
            "children": list(typed["children"]),
            "text": typed["text"],
            "lodged_at": at(typed["lodged_on"], typed["lodged_time"]),
        }


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]


class AnswerForm(GovukForm):
    """The answer to a dissent."""

    keeps_draft = True
    answer = LongTextField(
        label="Your answer",
        help_text="In words for the person who dissents. The decision itself is not changed here",
        rows=5,
        error_messages={"required": "Write the answer"},
    )


class ComplaintForm(GovukForm):
    """A complaint as it came in."""

    keeps_draft = True
    marks_optional = False
    received_on = DateInputField(
        label="On which day did it come in?",
        help_text="For example, 28 12 2026",
        error_messages={"required": "Enter on which day it came in"},
    )
    participant = SelectField(
        label="Who complains?",
        empty_label="Somebody who is not on the list",
        required=False,
    )
    described = forms.CharField(
        label="If they are not on the list, who is it?",
        help_text="For example: a grandmother who was not invited",
        max_length=200,
        required=False,
    )
    about = LongTextField(
        label="What is the complaint about?",
        help_text="In their words, as far as you have them",
        rows=5,
        error_messages={"required": "Write what the complaint is about"},
    )
    told_on = DateInputField(
        label="When were they told that a complaint does not change the decision?",
        help_text="Leave empty if that has yet to be done",
        required=False,
    )

    def __init__(self, *args: Any, people: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        self.fields["participant"].set_choices(_people(people))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        named, said = bool(typed.get("participant")), bool((typed.get("described") or "").strip())
        if not named and not said and not {"participant", "described"} & self.errors.keys():
            self.add_error("participant", "Choose who complains, or describe them")
        if named and said:
            self.add_error("described", "Leave this empty, or choose that they are not on the list")
        return typed

    def complaint(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "received_on": typed["received_on"],
            "participant": self.people.get(typed["participant"]),
            "described": typed["described"],
            "about": typed["about"],
            "told_on": typed["told_on"],
        }


class ComplaintAnswerForm(GovukForm):
    """What has been done about a complaint."""

    keeps_draft = True
    told_on = DateInputField(
        label="When were they told that a complaint does not change the decision?",
        error_messages={"required": "Enter on which day they were told"},
    )
    answer = LongTextField(
        label="The answer", help_text="Leave empty if there is none yet", rows=5, required=False
    )
    answered_on = DateInputField(label="On which day did the answer go?", required=False)


class CommentForm(GovukForm):
    """What one recipient says is wrong in the record."""

    keeps_draft = True
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
        self.fields["participant"].set_choices(_people(people))  # type: ignore[attr-defined]

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
