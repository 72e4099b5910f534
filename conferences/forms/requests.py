"""Forms to ask for a conference for another agency, and to answer it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from conferences.enums import AskedKind, Category
from conferences.forms.agreements import NO, YES, YesOrWhyNotForm
from conferences.services.requests import Asked, AskedItem
from families.enums import Answer
from families.forms.safety import SafetyAlertForm
from families.models import Child
from families.words import child_line
from govuk.forms import (
    CheckboxesField,
    Conditional,
    Details,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
)

LONGEST = 4000
NONE = "none"
POLICE = [
    Item(Answer.YES, "Yes"),
    Item(Answer.NO, "No"),
    Item(Answer.UNKNOWN, "I do not know"),
    Item(Answer.NOT_ASKED, "Not asked"),
]
NAMED_HARM = [Item(code, label) for code, label in Category.choices if code != Category.MUL]


class AsksForConference(GovukForm):
    """What every request for a conference may say, whoever asks; all of it begins as not asked."""

    keeps_draft = True
    # In which field it stands why the conference is asked for.
    grounds_field = "grounds"
    categories = CheckboxesField(
        label="Which harm is feared?", help_text="Leave it open if you are not sure", choices=NAMED_HARM, required=False
    )
    police = RadiosField(label="Are the police involved?", choices=POLICE, required=False, initial=Answer.NOT_ASKED)
    police_said = LongTextField(
        label="What do you know about it?",
        help_text="For example a reference or a name",
        required=False,
        rows=2,
        max_length=LONGEST,
    )
    responsibility_said = LongTextField(
        label="Who has parental responsibility, as far as you know?", required=False, rows=2, max_length=LONGEST
    )

    def asked(self) -> Asked:
        """Return what was given, each wish by itself."""
        data = self.cleaned_data
        return Asked(
            grounds=data[self.grounds_field],
            categories=data["categories"],
            police=data["police"] or Answer.NOT_ASKED,
            police_said=data["police_said"] if data["police"] == Answer.YES else "",
            items=list(self.items()),
            **self.responsibility_given(),
        )

    def responsibility_given(self) -> dict[str, str]:
        """Return what was said about parental responsibility."""
        return {"responsibility_said": self.cleaned_data["responsibility_said"]}

    def items(self) -> Iterable[AskedItem]:
        """Return each thing that is asked for beside."""
        return ()


class AgencyAsksForm(AsksForConference):
    """What another agency says when it asks for a conference: only the children and the reason are needed."""

    marks_optional = False
    button = "Ask for a conference"
    layout = Layout(
        "children",
        "grounds",
        "categories",
        Conditional("police", {Answer.YES: ["police_said"]}),
        Details(
            "keep_out", "help", "door", "comers", "responsibility_said",
            summary="Tell us more: who should stay apart, an interpreter, dangers, who else should come",
            shows_filled=True,
        ),
    )  # fmt: skip
    children = ModelCheckboxesField(
        Child.objects.none(),
        label="Which children is it about?",
        label_from=lambda child: child.person.full_name,
        error_messages={"required": "Choose at least one child"},
    )
    grounds = LongTextField(
        label="Why is a conference needed?",
        help_text="What you saw or were told, when, and what you fear. Say what is fact and what is your opinion",
        error_messages={"required": "Say why a conference is needed"},
        rows=8,
        max_length=LONGEST,
    )
    keep_out = LongTextField(
        label="Should someone not be in the same room?",
        help_text="Say their name and why. They get nothing until the chair has decided, and never learn who asked",
        required=False,
        rows=3,
        max_length=LONGEST,
    )
    help = LongTextField(
        label="Does anyone need an interpreter, an advocate or other help to take part?",
        help_text="Who, and what",
        required=False,
        rows=3,
        max_length=LONGEST,
    )
    door = LongTextField(
        label="Is there a danger for whoever visits the home?", required=False, rows=2, max_length=LONGEST
    )
    comers = LongTextField(
        label="Who else should come?",
        help_text="Their name, where they work, and why",
        required=False,
        rows=2,
        max_length=LONGEST,
    )

    def __init__(self, *args: Any, children: Iterable[Child], on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(children)
        field = self.fields["children"]
        field.queryset = Child.objects.filter(pk__in=[row.pk for row in known]).select_related("person", "pregnancy")
        field.describe(field.label_from, lambda child: child_line(child, on=on), None)
        if len(known) == 1:
            self.initial.setdefault("children", [known[0].pk])

    def items(self) -> Iterable[AskedItem]:
        """Return each wish in the agency's own words."""
        kinds = {
            "keep_out": AskedKind.KEEP_OUT, "help": AskedKind.HELP, "door": AskedKind.DOOR, "comers": AskedKind.COMER,
        }  # fmt: skip
        said = {name: self.cleaned_data[name] for name in kinds}
        return [AskedItem(kind=kinds[name], words=words) for name, words in said.items() if words.strip()]


class AnswerRequestForm(YesOrWhyNotForm):
    """Whether a manager agrees with another agency that a conference is needed, and if not, why."""

    answer = RadiosField(
        label="Is a conference needed?",
        choices=[
            Item(YES, "Yes", hint="The social worker is asked to arrange it. The agency is told"),
            Item(NO, "No", hint="The agency reads why, and can take it to a service manager"),
        ],
        error_messages={"required": "Choose whether a conference is needed"},
    )
    reason = LongTextField(
        label="Why not?",
        help_text="The agency reads this: no addresses, and nothing that it may not know. Say what keeps the children "
        "safe instead",
        rows=4,
        required=False,
    )


class ToldDangerForm(SafetyAlertForm):
    """Which danger to staff an agency told of, or why none is recorded."""

    keeps_draft = True
    marks_optional = False
    button = "Save"
    layout = Layout(
        Conditional("about", {NONE: ["because"]}), "kind", "words", "starts_on", "ends_on", "source",
    )  # fmt: skip
    because = LongTextField(label="Why is none recorded?", rows=3, required=False, max_length=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        about.set_choices([*about.choices, (NONE, "No danger is recorded")])
        self.fields["kind"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("about") == NONE:
            if not cleaned.get("because", "").strip():
                self.add_error("because", "Say why no danger is recorded")
        elif cleaned.get("about") and not cleaned.get("kind"):
            self.add_error("kind", "Choose what the danger is")
        return cleaned

    def told_alert(self) -> dict[str, Any] | None:
        """Return the arguments for ``record_safety_alert``; None where no danger is recorded."""
        if self.cleaned_data["about"] == NONE:
            return None
        return {name: value for name, value in self.alert().items() if name != "because"}
