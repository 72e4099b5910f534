"""The form for a note on the board."""

from __future__ import annotations

from typing import Any

from deadlines.policies import Policy
from govuk.forms import SelectField
from meetings.forms.notes import NoteForm, note_layout
from meetings.forms.on_the_day import OnTheDay, children_field, people_of


class EntryForm(OnTheDay, NoteForm):
    """One note on the board."""

    button = "Add to the board"
    layout = note_layout("part")
    children = children_field()
    part = SelectField(label="Said in", required=False, empty_label="The first part")

    def __init__(self, *args: Any, policy: Policy, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heading"].set_choices([(row.key, row.label) for row in policy.framework.headings])
        self.fields["speaker"].set_choices(people_of(self.day))
        self.fields["private_to"].queryset = persons

    def note(self) -> dict[str, Any]:
        """Return the values that the services take."""
        return {
            **self.said(),
            "speaker": self.person_in("speaker"),
            "children": self.chosen_children(),
            "part": self.chosen_part(),
        }
