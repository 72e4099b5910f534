"""What a worker tells the conference service beside the children and the reason; all of it may stay "not asked"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django import forms

from conferences.enums import AskedKind
from conferences.forms.agreements import NO
from conferences.forms.booking import RequestForm
from conferences.forms.requests import LONGEST, AsksForConference
from conferences.selectors.asking import AboutFamily
from conferences.services.asking import Danger
from conferences.services.requests import AskedItem
from families.enums import Answer, SafetyAlertKind
from families.models import Person, Post
from families.selectors.agency_names import holder_on_page
from govuk.forms import (
    HTML,
    Conditional,
    Details,
    Item,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    ModelSelectField,
    RadiosField,
    SelectField,
)

RECORDED_RIGHTLY = [Item(Answer.YES, "Yes"), Item(Answer.NO, "No"), Item(Answer.NOT_ASKED, "Not asked")]
PEOPLE = ("keep_out", "interpreter", "advocate", "needs_help", "danger_from")
# Folded by what they are about, so that a short request stays short.
SERVICE = (
    HTML('<h2 class="govuk-heading-m">What the service needs to know</h2>'
         '<p class="govuk-body">What is recorded stands here already. Leave open what you have not asked.</p>'),
    Details("categories", "worries", summary="What is feared", shows_filled=True),
    Details(Conditional("responsibility", {NO: ["responsibility_said"]}), summary="Who has parental responsibility"),
    Details("keep_out", "keep_out_why", summary="Someone should stay out, or come apart", shows_filled=True),
    Details(
        "interpreter", "language", "advocate", "needs_help", "help_words",
        summary="Interpreter, advocate, help to take part", shows_filled=True,
    ),
    Details("danger_from", "danger_kind", "danger_words", summary="Dangers at the door", shows_filled=True),
    Details(Conditional("police", {Answer.YES: ["police_said"]}), summary="Whether the police are involved"),
    Details("comer", "comer_why", "others", summary="Who else should come", shows_filled=True),
)  # fmt: skip


def _people(label: str, hint: str = "") -> ModelCheckboxesField:
    return ModelCheckboxesField(
        Person.objects.none(), label=label, help_text=hint, required=False, label_from=lambda person: person.full_name
    )


class AskedFields(AsksForConference):
    """The facts themselves, which begin as recorded, or as not asked."""

    grounds_field = "worries"
    worries = LongTextField(
        label="What do you fear happens if nothing changes?",
        help_text="The manager and the chair read this. It goes to no one in the family",
        required=False,
        rows=4,
        max_length=LONGEST,
    )
    responsibility = RadiosField(
        label="Is this right?", choices=RECORDED_RIGHTLY, required=False, initial=Answer.NOT_ASKED
    )
    responsibility_said = LongTextField(label="What is not right?", required=False, rows=2, max_length=LONGEST)
    keep_out = _people("Who?", "The chair decides. Nothing goes to them until then")
    keep_out_why = LongTextField(
        label="Why, and what is the evidence?",
        help_text="Only the chair reads who asked and why",
        required=False,
        rows=3,
        max_length=LONGEST,
    )
    interpreter = _people("Who needs an interpreter?")
    language = forms.CharField(
        label="Which language?", help_text="Where it is not recorded", required=False, max_length=60
    )
    advocate = _people("For whom is an advocate asked for?")
    needs_help = _people("Who needs other help to take part?")
    help_words = LongTextField(label="What help?", required=False, rows=2, max_length=LONGEST)
    danger_from = ModelSelectField(
        Person.objects.none(),
        label="From whom does a danger come?",
        required=False,
        empty_label="Not asked",
        label_from=lambda person: person.full_name,
    )
    danger_kind = SelectField(
        label="What is the danger?", choices=SafetyAlertKind.choices, required=False, empty_label="Not asked"
    )
    danger_words = forms.CharField(
        label="What to be careful about",
        help_text="Anyone who checks the list is told this. Give no names, no address and nothing about the case",
        required=False,
        max_length=200,
    )
    comer = ModelSelectField(
        Post.objects.none(), label="A worker in the directory", required=False, empty_label="No one"
    )
    comer_why = forms.CharField(label="Why should they come?", required=False, max_length=200)
    others = LongTextField(
        label="Anyone else",
        help_text="Their name, where they work or who they are, and why",
        required=False,
        rows=2,
        max_length=LONGEST,
    )

    def know(self, about: AboutFamily) -> None:
        """Offer the family's people and the directory, with what is recorded filled in."""
        rows = Person.objects.filter(pk__in=[row.pk for row in about.people])
        for name in PEOPLE:
            self.fields[name].queryset = rows
        self.fields["responsibility"].help_text = about.responsibility_words
        self.fields["danger_from"].help_text = about.alerts_words
        self.fields["comer"].queryset = about.posts
        self.fields["comer"].label_from = partial(holder_on_page, family_id=about.family_id)
        self.fields["interpreter"].describe(lambda person: person.full_name, lambda person: person.language or "", None)
        self.fields["needs_help"].describe(
            lambda person: person.full_name, lambda person: person.access_needs or "", None
        )
        self.initial.setdefault("interpreter", [row.pk for row in about.people if row.interpreter_needed])
        self.initial.setdefault("needs_help", [row.pk for row in about.people if row.access_needs])
        for name, words in about.asked_by_agencies.items():
            self.initial.setdefault(name, words)

    def check(self, data: dict[str, Any]) -> None:
        """Say what a part lacks once something of it was given."""
        for name, needs, message in (
            ("keep_out", "keep_out_why", "Say why, and what the evidence is"),
            ("keep_out_why", "keep_out", "Choose who should stay out or come apart"),
            ("help_words", "needs_help", "Choose who needs it"),
            ("language", "interpreter", "Choose who needs an interpreter"),
            ("danger_from", "danger_kind", "Choose what the danger is"),
            ("danger_kind", "danger_from", "Choose from whom the danger comes"),
            ("danger_words", "danger_from", "Choose from whom the danger comes"),
            ("comer", "comer_why", "Say why they should come"),
            ("comer_why", "comer", "Choose the worker"),
        ):
            if data.get(name) and not data.get(needs) and needs not in self.errors:
                self.add_error(needs, message)
        if data.get("danger_kind") == SafetyAlertKind.OTHER and not data.get("danger_words"):
            self.add_error("danger_words", "Say what to be careful about")

    def responsibility_given(self) -> dict[str, str]:
        """Return whether what is recorded is right, and what is not."""
        answer = self.cleaned_data["responsibility"] or Answer.NOT_ASKED
        said = self.cleaned_data["responsibility_said"] if answer == Answer.NO else ""
        return {"responsibility": answer, "responsibility_said": said}

    def items(self) -> Iterable[AskedItem]:
        """Return each wish, about someone who is recorded or in words."""
        return [*self._about_people(), *self._who_comes()]

    def _about_people(self) -> Iterable[AskedItem]:
        data = self.cleaned_data
        for person in data["keep_out"]:
            yield AskedItem(kind=AskedKind.KEEP_OUT, person=person, words=data["keep_out_why"])
        for person in self._new("interpreter"):
            yield AskedItem(kind=AskedKind.INTERPRETER, person=person, words=person.language or data["language"])
        for person in data["advocate"]:
            yield AskedItem(kind=AskedKind.ADVOCATE, person=person)
        for person in self._new("needs_help"):
            yield AskedItem(kind=AskedKind.HELP, person=person, words=person.access_needs or data["help_words"])
        if danger := self.danger():
            said = ": ".join(filter(None, (SafetyAlertKind(danger.kind).label, danger.words)))
            yield AskedItem(kind=AskedKind.DOOR, person=danger.person, words=said)

    def _new(self, name: str) -> Sequence[Person]:
        """Return who was ticked; recorded needs alone ask for nothing."""
        return list(self.cleaned_data[name]) if name in self.changed_data else []

    def _who_comes(self) -> Iterable[AskedItem]:
        data = self.cleaned_data
        if data["comer"]:
            yield AskedItem(kind=AskedKind.COMER, post=data["comer"], words=data["comer_why"])
        if data["others"].strip():
            yield AskedItem(kind=AskedKind.COMER, words=data["others"])

    def danger(self) -> Danger | None:
        """Return the danger to record, if one was given."""
        data = self.cleaned_data
        if not data["danger_from"]:
            return None
        return Danger(person=data["danger_from"], kind=data["danger_kind"], words=data["danger_words"])


class AskForm(AskedFields, RequestForm):
    """The children, why, and what the service needs to know."""

    keeps_draft = True

    def __init__(self, *args: Any, about: AboutFamily, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.know(about)
        self.layout = Layout(self.layout, *SERVICE)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.check(data)
        return data


class AskedForm(AskedFields):
    """The same facts about a conference that was asked for before, or booked at once."""

    marks_optional = False
    button = "Save what is asked for"
    layout = Layout(*SERVICE)

    def __init__(self, *args: Any, about: AboutFamily, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.know(about)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.check(data)
        if not self.errors and not self.asked().says_something:
            raise forms.ValidationError("Fill in at least one part, or go back")
        return data
