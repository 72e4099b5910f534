"""Forms for requests to the chair, the decisions about them, and replies to invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from conferences.enums import HowToAttend, Reply
from conferences.models import Part, Participant
from families.models import Person
from govuk import words
from govuk.forms import (
    CheckboxesField,
    GovukForm,
    Item,
    LongTextField,
    ModelCheckboxesField,
    ModelSelectField,
    RadiosField,
    SelectField,
    TimeField,
)


class AskChairForm(GovukForm):
    keeps_draft = True
    button = "Send to the chair"
    asked_for = ModelSelectField(
        Person.objects.none(),
        label="Who in the family is asking?",
        required=False,
        empty_label="No one in the family",
        label_from=lambda person: person.full_name,
    )
    from_whom = forms.CharField(
        label="Who else is asking?", required=False, max_length=200, help_text="For example, the police, or the school"
    )
    reason = LongTextField(
        label="Why should they be kept out or attend differently, and what is the evidence?",
        error_messages={"required": "Say why, and what the evidence is"},
        rows=5,
    )
    evidence = LongTextField(
        label="Where is the evidence?",
        required=False,
        rows=3,
        help_text="For example, a court order with its date, a crime number, who saw it. Only who decides reads it",
    )

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_for"].queryset = persons


class DecideRequestForm(GovukForm):
    keeps_draft = True
    button = "Record the decision"
    how = RadiosField(
        label="How should they take part?",
        error_messages={"required": "Choose how they take part"},
        choices=[
            Item(HowToAttend.WHOLE, "The whole meeting"),
            Item(HowToAttend.PART, "Part of the meeting"),
            Item(HowToAttend.SEPARATE_TIME, "At a separate time"),
            Item(HowToAttend.SEPARATE_PLACE, "In a separate place"),
            Item(HowToAttend.VIDEO, "By video"),
            Item(HowToAttend.NOT_AT_ALL, "Not at all", divider="or", hint="No invitation and no papers go to them"),
        ],
    )
    arrives = TimeField(
        label="Their own arrival time",
        required=False,
        help_text="Needed for a separate time. They are only told this time.",
    )
    parts = CheckboxesField(
        label="Which parts may they be in?",
        required=False,
        help_text="If it is part of the meeting. They are told their own times, and nothing of the other parts",
    )
    reason = LongTextField(
        label="Why did you decide this?", error_messages={"required": "Say why you decided this"}, rows=5
    )
    views_through = ModelSelectField(
        Participant.objects.none(),
        label="Who will bring their views to the meeting?",
        required=False,
        empty_label="No one: they will come themselves",
        help_text="Needed if they will not come at all",
    )

    told_text = LongTextField(
        label="What are they told?",
        required=False,
        rows=8,
        max_length=3000,
        help_text="They know of the meeting already, so they get these words. Say what they may do, and who brings "
        "what they think to the meeting. Never say who asked, or why. If they may come to the whole meeting, they get "
        "their invitation again and not these words",
    )
    answer_text = LongTextField(
        label="What is the person who asked told?",
        required=False,
        rows=5,
        max_length=3000,
        help_text="What they asked, and what you decided",
    )
    absence_text = LongTextField(
        label="What may others in the family read, so that they know who will not be there?",
        required=False,
        rows=3,
        max_length=500,
        help_text="For example: Dale will not be in the building. We talk with him on another day, on a screen.",
    )
    absence_readers = ModelCheckboxesField(
        Participant.objects.none(), label="Who reads that sentence on their own page?", required=False
    )
    risks_seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, others: Any, readers: Any, knows: bool, was_asked: bool, parts: Sequence[Part], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.planned = {str(part.pk): part for part in parts}
        if self.planned:
            self.fields["parts"].set_choices([(key, part_words(part)) for key, part in self.planned.items()])
        else:
            del self.fields["parts"]
        for name, is_needed in (("told_text", knows), ("answer_text", was_asked)):
            if not is_needed:
                del self.fields[name]
        if readers:
            who = self.fields["absence_readers"]
            who.queryset = readers
            who.label_from = lambda row: f"{row.person.full_name}, {row.get_capacity_display().lower()}"
        else:
            del self.fields["absence_text"], self.fields["absence_readers"]
        field = self.fields["views_through"]
        field.queryset = others
        field.label_from = lambda row: f"{row.person.full_name}, {row.get_capacity_display().lower()}"

    def chosen_parts(self) -> list[Part]:
        """Return the parts that are ticked; none where none is planned."""
        return [self.planned[key] for key in self.cleaned_data.get("parts") or []]


def part_words(part: Part) -> str:
    """Return a planned part with its times: "With the mother, 11:30 to 12:30"."""
    if part.starts_at is None or part.ends_at is None:
        return str(part)
    return f"{part}, {words.clock(part.starts_at)} to {words.clock(part.ends_at)}"


class ReplyForm(GovukForm):
    button = "Record the answer"
    reply = SelectField(label="Answer", choices=Reply.choices)


class MyInvitationForm(GovukForm):
    button = "Send my answer"
    reply = RadiosField(
        label="Are you coming?",
        error_messages={"required": "Choose whether you are coming"},
        choices=[
            Item(Reply.COMING, "Yes, in the room"),
            Item(Reply.ONLINE, "Yes, online"),
            Item(
                Reply.DEPUTY,
                "No, I’m sending a deputy",
                hint="Someone who can speak for your agency. Ring the coordinator to give their name.",
            ),
            Item(Reply.REPORT_ONLY, "No, but I’ll send a report"),
            Item(Reply.NOT_COMING, "No"),
        ],
    )
