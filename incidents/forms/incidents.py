"""The forms of an incident."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import GuestLink
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    Conditional,
    DateInputField,
    DateTimeField,
    FormKeyField,
    GovukForm,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
    YesNoField,
)
from incidents.enums import IncidentKind, StepKind
from incidents.selectors.incidents import OpenLink, copy_in_words
from incidents.services.incidents import WhatHappened
from reports.models import Copy

YES = "yes"
CLOSE_NOW = "A closed link opens nothing any more, whoever has it. Send a new one when it is safe."


class _LinksField(CheckboxesField):
    """Links to close. One that is closed already, as when the form is sent twice, is left out and no fault."""

    def clean(self, value: Any) -> Any:
        known = {key for key, _ in self.choices}
        return super().clean([one for one in value or [] if one in known])


def set_links(field: forms.Field, links: Sequence[OpenLink]) -> dict[str, GuestLink]:
    """Offer these links, and return them by what the form sends."""
    found = {str(row.link.pk): row for row in links}
    field.set_choices([(key, row.label) for key, row in found.items()])  # type: ignore[attr-defined]
    return {key: row.link for key, row in found.items()}


class RecordForm(GovukForm):
    keeps_draft = True
    button = "Record the incident"
    layout = Layout(
        "kind", "copy", "paper", "happened", "who_has_it", "aware_at", "at_risk", "danger", "links", "form_key"
    )
    kind = RadiosField(label="What went wrong?", choices=IncidentKind.choices)
    copy = SelectField(
        label="Which copy was it?", required=False, empty_label="None of these: I say it in the next box"
    )
    paper = forms.CharField(
        label="What was it, if it is not one of these copies?",
        max_length=200,
        required=False,
        help_text="For example an invitation, a list of who comes, an e-mail, or what was said",
    )
    happened = LongTextField(
        label="What happened?",
        rows=4,
        help_text="Where it went, when, and what kind of thing it tells. Leave out addresses that are kept secret",
    )
    who_has_it = LongTextField(label="Who has it now, or may have seen it?", rows=2)
    aware_at = DateTimeField(label="When did somebody at the council first learn of it?")
    at_risk = CheckboxesField(
        label="Who is in danger because of it?",
        required=False,
        help_text="Think of an address, a school, a time or a place that somebody now knows. Each is told safely today",
    )
    danger = LongTextField(label="What could happen to them?", rows=2, required=False)
    links = _LinksField(label="Which links are closed now?", required=False, help_text=CLOSE_NOW)
    form_key = FormKeyField()

    def __init__(
        self, *args: Any, copies: Sequence[Copy], people: Sequence[Person], links: Sequence[OpenLink], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.copies = {str(row.pk): row for row in copies}
        self.people = {str(row.pk): row for row in people}
        self.fields["copy"].set_choices([(key, copy_in_words(row)) for key, row in self.copies.items()])  # type: ignore[attr-defined]
        self.fields["at_risk"].set_choices([(key, row.full_name) for key, row in self.people.items()])  # type: ignore[attr-defined]
        self.open_links = set_links(self.fields["links"], links)

    def what(self) -> WhatHappened:
        """Return what happened, as the service takes it."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("kind", "paper", "happened", "who_has_it", "aware_at")}
        return WhatHappened(copy=self.copies.get(data["copy"]), **said)

    def chosen_people(self) -> list[Person]:
        return [self.people[key] for key in self.cleaned_data["at_risk"]]

    def chosen_links(self) -> list[GuestLink]:
        return [self.open_links[key] for key in self.cleaned_data["links"]]


class PersonForm(GovukForm):
    keeps_draft = True
    button = "Save"
    person = RadiosField(label="Whom does it concern?", error_messages={"required": "Choose the person"})
    at_risk = YesNoField(label="Are they in danger because of it?")
    because = LongTextField(label="What could happen to them, or what of theirs got out?", rows=2)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        self.fields["person"].set_choices([(key, row.full_name) for key, row in self.people.items()])  # type: ignore[attr-defined]

    def clean_person(self) -> Person:
        return self.people[self.cleaned_data["person"]]


class LinksForm(GovukForm):
    button = "Close these links"
    links = _LinksField(
        label="Which links are closed?", help_text=CLOSE_NOW, error_messages={"required": "Choose the links to close"}
    )

    def __init__(self, *args: Any, links: Sequence[OpenLink], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_links = set_links(self.fields["links"], links)

    def clean_links(self) -> list[GuestLink]:
        return [self.open_links[key] for key in self.cleaned_data["links"]]


class RegulatorForm(GovukForm):
    keeps_draft = True
    button = "Record the decision"
    layout = Layout(Conditional("reported", {YES: ["reported_at", "reference"]}), "because")
    reported = YesNoField(label="Is it reported to the Information Commissioner?")
    reported_at = DateTimeField(label="When was it reported?", required=False)
    reference = forms.CharField(label="The Commissioner’s reference", max_length=60, required=False)
    because = LongTextField(
        label="Why?", rows=3, help_text="What could happen to people, and how likely it is. If it is late, why"
    )


class TellingForm(GovukForm):
    keeps_draft = True
    button = "Record the decision"
    tell = YesNoField(label="Are they told?")
    because = LongTextField(label="Why?", rows=3)


class ToldForm(GovukForm):
    keeps_draft = True
    button = "Record that they were told"
    told_at = DateTimeField(label="When were they told?")
    how = LongTextField(
        label="How, and by whom?",
        rows=3,
        help_text="A way that nobody else hears or reads, and what keeps them safe now",
    )


class StepForm(GovukForm):
    keeps_draft = True
    button = "Save"
    kind = RadiosField(label="What was done?", choices=StepKind.choices)
    on = DateInputField(label="On what day?")
    note = LongTextField(label="What exactly, and by whom?", rows=3)
