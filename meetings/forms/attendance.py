"""Forms for who is here, who came as well, and who brings the views of absent people."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from conferences.enums import Capacity, Mode, Presence
from conferences.models import Participant, Sitting
from govuk.forms import Layout, LongTextField, RadiosField, SelectField, TimeField, VersionField
from meetings.forms.newcomers import WHO_IT_IS, EntersNewcomer
from meetings.forms.on_the_day import OnTheDay, children_field, people_of

HERE_BY = (Mode.IN_PERSON, Mode.ONLINE)
AFTER_MIDNIGHT = datetime.timedelta(hours=6)


def moment_on(day: datetime.date, begins: datetime.datetime, time: datetime.time | None) -> datetime.datetime | None:
    """Return a time of a meeting's day as an aware moment; early hours count as after midnight."""
    if time is None:
        return None
    zone = timezone.get_current_timezone()
    moment = datetime.datetime.combine(day, time, tzinfo=zone)
    if moment < begins - AFTER_MIDNIGHT:
        moment = datetime.datetime.combine(day + datetime.timedelta(days=1), time, tzinfo=zone)
    return moment


def moment_of(sitting: Sitting, time: datetime.time | None) -> datetime.datetime | None:
    """Return a time of day during the sitting as an aware moment."""
    return moment_on(sitting.day, sitting.booked_from, time)


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


class AddAttendeeForm(EntersNewcomer, OnTheDay):
    """Someone who came without being on the list, already known or new."""

    keeps_draft = True
    button = "Add to the meeting"
    layout = Layout(*WHO_IT_IS, "capacity", "acts_for", "children", "mode", "reason")
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acts_for"].set_choices(people_of(self.day))  # type: ignore[attr-defined]
