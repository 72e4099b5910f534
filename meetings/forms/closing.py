"""Forms for the next dates and for closing the meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from conferences.enums import Mode, Participation
from conferences.forms.hours import HOURS_QUESTION, ConfirmsHours
from conferences.models import ConferenceChild, Room
from conferences.selectors.children import short_name_of
from deadlines.policies import BelowQuorum
from govuk.forms import DateTimeField, GovukForm, Layout, LongTextField, ModelSelectField, SelectField
from meetings.forms.without_quorum import add_quorum_fields

TIME = {"time_required": "Enter the time, such as 10:00 or 2pm."}


class NextDatesForm(ConfirmsHours):
    """When the core group and the review take place, and how the review is booked."""

    button = "Save the dates"
    planned = ("core_group_at", "review_at")
    layout = Layout(
        "core_group_at", "core_group_place", "review_at", "review_mode", "review_room", "review_chair", HOURS_QUESTION
    )
    core_group_at = DateTimeField(label="First core group", required=False, time_help_text="", error_messages=TIME)
    core_group_place = forms.CharField(
        label="Where?", required=False, max_length=200, help_text="A place, or “online”."
    )
    review_at = DateTimeField(label="First review conference", required=False, time_help_text="", error_messages=TIME)
    review_mode = SelectField(label="How people meet at the review", required=False, choices=Mode.choices)
    review_room = ModelSelectField(
        Room.objects.none(), label="Room for the review", required=False, empty_label="To be found by the coordinator"
    )
    review_chair = ModelSelectField(User.objects.none(), label="Chair of the review", required=False)

    def __init__(
        self, *args: Any, needed: bool, is_review: bool, chairs: Sequence[User], rooms: Sequence[Room], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_review:
            self.fields["core_group_at"].label = "Next core group"
            self.fields["review_at"].label = "Next review conference"
        self.fields["review_chair"].queryset = User.objects.filter(pk__in=[user.pk for user in chairs]).order_by("name")
        self.fields["review_room"].queryset = Room.objects.filter(pk__in=[room.pk for room in rooms])
        if needed:
            for name in ("core_group_at", "core_group_place", "review_at"):
                self.fields[name].required = True
            self.marks_optional = False  # type: ignore[misc]


class CloseForm(GovukForm):
    """The end of the meeting: its time, the quorum, and how each child took part."""

    keeps_draft = True
    button = "Close the meeting"
    ended_at = DateTimeField(label="The meeting ended on", time_help_text="")

    def __init__(
        self,
        *args: Any,
        children: Iterable[ConferenceChild],
        below_quorum: BelowQuorum | None,
        advocates: Mapping[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.children = list(children)
        if below_quorum is not None:
            add_quorum_fields(self, below_quorum)
        for child in self.children:
            self.fields[f"participation_{child.pk}"] = SelectField(
                label=f"How {short_name_of(child.child)} took part",
                required=False,
                choices=[(value, f"{value} {label}") for value, label in Participation.choices],
                empty_label="Not recorded",
            )
            about = (advocates or {}).get(child.child.person_id, "")
            self.fields[f"reached_{child.pk}"] = LongTextField(
                label=f"What was done to reach {short_name_of(child.child)}",
                required=False,
                rows=2,
                max_length=2000,
                help_text=f"For example, visits alone, My Views, school. {about}".strip(),
            )

    def reached(self) -> dict[int, str]:
        """Return what was done to reach each child, by child id."""
        return {child.pk: self.cleaned_data.get(f"reached_{child.pk}") or "" for child in self.children}

    def participation(self) -> dict[int, str]:
        """Return how each child took part, by child id."""
        return {child.pk: self.cleaned_data.get(f"participation_{child.pk}") or "" for child in self.children}
