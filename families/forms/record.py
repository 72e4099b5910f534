"""The rows of the page on which a whole family is recorded in one go.

A row is named by a key ("child-1"), by which rows refer to each other before anyone is recorded. Rows left as they
were are no one. What is asked in one row is asked by the same words, and cleaned by the same rules, as on the pages
that add one person at a time.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from families.enums import Answer, DatePrecision, Sex
from families.forms.people import PersonForm
from families.forms.ties import NOT_ASKED
from families.models.persons import ADULT_FROM, birthday
from families.services import PersonFacts
from families.services.pregnancies import MOST_AT_ONCE, check_expected_date
from families.services.record import NewBaby, NewChild, NewHome, row_key
from govuk.forms import (
    CheckboxesField,
    Conditional,
    Field,
    FormKeyField,
    GovukForm,
    Include,
    Layout,
    LongTextField,
    OneBoxDateField,
    RadiosField,
    Row,
    SelectField,
)

# How many rows a new page has, and the most it takes.
AT_FIRST = {"children": 2, "babies": 1, "adults": 3, "homes": 1}
MOST = 12
BORN = "born"
KNOWN_SEXES = [pair for pair in Sex.choices if pair[0] != Sex.UNKNOWN]


class RecordFamilyForm(GovukForm):
    """The page around the rows: how many there are of each kind."""

    keeps_draft = True
    button = "Save the family and go on to the agencies"
    layout = Layout(Include("families/record_rows.html"))

    children, babies, adults, homes = (
        forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0) for _ in AT_FIRST
    )
    form_key = FormKeyField()

    def grow(self, kind: str) -> None:
        """Give the page one more row of a kind."""
        self.data[kind] = str(min(self.count(kind) + 1, MOST))  # type: ignore[index]
        self.hides_errors = True

    def count(self, kind: str) -> int:
        """Return how many rows of a kind the page has."""
        said = self.data.get(kind) if self.is_bound else self.initial.get(kind)
        written = str(said or "")
        return min(int(written[:3]), MOST) if re.fullmatch("[0-9]+", written) else AT_FIRST[kind]

    @property
    def page_key(self) -> uuid.UUID | None:
        """Return the key of the page as it was sent."""
        try:
            return uuid.UUID(str(self["form_key"].value()))
        except ValueError:
            return None


class RecordRow(GovukForm):
    """One row. ``called`` is what the page calls it: the name typed so far, else "Child 1"."""

    inside_another = True
    keeps_draft = True
    marks_optional = False

    def __init__(self, *args: Any, key: str, place: int, **kwargs: Any) -> None:
        super().__init__(*args, prefix=key, empty_permitted=True, **kwargs)
        self.key, self.place = key, place

    noun = ""

    @property
    def first_field(self) -> str:
        """Return the name of the first field of the row."""
        return next(name for name in ("given_name", "expected_on", "lines") if name in self.fields)

    @property
    def called(self) -> str:
        """Return what the page calls whom the row is about."""
        return self.title

    def has_changed(self) -> bool:
        """Return whether anything was typed or chosen: a value that stood there before, or was emptied, is no one."""
        return any(self[name].data not in (None, "", [], False) for name in self.changed_data)

    @property
    def title(self) -> str:
        """Return the legend of the row."""
        return f"{self.noun} {self.place}"

    @property
    def is_filled(self) -> bool:
        """Return whether the row says anything; only for a valid row."""
        return bool(self.cleaned_data)

    def typed(self, name: str) -> str:
        """Return what stands in a field now."""
        value = self[name].value() if name in self.fields else ""
        return str(value or "").strip()


class NamedRow(RecordRow, PersonForm):
    """A row about a person, of whom the duplicates are looked for like of any other."""

    # Asked on the page of one person, once there is time.
    left_out: ClassVar[frozenset[str]] = frozenset(
        {
            "nhs_number",
            "ethnicity",
            "language",
            "interpreter_needed",
            "access_needs",
            "formats",
            "age_disputed",
            "birth_date_precision",
            "form_key",
        }
    )
    birth_date = OneBoxDateField(label="Date of birth", required=False, help_text="For example, 14 5 2015")
    is_estimated = forms.BooleanField(label="Estimated", required=False)
    sex: Any = SelectField(label="Sex", choices=KNOWN_SEXES, required=False, empty_label="Not recorded")

    def __init__(self, *args: Any, page_key: uuid.UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page_key = page_key
        for name in self.left_out:
            del self.fields[name]

    @property
    def called(self) -> str:
        return self.typed("given_name") or self.typed("unnamed_as") or self.title

    def clean(self) -> dict[str, Any]:
        if self.page_key:
            self.cleaned_data["form_key"] = row_key(self.page_key, self.key)
        return super().clean()

    def _clean_birth_date(self, cleaned: dict[str, Any]) -> None:
        given = cleaned.get("birth_date")
        cleaned["birth_date_precision"] = DatePrecision.ESTIMATED if cleaned.get("is_estimated") and given else ""
        if cleaned.get("is_estimated") and not given and "birth_date" not in self.errors:
            self.add_error("birth_date", "Enter the estimated date of birth")
        super()._clean_birth_date(cleaned)

    def facts(self) -> PersonFacts:
        """Return what was entered, as the services take it."""
        return replace(super().facts(), sex=self.cleaned_data.get("sex") or Sex.UNKNOWN)


class ChildRow(NamedRow):
    noun = "Child"
    needs_birth_date = True
    left_out = NamedRow.left_out | {"unnamed_as"}
    layout = Layout(
        Include("families/duplicates.html", draws=("somebody_else",)),
        Row("given_name", "family_name"),
        Row("birth_date", "sex"),
        "is_estimated",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        born = cleaned.get("birth_date")
        if born and "birth_date" not in self.errors and birthday(born, ADULT_FROM) <= self.today:
            self.add_error("birth_date", "This person is 18 or over. Add them as an adult instead")
        return cleaned

    def entered(self) -> NewChild:
        """Return the child as the service takes it."""
        return NewChild(key=self.key, facts=self.facts())


class BabyRow(RecordRow):
    noun = "Unborn baby"
    layout = Layout(Row("expected_on", "source"), Field("number_expected", css_class="govuk-input--width-2"))

    expected_on = OneBoxDateField(label="When is the baby expected?", required=False, help_text="For example, 1 4 2027")
    source = forms.CharField(
        label="Who gave this date?", required=False, max_length=200, help_text="For example, the midwife after a scan"
    )
    number_expected = forms.IntegerField(
        label="How many babies are expected?",
        required=False,
        initial=1,
        min_value=1,
        max_value=MOST_AT_ONCE,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), f"Enter a number from 1 to {MOST_AT_ONCE}"),
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.mother = ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "expected_on" in self.errors:
            return cleaned
        if not cleaned.get("expected_on"):
            self.add_error("expected_on", "Enter when the baby is expected")
            return cleaned
        try:
            check_expected_date(cleaned["expected_on"], today=self.today)
        except ValidationError as wrong:
            self.add_error(None, wrong)
        return cleaned

    def entered(self) -> NewBaby:
        """Return the pregnancy as the service takes it."""
        data = self.cleaned_data
        return NewBaby(
            key=self.key,
            expected_on=data["expected_on"],
            mother=self.mother,
            number_expected=data["number_expected"] or 1,
            source=data["source"],
        )


class HomeRow(RecordRow):
    """An address, who lives there, and from whom it is kept."""

    noun = "Address"
    layout = Layout(
        Row("lines", Field("postcode", css_class="govuk-input--width-10")),
        "persons",
        Conditional("hiding", {Answer.YES: ["hidden_from"]}),
    )
    lines = LongTextField(label="Address", required=False, rows=2)
    postcode = forms.CharField(label="Postcode", required=False, max_length=10)
    persons = CheckboxesField(label="Who lives there?", choices=[], required=False)
    hiding = RadiosField(
        label="Is there anyone who must not find out about it?",
        choices=[("", NOT_ASKED), (Answer.NO, "No"), (Answer.YES, "Yes: keep it confidential")],
        required=False,
        initial="",
    )
    hidden_from = CheckboxesField(
        label="Hide it from",
        choices=[],
        required=False,
        help_text="Leave all empty to hide it from everyone in the family except those who live there",
    )

    def offer(self, people: Mapping[str, str]) -> None:
        """Offer everyone of the page who is born, by key."""
        self.fields["persons"].set_choices([(BORN, "All the children who are born"), *people.items()])  # type: ignore[attr-defined]
        self.fields["hidden_from"].set_choices(people.items())  # type: ignore[attr-defined]

    def refers_to(self) -> dict[str, set[str]]:
        """Return by field the keys of the rows that it names."""
        return {name: set(self.cleaned_data.get(name) or ()) - {BORN} for name in ("persons", "hidden_from")}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not (cleaned.get("lines") or "").strip():
            self.add_error("lines", "Enter the address")
        if not cleaned.get("persons"):
            self.add_error("persons", "Choose at least one person who lives there")
        hidden = set(cleaned.get("hidden_from") or ())
        if hidden & set(cleaned.get("persons") or ()):
            self.add_error("hidden_from", "You can’t hide this from someone who lives there")
        if hidden and cleaned.get("hiding") != Answer.YES:
            self.add_error("hiding", "Choose “Yes”, or no one it is hidden from")
        return cleaned

    def entered(self, born: Sequence[str]) -> NewHome:
        """Return the home as the service takes it; ``born`` are the keys of all children but the unborn."""
        data = self.cleaned_data
        persons = [key for key in data["persons"] if key != BORN]
        if BORN in data["persons"]:
            persons += [key for key in born if key not in persons]
        return NewHome(
            key=self.key,
            persons=persons,
            lines=data["lines"],
            postcode=data["postcode"],
            hiding_asked=data["hiding"] or Answer.NOT_ASKED,
            hidden_from=data["hidden_from"],
        )
