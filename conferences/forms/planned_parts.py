"""The form that plans the parts of a sitting and who is in each."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from conferences.enums import PartKind
from conferences.forms.moments import at
from conferences.models import Part
from conferences.selectors.planned_parts import PlannedFor
from conferences.services.planned_parts import PlannedPart
from deadlines.working_days.arithmetic import LONDON
from govuk.forms import HTML, CheckboxesField, Div, Field, GovukForm, Layout, SelectField, TimeField, VersionField

MOST_PARTS = 3
KINDS = [choice for choice in PartKind.choices if choice[0] != PartKind.WHOLE]


def fields_of(number: int) -> tuple[str, str, str, str]:
    """Return the names of the fields of one part."""
    return f"kind_{number}", f"title_{number}", f"from_{number}", f"until_{number}"


class PlanPartsForm(GovukForm):
    """Up to three parts, each with its times, and for each person the parts they are in."""

    keeps_draft = True
    marks_optional = False
    button = "Save the parts"
    version = VersionField()

    def __init__(self, *args: Any, people: Sequence[PlannedFor], day: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.day = day
        layout: list[Any] = []
        for number in range(1, MOST_PARTS + 1):
            kind, title, starts, ends = fields_of(number)
            self.fields[kind] = SelectField(
                label="What is it?", choices=KINDS, required=False, empty_label="Not planned"
            )
            self.fields[title] = forms.CharField(
                label="Its name", max_length=120, required=False, help_text="For staff, such as “With the mother”"
            )
            self.fields[starts] = TimeField(label="From", required=False)
            self.fields[ends] = TimeField(label="Until", required=False)
            layout += [
                HTML(f'<h3 class="govuk-heading-m">Part {number}</h3>'),
                Div(Div(kind), Div(title), css_class="cp-columns cp-columns--halves"),
                Div(Div(starts), Div(ends), css_class="cp-columns cp-columns--halves"),
            ]
        layout.append(HTML('<h3 class="govuk-heading-m">Who is in which part</h3>'))
        for row in people:
            name = f"parts_{row.participant.pk}"
            self.fields[name] = CheckboxesField(
                label=f"{row.participant.person.full_name}, {row.participant.get_capacity_display().lower()}",
                choices=[(str(number), f"Part {number}") for number in range(1, MOST_PARTS + 1)],
                required=False,
                inline=True,
            )
            layout.append(Field(name, small=True))
        self.layout = Layout(*layout, "version")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(1, MOST_PARTS + 1):
            kind, title, starts, ends = fields_of(number)
            filled = any(data.get(name) for name in (kind, title, starts, ends))
            for name, said in (
                (kind, "Choose what this part is"),
                (title, "Give this part a name, such as “With the mother”"),
                (starts, "Enter when this part starts"),
                (ends, "Enter when this part ends"),
            ):
                if filled and not data.get(name) and name not in self.errors:
                    self.add_error(name, said)
        return data

    def parts(self) -> list[PlannedPart]:
        """Return the parts that are filled in, in order."""
        data = self.cleaned_data
        return [
            PlannedPart(data[kind], data[title], at(self.day, data[starts]), at(self.day, data[ends]))
            for kind, title, starts, ends in (fields_of(number) for number in self._filled)
        ]

    @property
    def _filled(self) -> list[int]:
        return [number for number in range(1, MOST_PARTS + 1) if self.cleaned_data.get(fields_of(number)[0])]

    def who(self) -> dict[int, frozenset[int]]:
        """Return for each person the numbers of their parts, counted among those that are filled in."""
        place = {number: place for place, number in enumerate(self._filled, start=1)}
        return {
            row.participant.pk: frozenset(
                place[int(number)]
                for number in self.cleaned_data.get(f"parts_{row.participant.pk}") or []
                if int(number) in place
            )
            for row in self.people
        }


def typed_parts(parts: Sequence[Part], people: Sequence[PlannedFor], version: int) -> dict[str, Any]:
    """Return what is planned as the form shows it. Professionals begin in every part, family is asked."""
    found: dict[str, Any] = {"version": version}
    for part in parts:
        kind, title, starts, ends = fields_of(part.number)
        found |= {
            kind: part.kind,
            title: part.title,
            starts: part.starts_at.astimezone(LONDON).time() if part.starts_at else None,
            ends: part.ends_at.astimezone(LONDON).time() if part.ends_at else None,
        }
    for row in people:
        numbers = row.numbers if parts else frozenset() if row.is_family else frozenset(range(1, MOST_PARTS + 1))
        found[f"parts_{row.participant.pk}"] = [str(number) for number in sorted(numbers)]
    return found
