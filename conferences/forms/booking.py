"""Forms to request or book a conference."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from conferences.enums import INITIAL_KINDS, ConferenceKind, Mode
from conferences.forms.lateness import FIELD_OF
from conferences.forms.moments import at
from conferences.models import Room
from conferences.plans_held import HeldPlan, why_a_review
from conferences.selectors.children import short_name_of
from conferences.selectors.lateness import LATE_NEEDS
from conferences.services.booking import BookedFor, Booking, ChildToConfer, booking_faults
from deadlines.policies import Policy
from deadlines.working_days.arithmetic import civil_day
from families.models import Child, Enquiry, TransferIn
from families.words import child_line
from govuk.forms import (
    HTML,
    DateInputField,
    Div,
    Field,
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
)

# Stands for a start that is not known yet, so that today is not taken for past.
LATEST = datetime.time(23, 59)
LENGTHS = (60, 90, 120, 150, 180, 210, 240, 300)


def _heading(words: str) -> HTML:
    return HTML(f'<h2 class="govuk-heading-m">{words}</h2>')


def _beside(*names: str) -> Div:
    return Div(*(Div(name) for name in names), css_class="cp-columns cp-columns--halves")


# Fields only some dates need, shown beside what makes them necessary.
REASONS = (
    "closed_day_confirmed",
    "recorded_afterwards_reason",
    "late_cause",
    "late_reason",
    "short_notice_reason",
    "hours_confirmed",
)
# What can be said of a booking only once these are known.
NEEDS = {
    "day": (
        "day", "closed_day_confirmed", "recorded_afterwards_reason", "short_notice_reason", "hours_confirmed",
    ),
    "start": ("hours_confirmed", "family_arrives_at", "professionals_arrive_at", "length"),
    "length": ("length",),
    "mode": ("room",),
}  # fmt: skip
WHEN_AND_WHERE = (
    _heading("When"),
    "day",
    Include("conferences/booking_reasons.html", draws=REASONS),
    _beside("start", "length"),
    _beside("family_arrives_at", "professionals_arrive_at"),
    _heading("Where"),
    "mode",
    "room",
    Field("link", optional=True),
)
WHO_RUNS_IT = (_heading("Who runs it"), "chair", "coordinator")
BOOKING = (*WHEN_AND_WHERE, *WHO_RUNS_IT)


class BookingForm(GovukForm):
    """Date, times, place, chair and coordinator; the reasons some dates need are beside them."""

    keeps_draft = True
    day = DateInputField(label="Date", error_messages={"required": "Enter the date of the conference"})
    start = TimeField(label="Start", help_text="When the meeting itself begins, for example 10:00")
    length = forms.TypedChoiceField(label="Expected length", coerce=int)
    family_arrives_at = TimeField(label="The family arrives at", required=False)
    professionals_arrive_at = TimeField(label="Professionals arrive at", required=False)
    mode = RadiosField(
        label="How will people meet?",
        error_messages={"required": "Choose how people will meet"},
        choices=[
            Item(Mode.IN_PERSON, "In person"),
            Item(Mode.BLENDED, "In person, with some people online"),
            Item(Mode.ONLINE, "Everyone online"),
        ],
    )
    room = ModelSelectField(Room.objects.none(), label="Room", required=False, empty_label="No room")
    link = forms.URLField(label="Link for those online", required=False, max_length=500, assume_scheme="https")
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
    closed_day_confirmed = forms.BooleanField(label="Yes, on a day that is not a working day", required=False)
    hours_confirmed = forms.BooleanField(label="Yes, outside the council’s hours", required=False)
    short_notice_reason = LongTextField(label="Why can’t people have more notice?", required=False, rows=3)
    late_cause = SelectField(
        label="What makes it late?",
        error_messages={"required": "Choose what makes it late"},
        required=False,
        empty_label="Not known yet",
    )
    late_reason = LongTextField(
        label="Why is it after the time limit?",
        help_text="You can book now and answer later. We’ll remind you.",
        required=False,
        rows=3,
    )
    recorded_afterwards_reason = LongTextField(label="Why are you recording it afterwards?", required=False, rows=3)

    def __init__(
        self,
        *args: Any,
        policy: Policy,
        chairs: Sequence[User],
        coordinators: Sequence[User],
        rooms: Sequence[Room],
        booked_for: BookedFor,
        now: datetime.datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        self.booked_for = booked_for
        self.now = now
        self.fields["chair"].queryset = User.objects.filter(pk__in=[user.pk for user in chairs])
        self.fields["coordinator"].queryset = User.objects.filter(pk__in=[user.pk for user in coordinators])
        room = self.fields["room"]
        room.queryset = Room.objects.filter(pk__in=[row.pk for row in rooms])
        room.label_from = _room_label
        self.fields["length"].choices = [(minutes, _length_label(minutes)) for minutes in LENGTHS]
        self.fields["late_cause"].set_choices(policy.lateness_causes)
        for need, name in FIELD_OF.items():
            if need not in policy.value(LATE_NEEDS):
                self.fields.pop(name, None)
        self.fields["family_arrives_at"].help_text = _usual(policy.family_arrives_before)
        self.fields["professionals_arrive_at"].help_text = _usual(policy.professionals_arrive_before)

    def clean(self) -> dict[str, Any]:
        """Say everything that is wrong at once, with what can be told of the parts that are right."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        known = {
            "day": civil_day(self.now), "start": LATEST, "length": 1, "mode": "", "room": None, "link": "",
            "family_arrives_at": None, "professionals_arrive_at": None, "chair": None, "coordinator": None,
            **dict.fromkeys(("late_cause", "late_reason", "short_notice_reason", "recorded_afterwards_reason"), ""),
            "closed_day_confirmed": False, "hours_confirmed": False,
        }  # fmt: skip
        known |= {name: value for name, value in cleaned.items() if value is not None}
        unknown = {told for name, telling in NEEDS.items() if not cleaned.get(name) for told in telling}
        has_times = all(cleaned.get(name) for name in ("day", "start", "length"))
        faults = booking_faults(self._booking(known), self.wanted(), now=self.now, looks_at_diaries=has_times)
        for field, fault in faults.items():
            if field in self.fields and field not in unknown and field not in self.errors:
                self.add_error(field, fault)
        return cleaned

    def wanted(self) -> BookedFor:
        """Return what the booking is checked against."""
        return self.booked_for

    def booking(self) -> Booking:
        """Return the input as a booking. An empty arrival time means the council's usual one."""
        return self._booking(self.cleaned_data)

    def _booking(self, data: Mapping[str, Any]) -> Booking:
        starts_at = at(data["day"], data["start"])
        family, professionals = data["family_arrives_at"], data["professionals_arrive_at"]
        return Booking(
            starts_at=starts_at,
            family_arrives_at=at(data["day"], family) if family else starts_at - self.policy.family_arrives_before,
            professionals_arrive_at=(
                at(data["day"], professionals) if professionals else starts_at - self.policy.professionals_arrive_before
            ),
            until=starts_at + datetime.timedelta(minutes=data["length"]),
            mode=data["mode"],
            room=data["room"],
            link=data["link"],
            chair=data["chair"],
            coordinator=data["coordinator"],
            closed_day_confirmed=data["closed_day_confirmed"],
            hours_confirmed=data["hours_confirmed"],
            short_notice_reason=data["short_notice_reason"],
            late_cause=data.get("late_cause", ""),
            late_reason=data.get("late_reason", ""),
            recorded_afterwards_reason=data["recorded_afterwards_reason"],
        )

    def asked_day(self) -> datetime.date | None:
        """Return the day in the form, typed or proposed; None while it can't be parsed."""
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


class AboutChildren(GovukForm):
    """The children, and the kind of conference for each."""

    marks_optional = False

    children = ModelCheckboxesField(
        Child.objects.none(),
        label="Which children is it about?",
        label_from=lambda child: child.person.full_name,
        error_messages={"required": "Choose at least one child"},
    )
    added_reason = LongTextField(
        label="Why is a child without a strategy discussion included?",
        help_text="Needed for a brother or sister added without their own enquiries",
        required=False,
        rows=2,
    )
    reason = LongTextField(
        label="Why is the conference being held?",
        error_messages={"required": "Say why the conference is being held"},
        help_text="The family and everyone invited can read this",
        rows=4,
    )

    def __init__(
        self,
        *args: Any,
        children: Any,
        enquiries: Mapping[int, Enquiry],
        transfers: Mapping[int, TransferIn],
        kinds: Mapping[int, str],
        plans: Mapping[int, HeldPlan],
        on: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.enquiries = enquiries
        self.transfers = transfers
        self.plans = plans
        self.family_children = list(children)
        field = self.fields["children"]
        field.queryset = children
        field.describe(field.label_from, lambda child: _child_hint(child, enquiries, transfers, plans, on=on), None)
        choices = [(kind.value, f"{kind.label} conference") for kind in ConferenceKind]
        for child in self.family_children:
            self.fields[f"kind-{child.pk}"] = SelectField(
                label=f"For {short_name_of(child)} it is",
                choices=choices,
                required=False,
                initial=kinds.get(child.pk, ""),
            )
        if all(child.pk in {*enquiries, *transfers, *plans} for child in self.family_children):
            self.fields["added_reason"].widget = forms.HiddenInput()
        names = [f"kind-{child.pk}" for child in self.family_children]
        self.layout = Layout("children", *map(Field, names), Field("added_reason", optional=True), "reason")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for child in data.get("children") or ():
            if not data.get(f"kind-{child.pk}"):
                self.add_error(f"kind-{child.pk}", f"Choose what the conference is for {short_name_of(child)}")
            elif data[f"kind-{child.pk}"] in INITIAL_KINDS and child.pk in self.plans:
                self.add_error(f"kind-{child.pk}", why_a_review(self.plans[child.pk], short_name_of(child)))
        return data

    def chosen_children(self) -> list[ChildToConfer]:
        return [
            ChildToConfer(
                child=child,
                kind=self.cleaned_data[f"kind-{child.pk}"],
                enquiry=self.enquiries.get(child.pk),
                transfer=self.transfers.get(child.pk),
                added_reason="" if child.pk in self.enquiries else self.cleaned_data["added_reason"],
            )
            for child in self.cleaned_data["children"]
        ]


class RequestForm(AboutChildren):
    """What the conference service needs to know before it chooses a date."""

    keeps_draft = True
    button = "Ask for the conference"


class ScheduleForm(AboutChildren, BookingForm):
    """The children, the kind of conference for each, and the booking."""

    keeps_draft = True
    button = "Book it and choose who to invite"
    form_id = "booking"
    drawn_on_demand = frozenset(REASONS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layout = Layout(_heading("Which children"), self.layout, *BOOKING)

    def wanted(self) -> BookedFor:
        """Return what the booking is checked against, with the children and kinds chosen so far."""
        chosen = {str(getattr(child, "pk", child)) for child in self["children"].value() or ()}
        children = [child for child in self.family_children if str(child.pk) in chosen]
        discussed = [self.enquiries[child.pk].discussion.held_at for child in children if child.pk in self.enquiries]
        return replace(
            self.booked_for,
            is_initial=any(self[f"kind-{child.pk}"].value() in INITIAL_KINDS for child in children),
            discussed_at=max(discussed, default=None),
            child_ids=frozenset(child.pk for child in children),
        )


def _child_hint(
    child: Child,
    enquiries: Mapping[int, Enquiry],
    transfers: Mapping[int, TransferIn],
    plans: Mapping[int, HeldPlan],
    *,
    on: datetime.date,
) -> str:
    known = "no strategy discussion recorded"
    if plan := plans.get(child.pk):
        known = plan.words
    elif enquiry := enquiries.get(child.pk):
        known = f"strategy discussion {enquiry.started_on:%-d %B %Y}"
    elif transfer := transfers.get(child.pk):
        known = f"moved here, we were told on {transfer.notified_on:%-d %B %Y}"
    return f"{child_line(child, on=on)}; {known}"
