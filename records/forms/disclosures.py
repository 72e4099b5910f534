"""Forms about disclosing records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
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
from records.disclosure.asking import Judged
from records.disclosure.pieces import Piece
from records.enums import Answered, Asker, DecisionGround, DisclosureKind

ASKED = [
    "asker", "asking_parent", "identity", "responsibility_seen", "child_understands", "child_agrees", "in_interest",
    "interest_because",
]  # fmt: skip
YES_OR_NO = [Item(Answered.YES, "Yes"), Item(Answered.NO, "No")]


class StartDisclosureForm(GovukForm):
    marks_optional = False
    button = "Start the bundle"
    layout = Layout(
        "person",
        Conditional("kind", {DisclosureKind.COURT: ["court_reference"], DisclosureKind.SUBJECT_ACCESS: ASKED}),
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
    asker = RadiosField(label="Who asks?", choices=Asker.choices, required=False)
    asking_parent = SelectField(label="If a parent: which one?", required=False)
    identity = LongTextField(label="How did you check who is asking?", rows=2, required=False)
    responsibility_seen = LongTextField(
        label="If a parent: how did you check their parental responsibility?",
        help_text="For example, the birth certificate or the court’s order. It has to be recorded in the family too",
        rows=2,
        required=False,
    )
    child_understands = RadiosField(
        label="If it is about a child: does the child understand what is asked?", choices=YES_OR_NO, required=False
    )
    child_agrees = RadiosField(
        label="If a parent asks and the child understands: does the child agree?", choices=YES_OR_NO, required=False
    )
    in_interest = RadiosField(
        label="If a parent asks: is it in the child’s interests?", choices=YES_OR_NO, required=False
    )
    interest_because = LongTextField(label="Why is it in their interests?", rows=2, required=False)
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
        for name in ("person", "asking_parent"):
            self.fields[name].set_choices([(key, row.full_name) for key, row in self.people.items()])  # type: ignore[attr-defined]

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
        if typed.get("kind") == DisclosureKind.SUBJECT_ACCESS and not typed.get("asker"):
            self.add_error("asker", "Choose who asks")
        typed["asking_parent"] = self.people.get(typed.get("asking_parent") or "")
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
    ground = RadiosField(
        label="Why? For the answers on this page that you have given or changed",
        choices=DecisionGround.choices,
        required=False,
        help_text="Save answers with different reasons one after another",
    )
    because = LongTextField(label="The reason in words", rows=2, required=False)
    consulted = LongTextField(
        label="Who was consulted, and what did they say?",
        help_text="About harm: whoever knows the person’s health or care. About someone else: that person",
        rows=2,
        required=False,
    )
    officer = SelectField(label="Which data protection officer decided?", required=False)

    def __init__(
        self,
        *args: Any,
        pieces: Sequence[Piece],
        decided: dict[str, bool],
        officers: Sequence[User] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {str(row.pk): row for row in officers}
        self.fields["officer"].set_choices([(key, row.name) for key, row in self.officers.items()])  # type: ignore[attr-defined]
        if not officers:
            del self.fields["officer"]
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
            ),
            "ground",
            "because",
            "consulted",
            *(["officer"] if officers else []),
        )
        self._adapt()

    def judged(self) -> Judged:
        """Return why, as the service takes it."""
        typed = self.cleaned_data
        return Judged(
            ground=typed.get("ground") or "",
            because=typed.get("because") or "",
            consulted=typed.get("consulted") or "",
            officer=self.officers.get(typed.get("officer") or ""),
        )

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
