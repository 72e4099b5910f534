"""Forms for who is here, who came as well, and who brings the views of absent people."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from conferences.enums import Capacity, Mode, Presence
from conferences.models import Participant, Sitting
from families.forms.workers import ASKED, OFFERED, EntersWorker
from families.models import Agency, Person
from families.selectors import likely_duplicates
from families.selectors.agency_names import name_on_page
from families.services import EnteredWorker
from govuk.forms import Fieldset, Include, Layout, LongTextField, RadiosField, SelectField, TimeField, VersionField
from meetings.forms.on_the_day import OnTheDay, children_field, people_of
from meetings.selectors.newcomers import KnownPeople, Newcomer

HERE_BY = (Mode.IN_PERSON, Mode.ONLINE)
AFTER_MIDNIGHT = datetime.timedelta(hours=6)


def moment_of(sitting: Sitting, time: datetime.time | None) -> datetime.datetime | None:
    """Return a time of day during the sitting as an aware moment; early hours count as after midnight."""
    if time is None:
        return None
    zone = timezone.get_current_timezone()
    moment = datetime.datetime.combine(sitting.day, time, tzinfo=zone)
    if moment < sitting.booked_from - AFTER_MIDNIGHT:
        moment = datetime.datetime.combine(sitting.day + datetime.timedelta(days=1), time, tzinfo=zone)
    return moment


class AttendanceForm(OnTheDay):
    """One person's attendance in one part of the meeting."""

    version = VersionField()
    part = SelectField(label="Part of the meeting", required=False, empty_label="The first part")
    presence = RadiosField(
        label="Are they here?",
        choices=[(value, label) for value, label in Presence.choices if value != Presence.REMOVED],
        error_messages={"required": "Choose whether this person is here."},
    )
    mode = RadiosField(
        label="How?", choices=[(mode.value, mode.label) for mode in HERE_BY], inline=True, required=False
    )
    arrived = TimeField(label="Came at", required=False, help_text="Leave empty for when the meeting started, or now.")
    left = TimeField(label="Left at", required=False, help_text="Only if they left before the end.")
    note = forms.CharField(label="Note", required=False, max_length=250)
    brought_by = SelectField(
        label="If they are not here, who brings their views?", required=False, empty_label="Not recorded"
    )

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [choice for choice in people_of(self.day) if choice[0] != str(participant.pk)]
        self.fields["brought_by"].set_choices(others)

    def times(self, sitting: Sitting) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "presence": data["presence"],
            "mode": data["mode"] or Mode.IN_PERSON,
            "arrived_at": moment_of(sitting, data["arrived"]),
            "left_at": moment_of(sitting, data["left"]),
            "note": data["note"],
            "version": data["version"] or 0,
        }


class BroughtByForm(OnTheDay):
    """Who brings the views of someone who is not here."""

    brought_by = SelectField(label="Who brings their views?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brought_by"].set_choices(people_of(self.day))


class AddAttendeeForm(EntersWorker, OnTheDay):
    """Someone who came without being on the list, already known or new."""

    keeps_draft = True
    button = "Add to the meeting"
    drawn_on_demand = EntersWorker.drawn_on_demand | {"somebody_else"}
    layout = Layout(
        ASKED,
        Include("families/duplicates.html", draws=("somebody_else",)),
        "known",
        OFFERED,
        Fieldset("given_name", "family_name", "agency", "title", "email", legend="Or someone new"),
        "capacity",
        "acts_for",
        "children",
        "mode",
        "reason",
    )
    known = SelectField(label="Someone in the family", required=False, empty_label="They are not in this list")
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    agency = SelectField(label="Agency", required=False, empty_label="No agency")
    title = forms.CharField(label="Job title", required=False, max_length=120)
    email = forms.EmailField(label="E-mail address", required=False, help_text="Where their copy of the minutes may go")
    somebody_else = forms.BooleanField(label="This is someone else", required=False)
    capacity = SelectField(
        label="What is their role?",
        choices=[pair for pair in Capacity.choices if pair[0] not in (Capacity.CHAIR, Capacity.COORDINATOR)],
    )
    acts_for = SelectField(
        label="For a deputy, supporter, advocate or interpreter: who are they with, or here instead of?",
        required=False,
        empty_label="No one",
    )
    children = children_field("Which children do they come for?")
    mode = RadiosField(
        label="How are they here?",
        choices=[(mode.value, mode.label) for mode in HERE_BY],
        inline=True,
        initial=Mode.IN_PERSON,
    )
    reason = LongTextField(label="Why are you adding them?", rows=2)

    def __init__(self, *args: Any, known: KnownPeople, agencies: Sequence[Agency], **kwargs: Any) -> None:
        family_id = known.family_id
        super().__init__(*args, workers=known.workers, posts=known.posts, family_id=family_id, **kwargs)
        self.people = known
        self.agencies = {str(row.pk): row for row in agencies}
        self.fields["known"].set_choices(known.choices)  # type: ignore[attr-defined]
        self.fields["agency"].set_choices(  # type: ignore[attr-defined]
            [(key, name_on_page(row, family_id)) for key, row in self.agencies.items()]
        )
        self.fields["acts_for"].set_choices(people_of(self.day))  # type: ignore[attr-defined]
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
