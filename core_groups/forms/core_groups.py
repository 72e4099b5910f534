from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import CharField

from conferences.forms.hours import HOURS_QUESTION, ConfirmsHours
from core_groups.forms.attendance import WhoCameForm
from core_groups.models import CoreGroupMeeting
from core_groups.services.planning import OwnSitting
from families.selectors.agency_names import place_on_page
from govuk.forms import DateTimeField, GovukForm, Layout, LongTextField, VersionField

BOTH_OR_NEITHER = "Enter both the day and the time of the next meeting, or neither."


class MeetingForm(WhoCameForm, ConfirmsHours):
    """The record of a core group meeting begins: when, who attended, when next."""

    button = "Record the meeting"
    planned = ("next_at",)
    next_at = DateTimeField(
        label="When will it meet next?",
        required=False,
        time_help_text="",
        error_messages={"required": BOTH_OR_NEITHER, "time_required": BOTH_OR_NEITHER},
    )
    next_place = CharField(label="Where?", max_length=200, required=False)
    # The planned meeting that the page was about, so that a second recorder does not take the one after it.
    of = VersionField()

    def parts_in_order(self) -> list[Any]:
        return [*super().parts_in_order(), "next_at", "next_place", "of", HOURS_QUESTION]

    def meeting(self) -> dict[str, Any]:
        """Return the arguments for ``record_meeting``."""
        who = self.who_came()
        return {
            "held_at": who.held_at,
            "led_by": who.led_by,
            "stood_in": who.stood_in,
            "of_plans": who.of_plans,
            "present": who.present,
            "apologies": who.apologies,
            "apart": who.apart,
            "with_them": who.with_them,
            "next_at": self.cleaned_data["next_at"],
            "next_place": self.cleaned_data["next_place"],
        }


class PlanMeetingForm(ConfirmsHours):
    """When and where the core group meets, and each person who must not meet the others."""

    keeps_draft = True
    button = "Plan the meeting"
    planned = ("planned_at",)
    planned_at = DateTimeField(label="When does the core group meet?", time_help_text="For example, 14:00")
    place = CharField(label="Where?", max_length=200, help_text="A place, or that it is online")
    reason = LongTextField(label="Why is it moved?", rows=2)

    def __init__(
        self, *args: Any, planned: CoreGroupMeeting | None, apart: Mapping[int, str], family_id: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.apart, self.family_id = apart, family_id
        self.kept: dict[str, str] = {}
        own = {row.person_id: row for row in planned.separate_sittings.all()} if planned else {}
        if planned is None:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = False
            self.initial = {"planned_at": planned.planned_at, **self._shown("place", planned.place), **self.initial}
        for pk, name in apart.items():
            at, place = f"at_{pk}", f"place_{pk}"
            self.fields[at] = DateTimeField(
                label=f"When does {name} have a sitting or call of their own?", required=False
            )
            self.fields[place] = CharField(label=f"Where does {name} have it?", max_length=200, required=False)
            if pk in own:
                self.initial.setdefault(at, own[pk].starts_at)
                self.initial = {**self._shown(place, own[pk].place), **self.initial}
        parts = [name for pk in apart for name in (f"at_{pk}", f"place_{pk}")]
        self.layout = Layout("planned_at", "place", *parts, "reason", HOURS_QUESTION)
        self._adapt()

    def _shown(self, name: str, place: str) -> dict[str, str]:
        """Return a place for its field; one with a confidential name is not shown, and stays where none is typed."""
        if place_on_page(place, self.family_id) == place:
            return {name: place}
        self.kept[name] = place
        self.fields[name].required = False
        self.fields[name].help_text = "A place with a confidential name is recorded. Leave this empty to keep it"
        return {}

    def meeting(self) -> dict[str, Any]:
        """Return the arguments for ``plan_meeting``."""
        data = self.without_answer()
        data |= {name: data[name] or place for name, place in self.kept.items()}
        apart = {
            pk: OwnSitting(at, place)
            for pk in self.apart
            for at, place in [(data.pop(f"at_{pk}"), data.pop(f"place_{pk}"))]
            if at is not None
        }
        return {**data, "apart": apart}


class InviteForm(GovukForm):
    """Nothing to fill in: the page says who is told what."""

    button = "Send the invitations"
