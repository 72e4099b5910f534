"""The form for a note on the board."""

from __future__ import annotations

from typing import Any

from deadlines.policies import Policy
from families.models import Person
from govuk.forms import (
    Details,
    Div,
    Field,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
    VersionField,
)
from meetings.enums import Nature
from meetings.forms.on_the_day import OnTheDay, children_field, people_of


class EntryForm(OnTheDay):
    """One note on the board."""

    keeps_draft = True
    marks_optional = False
    button = "Add to the board"
    # In the order in which one hears it: heading, speaker, kind, subject, words.
    layout = Layout(
        Div(
            "heading",
            "speaker",
            Field("nature", segments=True),
            Field("children", small=True),
            Div("text", css_class="cp-entry__half"),
            Div("evidence", css_class="cp-entry__half"),
            Div("part", css_class="cp-entry__half"),
            Details(
                "seen_differently",
                Field("private_to", small=True),
                summary="Seen differently, or private",
                shows_filled=True,
                css_class="cp-entry__whole",
            ),
            css_class="cp-entry",
        )
    )
    heading = SelectField(label="Heading")
    speaker = SelectField(label="Who says it", required=False, empty_label="No one in particular")
    nature = RadiosField(label="It is", choices=Nature.choices, inline=True)
    children = children_field()
    part = SelectField(label="Said in", required=False, empty_label="The first part")
    text = LongTextField(label="What was said", rows=2, error_messages={"required": "Write what was said."})
    evidence = LongTextField(label="If it is an opinion, what is it based on?", rows=2, required=False)
    seen_differently = LongTextField(
        label="Seen differently", rows=2, required=False, help_text="Who sees it differently, and how."
    )
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="It includes private information about",
        help_text="Other people’s copies of the minutes will leave it out.",
        required=False,
        label_from=lambda person: person.full_name,
    )
    version = VersionField()

    def __init__(self, *args: Any, policy: Policy, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].set_choices([(row.key, row.label) for row in policy.framework.headings])
        self.fields["speaker"].set_choices(people_of(self.day))
        self.fields["private_to"].queryset = persons

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("nature") == Nature.OPINION and not (data.get("evidence") or "").strip():
            self.add_error("evidence", "Write what this opinion is based on.")
        return data

    def note(self) -> dict[str, Any]:
        """Return the values that the services take."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("heading", "nature", "text", "evidence", "seen_differently")},
            "speaker": self.person_in("speaker"),
            "children": self.chosen_children(),
            "private_to": data["private_to"],
            "part": self.chosen_part(),
        }
