"""The forms of a move to another council: that it was told, who visits until then, and what it answered."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from families.forms.fields import ChildrenField
from families.models import Agency
from govuk.forms import (
    CheckboxesField,
    DateInputField,
    Field,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    VersionField,
)
from transfers.enums import OutState, Stay, WhoVisits
from transfers.models import TransferOut, TransferredChild
from transfers.services.transfers import Answer

WHO_VISITS = "Who sees the children until the other council takes over?"
AGREED = "How is that agreed?"
AGREED_HELP = "How often, with whom there, and since when. Our own limit for visits runs on, whoever goes"


class TransferForm(GovukForm):
    """Which children moved, which council was told, and who visits until it takes over."""

    keeps_draft = True
    button = "Save the move"
    children = ChildrenField(label="Which children move?", error_messages={"required": "Choose at least one child"})
    agency = RadiosField(label="Which council was told?", error_messages={"required": "Choose the council"})
    told_on = DateInputField(label="When was it told?")
    moved_on = DateInputField(label="When did they move?", required=False)
    stay = RadiosField(label="Have they moved for good?", choices=Stay.choices)
    who_visits = RadiosField(label=WHO_VISITS, choices=WhoVisits.choices)
    visits_agreed = LongTextField(label=AGREED, rows=3, help_text=AGREED_HELP)

    def __init__(
        self, *args: Any, children: Any, agencies: Sequence[tuple[Agency, str]], on: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency, _ in agencies}
        self.fields["children"].offer(children, on=on)
        self.fields["agency"].set_choices([(str(agency.pk), name) for agency, name in agencies])

    def clean_agency(self) -> Agency:
        return self.agencies[self.cleaned_data["agency"]]


class VisitsForm(GovukForm):
    keeps_draft = True
    button = "Save who visits"
    who_visits = RadiosField(label=WHO_VISITS, choices=WhoVisits.choices)
    visits_agreed = LongTextField(label=AGREED, rows=3, help_text=AGREED_HELP)
    version = VersionField()

    @classmethod
    def known(cls, transfer: TransferOut) -> dict[str, Any]:
        """Return what is recorded, for the form to start with."""
        return {name: getattr(transfer, name) for name in ("who_visits", "visits_agreed", "version")}


class AnswerForm(GovukForm):
    """What the other council answered about which children, with the facts of an acceptance in writing."""

    keeps_draft = True
    button = "Save the answer"
    layout = Layout(
        "children", "state", "said", "stay", Field("conference_on"), Field("responsible_from"), "letter_kept", "version"
    )
    children = CheckboxesField(
        label="About which children?", error_messages={"required": "Choose the children whom the answer is about"}
    )
    state = RadiosField(
        label="What did it answer, or what became of the move?",
        choices=[
            Item(OutState.ACCEPTED, "It has held its conference and has taken responsibility in writing"),
            Item(OutState.TEMPORARY, "It sees it as a stay for a time only"),
            Item(OutState.REFUSED, "It refuses"),
            Item(OutState.RETURNED, "The child has come back"),
            Item(OutState.MISSING, "The child is missing", hint="A missing child never ends a plan"),
            Item(OutState.CANCELLED, "The move was recorded by mistake"),
            Item(OutState.TOLD, "It has not answered, after all"),
        ],
    )
    said = LongTextField(label="What was said, by whom, and when?", rows=3)
    stay = RadiosField(label="Have they moved for good?", choices=Stay.choices)
    conference_on = DateInputField(
        label="When did it hold its conference?", required=False, help_text="Where it has taken responsibility"
    )
    responsible_from = DateInputField(label="From which day did it take responsibility, in writing?", required=False)
    letter_kept = forms.CharField(
        label="Where is its letter kept?",
        required=False,
        max_length=250,
        help_text="Needed where the letter is not uploaded: the reference under which anyone finds it",
    )
    version = VersionField()

    def __init__(self, *args: Any, rows: Sequence[tuple[TransferredChild, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row, _ in rows}
        self.fields["children"].set_choices([(str(row.pk), name) for row, name in rows])

    def clean_children(self) -> list[TransferredChild]:
        return [self.rows[pk] for pk in self.cleaned_data["children"]]

    def answer(self) -> Answer:
        """Return what was answered, as the service takes it."""
        data = self.cleaned_data
        return Answer(
            state=data["state"],
            said=data["said"],
            stay=data["stay"],
            conference_on=data["conference_on"],
            responsible_from=data["responsible_from"],
            letter_kept=data["letter_kept"],
        )
