from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.forms import CharField

from conferences.forms.hours import HOURS_QUESTION, ConfirmsHours
from core_groups.enums import LedBy
from core_groups.models import CoreGroupMeeting, CoreGroupMember
from core_groups.services.planning import OwnSitting
from families.selectors.agency_names import name_on_page, place_on_page
from govuk.forms import DateTimeField, GovukForm, Layout, LongTextField, ModelCheckboxesField, RadiosField

BOTH_OR_NEITHER = "Enter both the day and the time of the next meeting, or neither."


def _agency(member: CoreGroupMember, *, family_id: int) -> str:
    return name_on_page(member.post.agency, family_id) if member.post else "Family"


class MeetingForm(ConfirmsHours):
    """The record of a core group meeting: when, who attended, what was said, when next."""

    keeps_draft = True
    button = "Record the meeting"
    planned = ("next_at",)
    held_at = DateTimeField(label="When did the core group meet?", time_help_text="For example, 14:00")
    present = ModelCheckboxesField(
        CoreGroupMember.objects.none(), label="Who was there?", label_from=lambda member: member.person.full_name
    )
    led_by = RadiosField(
        label="Was the key worker there?",
        choices=LedBy.choices,
        help_text="Without the key worker or a stand-in the meeting doesn’t count as held",
    )
    note = LongTextField(label="What is going well, what is not, and what changes?")
    next_at = DateTimeField(
        label="When will it meet next?",
        required=False,
        time_help_text="",
        error_messages={"required": BOTH_OR_NEITHER, "time_required": BOTH_OR_NEITHER},
    )
    next_place = CharField(label="Where?", max_length=200, required=False)

    def __init__(self, *args: Any, members: Any, family_id: int, apart: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.apart = apart
        for pk, name in apart.items():
            self.fields[f"held_{pk}"] = DateTimeField(
                label=f"When did {name} have a sitting or call of their own?", required=False
            )
        own = [f"held_{pk}" for pk in apart]
        self.layout = Layout("held_at", "led_by", "present", *own, "note", "next_at", "next_place", HOURS_QUESTION)
        self.fields["present"].widget.hint_from = partial(_agency, family_id=family_id)
        self.fields["present"].queryset = members

    def meeting(self) -> dict[str, Any]:
        """Return the arguments for ``record_meeting``."""
        data = self.without_answer()
        apart = {pk: data.pop(f"held_{pk}", None) for pk in self.apart}
        return {
            **data,
            "present": list(self.cleaned_data["present"]),
            "apart": {pk: at for pk, at in apart.items() if at is not None},
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
