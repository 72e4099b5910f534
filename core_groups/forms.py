from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import CharField
from django.utils import timezone

from core_groups.models import CoreGroupMember
from govuk.forms import DateInputField, GovukForm, LongTextField, ModelCheckboxesField, TimeField


def _agency(member: CoreGroupMember) -> str:
    return member.post.agency.name if member.post else "Family"


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


class MeetingForm(GovukForm):
    """What a core group meeting leaves behind: when, who was there, what was said, when next."""

    keeps_draft = True

    held_on = DateInputField(label="On which day did the core group meet?")
    held_time = TimeField(label="At what time?", help_text="For example, 14:00")
    present = ModelCheckboxesField(
        CoreGroupMember.objects.none(),
        label="Who was there?",
        label_from=lambda member: member.person.full_name,
        hint_from=_agency,
    )
    note = LongTextField(label="What is going well, what is not, and what changes?")
    next_on = DateInputField(label="When does it meet next?", required=False)
    next_time = TimeField(label="At what time?", required=False)
    next_place = CharField(label="Where?", max_length=200, required=False)

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = members

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("next_on")) != bool(cleaned.get("next_time")):
            raise ValidationError(
                {"next_time": "Enter both the day and the time of the next meeting, or neither."}
            )
        return cleaned

    def meeting(self) -> dict[str, Any]:
        """What ``record_meeting`` takes; days and times become aware moments."""
        given = self.cleaned_data
        return {
            "held_at": _moment(given["held_on"], given["held_time"]),
            "present": list(given["present"]),
            "note": given["note"],
            "next_at": _moment(given["next_on"], given["next_time"]) if given["next_on"] else None,
            "next_place": given["next_place"],
        }
