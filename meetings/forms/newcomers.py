"""Who came without being on the list: someone around the family, in the directory, or new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.forms.workers import ASKED, OFFERED, EntersWorker
from families.models import Agency, Person
from families.selectors import likely_duplicates
from families.selectors.agency_names import name_on_page
from families.services import EnteredWorker
from govuk.forms import Fieldset, Include, SelectField
from meetings.selectors.newcomers import KnownPeople, Newcomer

# The parts of a layout that ask who it is.
WHO_IT_IS = (
    ASKED,
    Include("families/duplicates.html", draws=("somebody_else",)),
    "known",
    OFFERED,
    Fieldset("given_name", "family_name", "agency", "title", "email", legend="Or someone new"),
)


class EntersNewcomer(EntersWorker):
    """Asks who came; the layout begins with ``WHO_IT_IS``."""

    drawn_on_demand = EntersWorker.drawn_on_demand | {"somebody_else"}
    known = SelectField(label="Someone in the family", required=False, empty_label="They are not in this list")
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    agency = SelectField(label="Agency", required=False, empty_label="No agency")
    title = forms.CharField(label="Job title", required=False, max_length=120)
    email = forms.EmailField(label="E-mail address", required=False, help_text="Where their copy of the minutes may go")
    somebody_else = forms.BooleanField(label="This is someone else", required=False)

    def __init__(self, *args: Any, known: KnownPeople, agencies: Sequence[Agency], **kwargs: Any) -> None:
        family_id = known.family_id
        super().__init__(*args, workers=known.workers, posts=known.posts, family_id=family_id, **kwargs)
        self.people = known
        self.agencies = {str(row.pk): row for row in agencies}
        self.fields["known"].set_choices(known.choices)  # type: ignore[attr-defined]
        self.fields["agency"].set_choices(  # type: ignore[attr-defined]
            [(key, name_on_page(row, family_id)) for key, row in self.agencies.items()]
        )
        self.duplicates: list[Person] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        entered = self.entered
        if data.get("known") and data.get("worker"):
            self.add_error("worker", "Choose one person: someone in the family or someone in the directory.")
        if data.get("known") and entered.is_named:
            self.add_error("given_name", "You chose someone above. Leave this empty, or choose no one above.")
        if not data.get("known") and not data.get("worker") and not entered.is_named:
            self.add_error("known", "Choose someone, or enter the name of someone new.")
        if not data.get("known") and not data.get("worker") and data.get("agency") and not data.get("title"):
            self.add_error("title", "Enter their job title at the agency.")
        if not data.get("known"):
            agency = None if data.get("worker") else self.agencies.get(data.get("agency") or "")
            self.ask_about_worker(entered, agency=agency)
            if agency is None and self.same_as is None and not data.get("worker") and not self.errors:
                self._ask_about_person(data)
        return data

    def _ask_about_person(self, data: dict[str, Any]) -> None:
        self.duplicates = likely_duplicates(
            self.people.family, given_name=data["given_name"], family_name=data["family_name"], email=data["email"]
        )
        if self.duplicates and not data.get("somebody_else"):
            self.add_error(
                "somebody_else",
                "We may already know this person. Choose them above if it is them, or tick the box if this is "
                "someone else.",
            )

    @property
    def entered(self) -> EnteredWorker:
        """Return what was typed about the person."""
        names = ("given_name", "family_name", "title", "email")
        return EnteredWorker(**{name: self.cleaned_data.get(name) or "" for name in names})

    def newcomer(self) -> Newcomer:
        """Return who came, with what was typed and which word counts."""
        chosen = self.people.chosen(self.cleaned_data["known"])
        worker = self.cleaned_data.get("worker")
        return chosen or Newcomer(
            entered=self.entered,
            agency=None if worker else self.agencies.get(self.cleaned_data["agency"]),
            same_as=self.same_as,
            use=self.use,
            staff=worker.user if worker else None,
        )
