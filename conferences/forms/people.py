"""Forms for the list of people, and for adding a person to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone

from conferences.enums import COME_WITH_SOMEBODY, Capacity, Mode
from conferences.forms.moments import at
from conferences.models import Conference, ConferenceChild, Participant, Sitting
from conferences.selectors.companions import family_on, why_not_companion
from conferences.selectors.places_of_work import is_confidential
from conferences.selectors.proposing import Proposal
from conferences.services.invitations import ListChange
from deadlines.working_days.arithmetic import LONDON
from families.forms.workers import ASKED, OFFERED, EntersWorker
from families.models import Agency, Person
from families.selectors import likely_duplicates
from families.selectors.agency_names import confidential_agencies, name_on_page
from families.services import EnteredWorker
from govuk.forms import (
    Button,
    Conditional,
    Field,
    Fieldset,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    ModelSelectField,
    RadiosField,
    SelectField,
    TimeField,
    VersionField,
)

KEEPS_MAILBOX = "The address on the list is confidential. Leave this empty to keep it"


class PeopleForm(GovukForm):
    """The list of people: each participant is one row of fields named ``<participant>-<field>``."""

    marks_optional = False
    layout = Layout(Include("conferences/invitees.html"))

    def __init__(self, *args: Any, participants: Sequence[Participant], sitting: Sitting | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participants = list(participants)
        self.sitting = sitting
        for row in self.participants:
            self._add_row(row)
        self._adapt()
        self.drawn_on_demand = frozenset(  # type: ignore[misc]
            name for name, field in self.fields.items() if not isinstance(field, VersionField)
        )
        self.helper.form_id = "people-form"

    @property
    def buttons(self) -> list[Button]:
        """Return none: the page renders the button beside the list, where it is in view."""
        return []

    def _add_row(self, row: Participant) -> None:
        name = row.person.full_name
        arrives = row.arrives_at.astimezone(LONDON).time() if row.arrives_at else None
        keeps_mailbox = self._keeps_mailbox(row)
        self.fields |= {
            f"{row.pk}-wanted": forms.BooleanField(label=name, required=False, initial=row.status not in _NOT_WANTED),
            f"{row.pk}-mode": forms.ChoiceField(
                label=f"How {name} takes part",
                choices=[(Mode.IN_PERSON, "In the room"), (Mode.ONLINE, "Online")],
                required=False,
                initial=row.mode,
            ),
            f"{row.pk}-arrives": TimeField(
                label="Own arrival time", required=False, initial=arrives, help_text="Leave empty for the usual time"
            ),
            f"{row.pk}-email": forms.CharField(
                label="E-mail address for this invitation",
                required=False,
                max_length=254,
                initial="" if keeps_mailbox else row.email,
                help_text=KEEPS_MAILBOX if keeps_mailbox else "",
            ),
            f"{row.pk}-invited_how": forms.CharField(
                label="Or how they are told instead",
                required=False,
                max_length=200,
                initial=row.invited_how,
                help_text="For example, on paper by the social worker",
            ),
            f"{row.pk}-reports": forms.BooleanField(label="Asked for a report", required=False, initial=row.reports),
            f"{row.pk}-reason": forms.CharField(
                label="Reason, if you leave them out or ask them after all", required=False, max_length=2000
            ),
            f"{row.pk}-version": VersionField(initial=row.version),
        }

    def _keeps_mailbox(self, row: Participant) -> bool:
        """Return whether the row's address is not shown, and stays as it is where nothing is typed."""
        return bool(row.email) and is_confidential(row)

    def _mailbox(self, row: Participant) -> str:
        typed: str = self.cleaned_data[f"{row.pk}-email"]
        told_otherwise = self.cleaned_data[f"{row.pk}-invited_how"].strip() not in ("", row.invited_how)
        return row.email if not typed and not told_otherwise and self._keeps_mailbox(row) else typed

    def row_fields(self, row: Participant) -> dict[str, Any]:
        """Return a participant's row: the tick is rendered by hand, the other fields as usual."""
        more = ("reason", "email", "invited_how", "arrives", "reports")
        return {
            "wanted": self[f"{row.pk}-wanted"],
            "mode": self.draw(f"{row.pk}-mode", label_hidden=True),
            "more": [self.draw(f"{row.pk}-{name}", size="s" if name == "arrives" else "") for name in more],
            "has_errors": any(self[f"{row.pk}-{name}"].messages for name in more),
        }

    def changes(self) -> list[ListChange]:
        data = self.cleaned_data
        found = []
        for row in self.participants:
            time = data[f"{row.pk}-arrives"]
            day = self.sitting.starts_at.astimezone(LONDON).date() if self.sitting else None
            found.append(
                ListChange(
                    participant=row,
                    wanted=data[f"{row.pk}-wanted"],
                    reason=data[f"{row.pk}-reason"],
                    arrives_at=at(day, time) if day and time else None,
                    mode=data[f"{row.pk}-mode"] or Mode.IN_PERSON,
                    reports=data[f"{row.pk}-reports"],
                    email=self._mailbox(row),
                    invited_how=data[f"{row.pk}-invited_how"],
                    version=data[f"{row.pk}-version"],
                )
            )
        return found


_NOT_WANTED = frozenset({"left_out", "withdrawn", "kept_out"})


class AddParticipantForm(EntersWorker):
    keeps_draft = True
    button = "Add to the list"
    layout = Layout(
        ASKED,
        Include("families/duplicates.html", draws=("somebody_else",)),
        Conditional(
            "who",
            {
                "post": [OFFERED],
                "person": ["person"],
                "new_worker": [
                    Field("agency", optional=False),
                    Field("worker_given_name", optional=False),
                    Field("worker_family_name", optional=False),
                    Field("title", optional=False),
                ],
                "new": [Field("given_name", optional=False), Field("family_name", optional=False)],
            },
        ),
        "capacity",
        Fieldset("acts_for", "ties", legend="If they come with someone in the family", legend_size="s"),
        "children",
        "email",
        "reports",
        "reason",
    )
    who = RadiosField(
        label="Who is it?",
        error_messages={"required": "Choose who it is"},
        choices=[
            Item("post", "Someone from an agency or the council", hint="Chosen from the council’s directory"),
            Item("person", "Someone in the family or close to it"),
            Item("new_worker", "Someone from an agency who is not recorded yet"),
            Item("new", "Someone else who is not recorded yet", hint="For example, a supporter or an interpreter"),
        ],
    )
    person = ModelSelectField(
        Person.objects.none(), label="Person", required=False, label_from=lambda person: person.full_name
    )
    agency = ModelSelectField(
        Agency.objects.none(),
        label="Agency",
        required=False,
        label_from=lambda agency: agency.name,
        group_from=lambda agency: agency.get_kind_display(),
    )
    worker_given_name = forms.CharField(label="First name", required=False, max_length=100)
    worker_family_name = forms.CharField(label="Last name", required=False, max_length=100)
    title = forms.CharField(label="Job title", required=False, max_length=120)
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    somebody_else = forms.BooleanField(label="This is someone else", required=False)
    capacity = SelectField(
        label="What is their role?",
        error_messages={"required": "Choose their role"},
        choices=[row for row in Capacity.choices if row[0] not in ("chair", "coordinator")],
    )
    acts_for = ModelSelectField(
        Participant.objects.none(),
        label="Who do they come with?",
        required=False,
        label_from=lambda row: row.person.full_name,
        help_text="For a supporter, advocate, solicitor or interpreter",
    )
    ties = LongTextField(
        label="How do they know the family?",
        required=False,
        rows=2,
        max_length=1000,
        help_text="The chair reads this, and has to accept them before they are invited. For example, “a neighbour of "
        "the mother”, or “not at all, from the council’s agency”",
    )
    children = ModelCheckboxesField(
        ConferenceChild.objects.none(),
        label="Which children do they come for?",
        label_from=lambda row: row.child.person.full_name,
        error_messages={"required": "Choose which children they come for"},
    )
    email = forms.EmailField(label="E-mail address for the invitation", required=False)
    reports = forms.BooleanField(label="Ask them for a report", required=False)
    reason = LongTextField(
        label="Why are you adding them?", error_messages={"required": "Say why you are adding them"}, rows=3
    )
    drawn_on_demand = EntersWorker.drawn_on_demand | {"somebody_else"}

    def __init__(
        self, *args: Any, conference: Conference, agencies: Any, persons: Any, children: Any, **kwargs: Any
    ) -> None:
        family_id = conference.family_id
        super().__init__(*args, family_id=family_id, **kwargs)
        self.conference = conference
        self.fields["acts_for"].queryset = family_on(conference)
        self.fields["agency"].label_from = partial(name_on_page, family_id=family_id)
        self.fields["agency"].queryset = agencies
        self.fields["person"].queryset = persons
        self.fields["children"].queryset = children
        self.duplicates: list[Person] = []
        if not self.is_bound:
            self.initial.setdefault("children", [row.pk for row in children])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        who = data.get("who", "")
        for name, message in NEEDED.get(who, {}).items():
            if not data.get(name) and name not in self.errors:
                self.add_error(name, message)
        # Only what belongs to the answer counts: a name left over from another one enters nothing.
        if who != "post":
            data["worker"] = None
        if who in ("post", "new_worker", "new"):
            self.ask_about_worker(self.entered, agency=data.get("agency") if who == "new_worker" else None)
        if data.get("capacity") in COME_WITH_SOMEBODY:
            self._ask_about_companion(data)
        if who == "new" and self.same_as is None and not self.errors:
            self._ask_about_person(data)
        return data

    def _ask_about_companion(self, data: dict[str, Any]) -> None:
        if not data.get("acts_for"):
            self.add_error("acts_for", "Choose who in the family they come with")
        if not (data.get("ties") or "").strip() and "ties" not in self.errors:
            self.add_error("ties", "Say how they know the family, or that they do not")
        person = data.get("person") if data.get("who") == "person" else None
        on = timezone.localdate()
        if person and (why_not := why_not_companion(person, data["capacity"], self.conference, on=on)):
            self.add_error("capacity", why_not)

    def _ask_about_person(self, data: dict[str, Any]) -> None:
        self.duplicates = likely_duplicates(
            self.fields["person"].queryset,  # type: ignore[attr-defined]
            given_name=data["given_name"],
            family_name=data["family_name"],
            email=data["email"],
        )
        if self.duplicates and not data.get("somebody_else"):
            self.add_error(
                "somebody_else",
                "We may already know this person. Choose them above under “Someone in the family or close to it”, "
                "or tick the box if this is someone else",
            )

    @property
    def entered(self) -> EnteredWorker:
        """Return what was typed about the worker, as far as it belongs to what was chosen."""
        data = self.cleaned_data
        if data.get("who") == "post":
            return EnteredWorker(email=data.get("email") or "")
        of_agency = data.get("who") == "new_worker"
        prefix = "worker_" if of_agency else ""
        return EnteredWorker(
            given_name=data.get(f"{prefix}given_name") or "",
            family_name=data.get(f"{prefix}family_name") or "",
            title=(data.get("title") or "") if of_agency else "",
            email=data.get("email") or "",
        )


NEEDED = {
    "post": {"worker": "Choose who it is"},
    "person": {"person": "Choose who it is"},
    "new": {"given_name": "Enter the first name"},
    "new_worker": {
        "agency": "Choose the agency",
        "title": "Enter their job title at the agency",
        "worker_family_name": "Enter the last name",
    },
}


def initial_of(proposal: Proposal, family_id: int) -> dict[str, Any]:
    """Return the initial values for adding a person who was not ticked; a post's own address counts where none is."""
    hides_mailbox = proposal.agency is not None and proposal.agency.pk in confidential_agencies(family_id)
    return {
        "who": "post" if proposal.post else "person",
        "worker": f"post-{proposal.post.pk}" if proposal.post else "",
        "person": proposal.person.pk,
        "capacity": proposal.capacity,
        "children": [row.pk for row in proposal.children],
        "email": "" if hides_mailbox else proposal.email,
    }
