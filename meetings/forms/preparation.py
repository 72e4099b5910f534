"""Forms with which the chair prepares: own notes, the talk with one of the family, and their words for the board."""

from __future__ import annotations

from typing import Any

from django import forms

from deadlines.policies import Policy
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    DateTimeField,
    Field,
    GovukForm,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
    VersionField,
)
from meetings.enums import TalkAnswered, TalkHow, TalkItem
from meetings.forms.on_the_day import OnTheDay, children_field
from meetings.selectors.talks_before import TalkRow
from meetings.services.preparation import TalkFacts

# The points about which more than the answer is worth keeping.
ASKED_MORE: dict[TalkItem, str] = {
    TalkItem.NEWS: "What was the news?",
    TalkItem.COMFORTABLE: "What would help?",
    TalkItem.SEAT: "Where?",
    TalkItem.FIRST: "First or last?",
    TalkItem.SAFE: "How do they arrive and leave?",
}


class ChairNoteForm(GovukForm):
    """The chair's own notes."""

    keeps_draft = True
    button = "Save my notes"
    text = LongTextField(label="My notes", required=False, rows=6)
    version = VersionField()


class TalkForm(GovukForm):
    """The talk with one member of the family, point by point."""

    keeps_draft = True
    marks_optional = False
    button = "Save"
    planned_at = DateTimeField(label="When do you talk?", required=False)
    how = RadiosField(label="How do you talk?", choices=TalkHow.choices, required=False)
    is_held = CheckboxesField(label="Has it taken place?", choices=[("yes", "We have talked")], required=False)
    version = VersionField()

    def __init__(self, *args: Any, row: TalkRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        names: list[str] = []
        for item in TalkItem:
            self.fields[item.value] = RadiosField(
                label=item.label, choices=TalkAnswered.choices, inline=True, initial=TalkAnswered.NOT_ASKED
            )
            names.append(item.value)
            if item in ASKED_MORE:
                more = forms.CharField(label=ASKED_MORE[item], required=False, max_length=500)
                self.fields[f"{item.value}_note"] = more
                names.append(f"{item.value}_note")
        self.fields["note"] = LongTextField(label="Anything else", required=False, rows=3)
        self.layout = Layout(
            "planned_at", Field("how", small=True), *(Field(name) for name in names), "note", "is_held", "version"
        )

    def facts(self) -> TalkFacts:
        """Return what the service takes."""
        data = self.cleaned_data
        return TalkFacts(
            planned_at=data["planned_at"],
            how=data["how"] or "",
            is_held=bool(data["is_held"]),
            note=data["note"],
            points={item.value: (data[item.value], data.get(f"{item.value}_note") or "") for item in TalkItem},
        )


def typed_of(row: TalkRow) -> dict[str, Any]:
    """Return a talk as its form shows it."""
    found: dict[str, Any] = {"planned_at": row.planned_at, "version": row.talk.version if row.talk else 0}
    if row.talk is not None:
        found |= {"how": row.talk.how, "note": row.talk.note, "is_held": ["yes"] if row.talk.held_at else []}
    for item, point in row.points.items():
        found |= {item: point.answer, f"{item}_note": point.note}
    return found


class WordsForBoardForm(OnTheDay):
    """What one of the family said before the meeting, in their words, for the board."""

    keeps_draft = True
    button = "Put it on the board"
    text = LongTextField(
        label="What they say, in their own words", error_messages={"required": "Write what they say."}, rows=4
    )
    heading = SelectField(label="Heading")
    children = children_field()
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="It includes private information about",
        help_text="Other people’s copies of the minutes will leave it out. The room’s screen shows no private note.",
        required=False,
        label_from=lambda person: person.full_name,
    )
    agreed = CheckboxesField(
        label="Do they agree that it goes on the board?",
        choices=[("yes", "Yes, I have read it to them and they agree")],
        error_messages={"required": "Only what they agree to goes on the board. Ask them first."},
    )

    def __init__(self, *args: Any, policy: Policy, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].set_choices([(row.key, row.label) for row in policy.framework.headings])
        self.fields["private_to"].queryset = persons
