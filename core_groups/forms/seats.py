"""Forms for when someone came to a core group and left it, and for who came without being a member."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from conferences.enums import Capacity, Mode, Presence
from core_groups.models import CoreGroupMeeting, CoreGroupMember, SeparateSitting
from core_groups.selectors.recording import day_of
from core_groups.services.seats import ALSO, HERE, Came
from govuk.forms import GovukForm, Layout, LongTextField, RadiosField, SelectField, TimeField, VersionField
from meetings.forms.attendance import HERE_BY, moment_on
from meetings.forms.newcomers import WHO_IT_IS, EntersNewcomer


class SeatForm(GovukForm):
    """Whether one person is at a sitting, how, and from when to when; ``began`` is when it began."""

    button = "Save"
    presence = RadiosField(
        label="Are they here?",
        choices=[(value, label) for value, label in Presence.choices if value in HERE],
        error_messages={"required": "Choose whether this person is here."},
    )
    mode = RadiosField(
        label="How?", choices=[(mode.value, mode.label) for mode in HERE_BY], inline=True, required=False
    )
    arrived = TimeField(label="Came at", required=False, help_text="Only if they came after the meeting began.")
    left = TimeField(label="Left at", required=False, help_text="Only if they left before the end.")
    note = forms.CharField(label="Note", required=False, max_length=250)
    version = VersionField()

    def __init__(
        self, *args: Any, meeting: CoreGroupMeeting, sitting: SeparateSitting | None, may_stay_away: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.began: datetime.datetime = (sitting.held_at if sitting else None) or meeting.held_at or meeting.planned_at
        self.day = timezone.localdate(sitting.held_at) if sitting and sitting.held_at else day_of(meeting)
        if not may_stay_away:
            del self.fields["presence"]
            self._adapt()

    def came(self) -> Came:
        """Return how they took part, as the services take it."""
        data = self.cleaned_data
        return Came(
            presence=data.get("presence", Presence.PRESENT),
            mode=data["mode"] or Mode.IN_PERSON,
            arrived_at=moment_on(self.day, self.began, data["arrived"]),
            left_at=moment_on(self.day, self.began, data["left"]),
            note=data["note"],
        )


def time_of(moment: datetime.datetime | None) -> datetime.time | None:
    """Return the time of day of a moment, as a form shows it."""
    return timezone.localtime(moment).time() if moment else None


ROLES = [
    (value, "Deputy, instead of a professional" if value == Capacity.PROFESSIONAL else Capacity(value).label)
    for value in ALSO
]


class AlsoThereForm(EntersNewcomer):
    """Someone who came without being a member: a deputy, an observer, or who came with someone."""

    keeps_draft = True
    button = "Record that they came"
    layout = Layout(*WHO_IT_IS, "capacity", "acts_for", "sitting", "mode", "reason")
    capacity = RadiosField(
        label="As what did they come?",
        choices=ROLES,
        error_messages={"required": "Choose as what they came."},
        help_text="They give no score, and nothing of the record is theirs to read.",
    )
    acts_for = SelectField(
        label="Who are they with, or here instead of?", required=False, empty_label="No one: they observe"
    )
    sitting = SelectField(label="Where were they?", required=False, empty_label="With the others")
    mode = RadiosField(
        label="How were they here?",
        choices=[(mode.value, mode.label) for mode in HERE_BY],
        inline=True,
        initial=Mode.IN_PERSON,
    )
    reason = LongTextField(label="Why did they come?", rows=2)

    def __init__(
        self, *args: Any, members: Sequence[CoreGroupMember], sittings: Sequence[SeparateSitting], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(row.pk): row for row in members}
        self.sittings = {str(row.pk): row for row in sittings}
        self.fields["acts_for"].set_choices([(key, row.person.full_name) for key, row in self.members.items()])  # type: ignore[attr-defined]
        if not self.sittings:
            del self.fields["sitting"]
            self.layout = Layout(*WHO_IT_IS, "capacity", "acts_for", "mode", "reason")
        else:
            choices = [(key, f"Apart, with {row.person.full_name}") for key, row in self.sittings.items()]
            self.fields["sitting"].set_choices(choices)  # type: ignore[attr-defined]
        self._adapt()

    def facts(self) -> dict[str, Any]:
        """Return the arguments for ``add_also_there``."""
        data = self.cleaned_data
        return {
            "who": self.newcomer(),
            "capacity": data["capacity"],
            "acts_for": self.members.get(data["acts_for"]),
            "sitting": self.sittings.get(data.get("sitting") or ""),
            "mode": data["mode"],
            "reason": data["reason"],
        }
