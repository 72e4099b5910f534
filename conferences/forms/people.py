"""Forms for the list of people, and for adding a person to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from conferences.enums import Capacity, Mode
from conferences.forms.moments import at
from conferences.models import ConferenceChild, Participant, Sitting
from conferences.selectors.proposing import Proposal
from conferences.services.invitations import ListChange
from deadlines.working_days.arithmetic import LONDON
from families.models import Person, Post
from govuk.forms import (
    Button,
    Conditional,
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
                label="E-mail address for this invitation", required=False, max_length=254, initial=row.email
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
                    email=data[f"{row.pk}-email"],
                    invited_how=data[f"{row.pk}-invited_how"],
                    version=data[f"{row.pk}-version"],
                )
            )
        return found


_NOT_WANTED = frozenset({"left_out", "withdrawn", "kept_out"})


class AddParticipantForm(GovukForm):
    keeps_draft = True
    button = "Add to the list"
    layout = Layout(
        Conditional("who", {"post": ["post"], "person": ["person"], "new": ["given_name", "family_name"]}),
        "capacity",
        "children",
        "email",
        "reports",
        "reason",
    )
    who = RadiosField(
        label="Who is it?",
        error_messages={"required": "Choose who it is"},
        choices=[
            Item("post", "Someone from an agency", hint="Chosen from the council’s directory"),
            Item("person", "Someone in the family or close to it"),
            Item("new", "Someone not recorded yet", hint="For example, a supporter or an interpreter"),
        ],
    )
    post = ModelSelectField(
        Post.objects.none(),
        label="Professional",
        required=False,
        label_from=lambda post: f"{post.person.full_name}, {post.title}, {post.agency.name}",
        group_from=lambda post: post.agency.get_kind_display(),
    )
    person = ModelSelectField(
        Person.objects.none(), label="Person", required=False, label_from=lambda person: person.full_name
    )
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    capacity = SelectField(
        label="What is their role?",
        error_messages={"required": "Choose their role"},
        choices=[row for row in Capacity.choices if row[0] not in ("chair", "coordinator")],
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

    def __init__(self, *args: Any, posts: Any, persons: Any, children: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts
        self.fields["person"].queryset = persons
        self.fields["children"].queryset = children
        if not self.is_bound:
            self.initial.setdefault("children", [row.pk for row in children])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wanted = {"post": "post", "person": "person", "new": "given_name"}.get(data.get("who", ""), "")
        if wanted and not data.get(wanted):
            message = "Enter the first name" if wanted == "given_name" else "Choose who it is"
            self.add_error(wanted, message)
        return data


def initial_of(proposal: Proposal) -> dict[str, Any]:
    """Return the initial values for adding a person who was not ticked."""
    return {
        "who": "post" if proposal.post else "person",
        "post": proposal.post.pk if proposal.post else None,
        "person": proposal.person.pk,
        "capacity": proposal.capacity,
        "children": [row.pk for row in proposal.children],
        "email": proposal.email,
    }
