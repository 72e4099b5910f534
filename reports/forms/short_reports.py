"""Forms of the short report: sentences of the report to mark, and what it says so far."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import (
    HTML,
    Button,
    CheckboxesField,
    Details,
    Div,
    Field,
    GovukForm,
    Layout,
    LongTextField,
    SelectField,
    VersionField,
)
from reports.enums import ShortPart
from reports.models import ReportSection, ShortPassage
from reports.services.short_reports import Edited, sentences_of

BEGINS = 60


class ShortReportForm(GovukForm):
    """The short report as it stands, to be edited, and under it the sentences of the report that may join it."""

    keeps_draft = True
    button = "Save the short report"

    def __init__(self, *args: Any, sections: list[ReportSection], passages: list[ShortPassage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections, self.passages = sections, passages
        parts: list[Any] = []
        for part in ShortPart:
            rows = [row for row in passages if row.part == part]
            inside = [self._passage(row, number) for number, row in enumerate(rows, start=1)]
            head = HTML(f'<h3 class="govuk-heading-s">{part.label}</h3>')
            nothing = HTML('<p class="govuk-body cp-none">Nothing yet</p>')
            parts.append(Div(head, *(inside or [nothing]), css_class="cp-section"))
        parts.append(HTML('<h2 class="govuk-heading-m">Mark what belongs in it</h2>'))
        parts += [self._sentences(section, number) for number, section in enumerate(sections, start=1)]
        self.layout = Layout(*parts)
        self.other_buttons = (Button("Save, and see each person’s page", name="then", value="see", look="secondary"),)
        self._adapt()

    def _passage(self, row: ShortPassage, number: int) -> Div:
        label = f"{ShortPart(row.part).label}: {number}"
        self.fields[f"text{row.pk}"] = LongTextField(label=label, rows=2, required=False)
        self.fields[f"out{row.pk}"] = forms.BooleanField(label=f"Take out ({label})", required=False)
        self.fields[f"version{row.pk}"] = VersionField()
        self.initial.update({f"text{row.pk}": row.text, f"version{row.pk}": row.version})
        return Div(Field(f"text{row.pk}", optional=False), f"out{row.pk}", css_class="cp-note")

    def _sentences(self, section: ReportSection, number: int) -> Details:
        sentences = sentences_of(section.text)
        self.fields[f"marked{section.pk}"] = CheckboxesField(
            label=f"Sentences of paragraph {number}",
            choices=[(str(place), sentence) for place, sentence in enumerate(sentences)],
            required=False,
        )
        self.fields[f"part{section.pk}"] = SelectField(
            label=f"Where do the marked sentences of paragraph {number} go?", choices=ShortPart.choices, required=False
        )
        names = (f"marked{section.pk}", f"part{section.pk}")
        begins = section.text if len(section.text) <= BEGINS else f"{section.text[:BEGINS]}…"
        return Details(*(Field(name, optional=False, small=True) for name in names), summary=begins)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for section in self.sections:
            if typed.get(f"marked{section.pk}") and not typed.get(f"part{section.pk}"):
                self.add_error(f"part{section.pk}", "Choose where the marked sentences go")
        for row in self.passages:
            if not typed.get(f"out{row.pk}") and not (typed.get(f"text{row.pk}") or "").strip():
                self.add_error(f"text{row.pk}", "Write something, or take it out")
        return typed

    def typed(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        typed = self.cleaned_data
        return {
            "marked": {
                section: (typed[f"part{section.pk}"], [int(place) for place in typed[f"marked{section.pk}"]])
                for section in self.sections
                if typed.get(f"marked{section.pk}")
            },
            "edited": [
                Edited(row, typed[f"text{row.pk}"], typed[f"version{row.pk}"] or 0, bool(typed[f"out{row.pk}"]))
                for row in self.passages
            ],
        }
