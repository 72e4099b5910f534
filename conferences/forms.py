"""What people type before the day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from conferences.enums import Capacity, ConferenceKind, HowToAttend, Mode, Reply
from conferences.models import ConferenceChild, Participant, Room, Sitting
from conferences.selectors.children import short_name_of
from conferences.selectors.proposing import Proposal
from conferences.services.invitations import ListChange
from conferences.services.scheduling import Booking, ChildToConfer
from deadlines.arithmetic import LONDON
from deadlines.policies import Policy
from families.models import Child, Enquiry, Person, Post
from families.words import child_line
from govuk.forms import (
    DateInputField,
    GovukForm,
    Item,
    LongTextField,
    ModelCheckboxesField,
    ModelSelectField,
    RadiosField,
    SelectField,
    TimeField,
    VersionField,
)

LENGTHS = (60, 90, 120, 150, 180, 210, 240, 300)


def at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """A moment on the clock in London."""
    return datetime.datetime.combine(day, time, tzinfo=LONDON)


class StrategyDiscussionForm(GovukForm):
    keeps_draft = True
    children = ModelCheckboxesField(
        Child.objects.none(),
        label="For which children were enquiries started?",
        label_from=lambda child: child.person.full_name,
        error_messages={"required": "Choose at least one child"},
    )
    held_on = DateInputField(
        label="On which day was it held?",
        help_text="The time limit for the conference is counted from this day",
        error_messages={"required": "Enter the day on which it was held"},
    )
    held_time = TimeField(label="At what time?", help_text="For example, 14:00 or 2pm")
    agencies_present = LongTextField(
        label="Who took part?", help_text="Agencies, one on each line", required=False, rows=4
    )
    reason = LongTextField(
        label="Why were enquiries started?",
        error_messages={"required": "Say why enquiries were started"},
        help_text="What happened, and why a child may be suffering, or be likely to suffer, significant harm",
        rows=6,
    )

    def __init__(self, *args: Any, children: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["children"]
        field.queryset = children
        field.describe(field.label_from, lambda child: child_line(child, on=on), None)

    @property
    def held_at(self) -> datetime.datetime:
        return at(self.cleaned_data["held_on"], self.cleaned_data["held_time"])


class EndEnquiryForm(GovukForm):
    reason = LongTextField(
        label="Why is no conference needed?",
        error_messages={"required": "Say why no conference is needed"},
        rows=5,
    )


class BookingForm(GovukForm):
    """Date, times, place, chair and coordinator; the reasons that some dates need stand beside them."""

    day = DateInputField(label="Date", error_messages={"required": "Enter the date of the conference"})
    start = TimeField(label="Start", help_text="When the meeting itself begins, for example 10:00")
    length = forms.TypedChoiceField(label="Expected length", coerce=int)
    family_arrives_at = TimeField(label="The family arrives at", required=False)
    professionals_arrive_at = TimeField(label="Professionals arrive at", required=False)
    mode = RadiosField(
        label="How do people meet?",
        error_messages={"required": "Choose how people meet"},
        choices=[
            Item(Mode.IN_PERSON, "In person"),
            Item(Mode.BLENDED, "In person, with some people online"),
            Item(Mode.ONLINE, "Everybody online"),
        ],
    )
    room = ModelSelectField(Room.objects.none(), label="Room", required=False, empty_label="No room")
    link = forms.URLField(
        label="Link for those online", required=False, max_length=500, assume_scheme="https"
    )
    chair = ModelSelectField(
        User.objects.none(),
        label="Chair",
        error_messages={"required": "Choose the chair"},
        label_from=lambda user: user.name,
    )
    coordinator = ModelSelectField(
        User.objects.none(),
        label="Coordinator",
        error_messages={"required": "Choose the coordinator"},
        label_from=lambda user: user.name,
    )
    closed_day_confirmed = forms.BooleanField(label="Yes, on a day on which nobody works", required=False)
    short_notice_reason = LongTextField(label="Why can’t people get more notice?", required=False, rows=3)
    late_cause = SelectField(
        label="What makes it late?",
        error_messages={"required": "Choose what makes it late"},
        required=False,
        empty_label="Not known yet",
    )
    late_reason = LongTextField(
        label="Why is it after the time limit?",
        help_text="You can book now and answer later. You will be reminded.",
        required=False,
        rows=3,
    )
    recorded_afterwards_reason = LongTextField(label="Why is it recorded afterwards?", required=False, rows=3)

    def __init__(
        self,
        *args: Any,
        policy: Policy,
        chairs: Sequence[User],
        coordinators: Sequence[User],
        rooms: Sequence[Room],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        self.fields["chair"].queryset = User.objects.filter(pk__in=[user.pk for user in chairs])
        self.fields["coordinator"].queryset = User.objects.filter(pk__in=[user.pk for user in coordinators])
        room = self.fields["room"]
        room.queryset = Room.objects.filter(pk__in=[row.pk for row in rooms])
        room.label_from = _room_label
        self.fields["length"].choices = [(minutes, _length_label(minutes)) for minutes in LENGTHS]
        self.fields["late_cause"].set_choices(policy.lateness_causes)
        self.fields["family_arrives_at"].help_text = _usual(policy.family_arrives_before)
        self.fields["professionals_arrive_at"].help_text = _usual(policy.professionals_arrive_before)

    def booking(self) -> Booking:
        """What was typed, as a booking. An arrival left empty is the council's usual one."""
        data = self.cleaned_data
        starts_at = at(data["day"], data["start"])
        family, professionals = data["family_arrives_at"], data["professionals_arrive_at"]
        return Booking(
            starts_at=starts_at,
            family_arrives_at=at(data["day"], family)
            if family
            else starts_at - self.policy.family_arrives_before,
            professionals_arrive_at=(
                at(data["day"], professionals)
                if professionals
                else starts_at - self.policy.professionals_arrive_before
            ),
            until=starts_at + datetime.timedelta(minutes=data["length"]),
            mode=data["mode"],
            room=data["room"],
            link=data["link"],
            chair=data["chair"],
            coordinator=data["coordinator"],
            closed_day_confirmed=data["closed_day_confirmed"],
            short_notice_reason=data["short_notice_reason"],
            late_cause=data["late_cause"],
            late_reason=data["late_reason"],
            recorded_afterwards_reason=data["recorded_afterwards_reason"],
        )

    def asked_day(self) -> datetime.date | None:
        """The day that stands in the form, typed or proposed; None while it can't be read."""
        value = self["day"].value()
        if isinstance(value, datetime.date):
            return value
        try:
            found: datetime.date | None = self.fields["day"].clean(value)
        except ValidationError:
            return None
        return found


def _room_label(room: Room) -> str:
    entrances = ", two entrances" if room.two_entrances else ""
    return f"{room.name} ({room.seats} seats{entrances})"


def _length_label(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    words = f"{hours} hour{'' if hours == 1 else 's'}"
    return f"{words} {rest} minutes" if rest else words


def _usual(before: datetime.timedelta) -> str:
    minutes = int(before.total_seconds() // 60)
    when = f"{minutes} minutes before the start" if minutes else "at the start"
    return f"Leave empty for the usual time, {when}"


class ScheduleForm(BookingForm):
    """The children, what the conference is for each, and the booking."""

    keeps_draft = True
    children = ModelCheckboxesField(
        Child.objects.none(),
        label="Which children is it about?",
        label_from=lambda child: child.person.full_name,
        error_messages={"required": "Choose at least one child"},
    )
    added_reason = LongTextField(
        label="Why does a child without a strategy discussion come into this conference?",
        help_text="Needed for a brother or sister who is added without enquiries of their own",
        required=False,
        rows=2,
    )
    reason = LongTextField(
        label="Why is the conference held?",
        error_messages={"required": "Say why the conference is held"},
        help_text="The family and everybody invited may read this",
        rows=4,
    )

    def __init__(
        self,
        *args: Any,
        children: Any,
        enquiries: Mapping[int, Enquiry],
        kinds: Mapping[int, str],
        on: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.enquiries = enquiries
        self.family_children = list(children)
        field = self.fields["children"]
        field.queryset = children
        field.describe(field.label_from, lambda child: _child_hint(child, enquiries, on=on), None)
        choices = [(kind.value, f"{kind.label} conference") for kind in ConferenceKind]
        for child in self.family_children:
            self.fields[f"kind-{child.pk}"] = SelectField(
                label=f"For {short_name_of(child)} it is",
                choices=choices,
                required=False,
                initial=kinds.get(child.pk, ""),
            )
        if any(child.pk not in enquiries for child in self.family_children):
            return
        self.fields["added_reason"].widget = forms.HiddenInput()

    @property
    def kind_fields(self) -> list[Any]:
        return [self[f"kind-{child.pk}"] for child in self.family_children]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for child in data.get("children") or ():
            if not data.get(f"kind-{child.pk}"):
                self.add_error(
                    f"kind-{child.pk}", f"Choose what the conference is for {short_name_of(child)}"
                )
        return data

    def chosen_children(self) -> list[ChildToConfer]:
        return [
            ChildToConfer(
                child=child,
                kind=self.cleaned_data[f"kind-{child.pk}"],
                enquiry=self.enquiries.get(child.pk),
                added_reason="" if child.pk in self.enquiries else self.cleaned_data["added_reason"],
            )
            for child in self.cleaned_data["children"]
        ]


def _child_hint(child: Child, enquiries: Mapping[int, Enquiry], *, on: datetime.date) -> str:
    enquiry = enquiries.get(child.pk)
    known = (
        f"strategy discussion {enquiry.started_on:%-d %B %Y}"
        if enquiry
        else "no strategy discussion recorded"
    )
    return f"{child_line(child, on=on)}; {known}"


class MoveForm(BookingForm):
    keeps_draft = True
    reason = LongTextField(
        label="Why is it moved?",
        error_messages={"required": "Say why it is moved"},
        help_text="Kept in the record. Those invited do not see it.",
        rows=3,
    )


def initial_booking(sitting: Sitting) -> dict[str, Any]:
    """The values of a booking form that change nothing."""
    local = sitting.starts_at.astimezone(LONDON)
    conference = sitting.conference
    return {
        "day": local.date(),
        "start": local.time(),
        "length": int((sitting.booked_until - sitting.starts_at).total_seconds() // 60),
        "family_arrives_at": sitting.family_arrives_at.astimezone(LONDON).time(),
        "professionals_arrive_at": sitting.professionals_arrive_at.astimezone(LONDON).time(),
        "mode": conference.mode,
        "room": sitting.room_id,
        "link": conference.link,
        "chair": sitting.chair_id,
        "coordinator": conference.coordinator_id,
        "short_notice_reason": conference.short_notice_reason,
        "late_cause": conference.late_cause,
        "late_reason": conference.late_reason,
    }


class CancelForm(GovukForm):
    reason = LongTextField(
        label="Why is it cancelled?",
        error_messages={"required": "Say why it is cancelled"},
        help_text="Kept in the record. Those invited do not see it.",
        rows=4,
    )


class LateReasonForm(GovukForm):
    late_cause = SelectField(label="What makes it late?")
    late_reason = LongTextField(
        label="Why is it after the time limit, and what keeps the children safe until then?", rows=4
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["late_cause"].set_choices(policy.lateness_causes)


class PeopleForm(GovukForm):
    """The list of people: each participant is one row of fields named ``<participant>-<field>``."""

    def __init__(
        self, *args: Any, participants: Sequence[Participant], sitting: Sitting | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.participants = list(participants)
        self.sitting = sitting
        for row in self.participants:
            self._add_row(row)
        self._adapt()

    def _add_row(self, row: Participant) -> None:
        name = row.person.full_name
        arrives = row.arrives_at.astimezone(LONDON).time() if row.arrives_at else None
        self.fields |= {
            f"{row.pk}-wanted": forms.BooleanField(
                label=name, required=False, initial=row.standing not in _NOT_WANTED
            ),
            f"{row.pk}-mode": forms.ChoiceField(
                label=f"How {name} takes part",
                choices=[(Mode.IN_PERSON, "In the room"), (Mode.ONLINE, "Online")],
                required=False,
                initial=row.mode,
            ),
            f"{row.pk}-arrives": TimeField(
                label="Own arrival time", required=False, initial=arrives, help_text="Empty: the usual time"
            ),
            f"{row.pk}-email": forms.CharField(
                label="E-mail address for this invitation", required=False, max_length=254, initial=row.email
            ),
            f"{row.pk}-invited_how": forms.CharField(
                label="Or: how they are told instead",
                required=False,
                max_length=200,
                initial=row.invited_how,
                help_text="For example: on paper, by the social worker",
            ),
            f"{row.pk}-reports": forms.BooleanField(
                label="Asked for a report", required=False, initial=row.reports
            ),
            f"{row.pk}-reason": forms.CharField(
                label="Reason, if you leave them out or ask them after all", required=False, max_length=2000
            ),
            f"{row.pk}-version": VersionField(initial=row.version),
        }

    def row_fields(self, row: Participant) -> dict[str, Any]:
        """The bound fields of one participant, by short name."""
        names = ("wanted", "mode", "arrives", "email", "invited_how", "reports", "reason", "version")
        return {name: self[f"{row.pk}-{name}"] for name in names}

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
    reveals = {"who": {"post": ["post"], "person": ["person"], "new": ["given_name", "family_name"]}}
    who = RadiosField(
        label="Who is it?",
        error_messages={"required": "Choose who it is"},
        choices=[
            Item("post", "Somebody of an agency", hint="Chosen from the council’s directory"),
            Item("person", "Somebody of the family or around it"),
            Item(
                "new", "Somebody who is not recorded yet", hint="For example, a supporter or an interpreter"
            ),
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
        label="As what do they come?",
        error_messages={"required": "Choose as what they come"},
        choices=[row for row in Capacity.choices if row[0] not in ("chair", "coordinator")],
    )
    children = ModelCheckboxesField(
        ConferenceChild.objects.none(),
        label="For which children?",
        label_from=lambda row: row.child.person.full_name,
        error_messages={"required": "Choose for which children they come"},
    )
    email = forms.EmailField(label="E-mail address for the invitation", required=False)
    reports = forms.BooleanField(label="Ask them for a report", required=False)
    reason = LongTextField(
        label="Why are they added?", error_messages={"required": "Say why they are added"}, rows=3
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
    """The values with which somebody who was not ticked is added."""
    return {
        "who": "post" if proposal.post else "person",
        "post": proposal.post.pk if proposal.post else None,
        "person": proposal.person.pk,
        "capacity": proposal.capacity,
        "children": [row.pk for row in proposal.children],
        "email": proposal.email,
    }


class AskChairForm(GovukForm):
    keeps_draft = True
    asked_for = ModelSelectField(
        Person.objects.none(),
        label="Who of the family asks for it?",
        required=False,
        empty_label="Nobody of the family",
        label_from=lambda person: person.full_name,
    )
    reason = LongTextField(
        label="Why should they be kept out, or attend differently, and what shows it?",
        error_messages={"required": "Say why, and what shows it"},
        rows=5,
    )

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_for"].queryset = persons


class DecideRequestForm(GovukForm):
    keeps_draft = True
    how = RadiosField(
        label="How do they take part?",
        error_messages={"required": "Choose how they take part"},
        choices=[
            Item(HowToAttend.WHOLE, "The whole meeting"),
            Item(HowToAttend.PART, "Part of the meeting"),
            Item(HowToAttend.SEPARATE_TIME, "At a separate time"),
            Item(HowToAttend.SEPARATE_PLACE, "In a separate place"),
            Item(HowToAttend.VIDEO, "By video"),
            Item(HowToAttend.NOT_AT_ALL, "Not at all", divider="or", hint="Nothing goes to them"),
        ],
    )
    arrives = TimeField(
        label="Their own arrival time",
        required=False,
        help_text="Needed for a separate time. They are told this time and no other.",
    )
    reason = LongTextField(
        label="Why do you decide so?", error_messages={"required": "Say why you decide so"}, rows=5
    )
    views_through = ModelSelectField(
        Participant.objects.none(),
        label="Who brings their views to the meeting?",
        required=False,
        empty_label="Nobody: they come themselves",
        help_text="Needed for somebody who does not come at all",
    )

    risks_seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["views_through"]
        field.queryset = others
        field.label_from = lambda row: f"{row.person.full_name}, {row.get_capacity_display().lower()}"


class ReplyForm(GovukForm):
    reply = SelectField(label="Answer", choices=Reply.choices)


class MyInvitationForm(GovukForm):
    reply = RadiosField(
        label="Are you coming?",
        error_messages={"required": "Choose whether you are coming"},
        choices=[
            Item(Reply.COMING, "Yes, in the room"),
            Item(Reply.ONLINE, "Yes, online"),
            Item(
                Reply.DEPUTY,
                "No, I send a deputy",
                hint="Somebody who can speak for your agency. Ring the coordinator with the name.",
            ),
            Item(Reply.REPORT_ONLY, "No, I send a report only"),
            Item(Reply.NOT_COMING, "No"),
        ],
    )
