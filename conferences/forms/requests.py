"""Forms to ask for a conference for another agency, and to answer it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from conferences.enums import AskedKind, Category
from conferences.forms.agreements import NO, YES, YesOrWhyNotForm
from conferences.services.requests import Asked, AskedItem
from families.enums import Answer
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
POLICE = [
    Item(Answer.YES, "Yes"),
    Item(Answer.NO, "No"),
    Item(Answer.UNKNOWN, "I do not know"),
    Item(Answer.NOT_ASKED, "Not asked"),
]
NAMED_HARM = [Item(code, label) for code, label in Category.choices if code != Category.MUL]


def police_field() -> RadiosField:
    """Return the question whether the police are involved, which begins as not asked."""
    return RadiosField(label="Are the police involved?", choices=POLICE, required=False, initial=Answer.NOT_ASKED)


class AgencyAsksForm(GovukForm):
    """What another agency says when it asks for a conference: only the children and the reason are needed."""

    keeps_draft = True
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
    categories = CheckboxesField(
        label="Which harm do you fear?",
        help_text="Leave it open if you are not sure",
        choices=NAMED_HARM,
        required=False,
    )
    police = police_field()
    police_said = LongTextField(
        label="What do you know about it?",
        help_text="For example a reference or a name",
        required=False,
        rows=2,
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
    responsibility_said = LongTextField(
        label="Who has parental responsibility, as far as you know?", required=False, rows=2, max_length=LONGEST
    )

    def __init__(self, *args: Any, children: Iterable[Child], on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(children)
        field = self.fields["children"]
        field.queryset = Child.objects.filter(pk__in=[row.pk for row in known]).select_related("person", "pregnancy")
        field.describe(field.label_from, lambda child: child_line(child, on=on), None)
        if len(known) == 1:
            self.initial.setdefault("children", [known[0].pk])

    def asked(self) -> Asked:
        """Return what was typed."""
        data = self.cleaned_data
        kinds = {
            "keep_out": AskedKind.KEEP_OUT, "help": AskedKind.HELP, "door": AskedKind.DOOR, "comers": AskedKind.COMER,
        }  # fmt: skip
        return Asked(
            grounds=data["grounds"],
            categories=data["categories"],
            responsibility_said=data["responsibility_said"],
            police=data["police"] or Answer.NOT_ASKED,
            police_said=data["police_said"] if data["police"] == Answer.YES else "",
            items=[AskedItem(kind=kind, words=data[name]) for name, kind in kinds.items() if data[name].strip()],
        )


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
