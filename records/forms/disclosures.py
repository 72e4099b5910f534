"""Forms about disclosing records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.models import Adoption, Person
from govuk.forms import (
    Conditional,
    DateInputField,
    Div,
    FormKeyField,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
)
from records.disclosure.pieces import Piece
from records.enums import DisclosureKind


class StartDisclosureForm(GovukForm):
    marks_optional = False
    button = "Start the bundle"
    layout = Layout(
        "person",
        Conditional("kind", {DisclosureKind.COURT: ["court_reference"], DisclosureKind.SUBJECT_ACCESS: ["identity"]}),
        "recipient",
        "asked_on",
        "covers",
        "basis",
    )
    person = SelectField(label="Who is it about?", error_messages={"required": "Choose who it is about"})
    kind = RadiosField(
        label="Why are you giving out records?",
        choices=[
            Item(
                DisclosureKind.COURT,
                "A court ordered it",
                hint="The court gets everything, including whereabouts and what was said in a confidential part",
            ),
            Item(
                DisclosureKind.SUBJECT_ACCESS,
                "The person asked, or someone who can ask for them",
                hint="What is about other people is marked, and you decide about each record",
            ),
        ],
        error_messages={"required": "Choose why you are giving out records"},
    )
    court_reference = forms.CharField(label="Court case number", max_length=60, required=False)
    identity = LongTextField(
        label="How did you check who is asking, and that they are allowed to?",
        help_text=(
            "For a parent asking for a child: that they have parental responsibility, and "
            "that it is in the child’s interests"
        ),
        rows=3,
        required=False,
    )
    recipient = forms.CharField(
        label="Who is it for?", max_length=200, help_text="The court, or the name of the person who asked"
    )
    asked_on = DateInputField(label="Date of the order or of the request")
    covers = LongTextField(label="What does the order or the request cover?", rows=3)
    basis = LongTextField(label="Legal basis", rows=2, required=False)
    form_key = FormKeyField()

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(row.pk): row for row in people}
        self.fields["person"].set_choices([(key, row.full_name) for key, row in self.people.items()])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        needed = {
            DisclosureKind.COURT: ("court_reference", "Enter the court case number"),
            DisclosureKind.SUBJECT_ACCESS: ("identity", "Say how you checked who is asking"),
        }
        if typed.get("kind") in needed:
            name, message = needed[typed["kind"]]
            if not typed.get(name):
                self.add_error(name, message)
        if typed.get("person"):
            typed["person"] = self.people[typed["person"]]
        return typed


class CoverSealedForm(GovukForm):
    """Which order covers which sealed record. The records are told apart by number; no one is named."""

    keeps_draft = True
    button = "Note the order"
    adoption = RadiosField(label="Which sealed record?", error_messages={"required": "Choose the record"})
    order = forms.CharField(label="Which order covers it?", max_length=200, help_text="The court, and its reference")
    ordered_on = DateInputField(label="When was the order made?")
    says = LongTextField(label="What does it say about the sealed record?", rows=3)

    def __init__(self, *args: Any, adoptions: Sequence[Adoption], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adoptions = {str(row.pk): row for row in adoptions}
        self.fields["adoption"].set_choices(  # type: ignore[attr-defined]
            [(key, f"Child {row.person.child.council_child_id}") for key, row in self.adoptions.items()]  # type: ignore[attr-defined]
        )

    def clean_adoption(self) -> Adoption:
        return self.adoptions[self.cleaned_data["adoption"]]


GIVE, LEAVE_OUT = "give", "leave_out"


def _answer(piece: Piece, decided: dict[str, bool]) -> str:
    """Return the answer chosen so far; whereabouts are left out unless someone chooses otherwise."""
    if piece.key in decided:
        return GIVE if decided[piece.key] else LEAVE_OUT
    return LEAVE_OUT if piece.whereabouts else ""


class DecidePiecesForm(GovukForm):
    """One answer for each piece on the page, optional until the bundle is submitted."""

    marks_optional = False
    button = "Save these answers"

    def __init__(self, *args: Any, pieces: Sequence[Piece], decided: dict[str, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces = {f"piece-{at}": piece for at, piece in enumerate(pieces)}
        for name, piece in self.pieces.items():
            self.fields[name] = RadiosField(
                label=f"{piece.section}: give it or leave it out?",
                choices=[Item(GIVE, "Give it"), Item(LEAVE_OUT, "Leave it out")],
                required=False,
                initial=_answer(piece, decided),
            )
            # Tie answers to the words shown, so that another page's pieces can't be answered by mistake.
            self.fields[f"{name}-key"] = forms.CharField(
                widget=forms.HiddenInput, initial=f"{piece.key} {piece.digest}"
            )
        self.layout = Layout(
            *(
                Div(
                    Include("records/piece.html", piece=piece),
                    name,
                    css_class="cp-panel cp-panel--purple" if piece.is_marked else "cp-panel",
                )
                for name, piece in self.pieces.items()
            )
        )
        self._adapt()

    def given(self) -> dict[str, bool]:
        """Return the answers, by piece."""
        return {
            self.cleaned_data[f"{name}-key"].partition(" ")[0]: self.cleaned_data[name] == GIVE
            for name in self.pieces
            if self.cleaned_data.get(name)
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for name, piece in self.pieces.items():
            if typed.get(f"{name}-key") != f"{piece.key} {piece.digest}":
                raise forms.ValidationError("The records have changed since you opened the page. Check them again.")
        return typed


AGREE, SEND_BACK = "agree", "send_back"


class CheckDisclosureForm(GovukForm):
    marks_optional = False
    button = "Record my answer"
    layout = Layout(Conditional("answer", {SEND_BACK: ["because"]}))
    answer = RadiosField(
        label="What is your answer?",
        choices=[Item(AGREE, "I have checked it: make the bundle"), Item(SEND_BACK, "Something has to change first")],
        error_messages={"required": "Choose your answer"},
    )
    because = LongTextField(label="What has to change?", rows=3, required=False)


class HandOverForm(GovukForm):
    button = "Record it"
    handed_to = forms.CharField(label="Who did it go to?", max_length=200)
    handed_how = forms.CharField(
        label="How was it sent or handed over?",
        max_length=200,
        help_text="For example, the court’s portal, or collected in person",
    )
    handed_on = DateInputField(label="When?")
