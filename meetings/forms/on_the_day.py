"""What the forms for the day share: the meeting's people, children and parts as choices."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from conferences.models import ConferenceChild, Part, Participant
from conferences.selectors.children import short_name_of
from govuk.forms import CheckboxesField, GovukForm
from meetings.selectors.attendance import who
from meetings.selectors.day_steps import TheDay


def people_of(day: TheDay) -> list[tuple[str, str]]:
    """Return everyone on the list as choices, those who are here first."""
    rows = sorted(day.attendees, key=lambda row: (not row.is_present, row.participant.pk))
    return [(str(row.participant.pk), who(row.participant)) for row in rows if not row.is_left_out]


class OnTheDay(GovukForm):
    """A form that knows the meeting: its people, children and parts."""

    def __init__(self, *args: Any, day: TheDay, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day
        self.participants = {str(row.participant.pk): row.participant for row in day.attendees}
        if "children" in self.fields:
            self.fields["children"].set_choices(
                [(key, short_name_of(row.child)) for key, row in self.child_rows.items()]
            )
        if "part" in self.fields:
            if len(self.parts) < 2:  # noqa: PLR2004 one part is no choice
                del self.fields["part"]
            else:
                self.fields["part"].set_choices([(key, str(row)) for key, row in self.parts.items()])

    @cached_property
    def child_rows(self) -> dict[str, ConferenceChild]:
        return {str(row.pk): row for row in self.day.children}

    @cached_property
    def parts(self) -> dict[str, Part]:
        return {str(row.pk): row for row in self.day.parts}

    def person_in(self, name: str) -> Participant | None:
        """Return the person chosen in a field."""
        return self.participants.get(self.cleaned_data.get(name) or "")

    def chosen_children(self) -> list[ConferenceChild]:
        """Return the children ticked; an empty list if all are."""
        ticked = [self.child_rows[key] for key in self.cleaned_data.get("children") or []]
        return [] if len(ticked) == len(self.child_rows) else ticked

    def chosen_part(self) -> Part | None:
        """Return the part chosen, if there are several."""
        return self.parts.get(self.cleaned_data.get("part") or "")


def children_field(label: str = "About") -> CheckboxesField:
    """Return checkboxes for the children of the meeting; none ticked means all of them."""
    return CheckboxesField(
        label=label, required=False, inline=True, help_text="Leave all unticked if it is about all the children."
    )
