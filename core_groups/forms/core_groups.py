from __future__ import annotations

from functools import partial
from typing import Any

from django.forms import CharField

from conferences.forms.hours import HOURS_QUESTION, ConfirmsHours
from core_groups.models import CoreGroupMember
from families.selectors.agency_names import name_on_page
from govuk.forms import DateTimeField, Layout, LongTextField, ModelCheckboxesField

BOTH_OR_NEITHER = "Enter both the day and the time of the next meeting, or neither."


def _agency(member: CoreGroupMember, *, family_id: int) -> str:
    return name_on_page(member.post.agency, family_id) if member.post else "Family"


class MeetingForm(ConfirmsHours):
    """The record of a core group meeting: when, who attended, what was said, when next."""

    keeps_draft = True
    button = "Record the meeting"
    planned = ("next_at",)
    layout = Layout("held_at", "present", "note", "next_at", "next_place", HOURS_QUESTION)
    held_at = DateTimeField(label="When did the core group meet?", time_help_text="For example, 14:00")
    present = ModelCheckboxesField(
        CoreGroupMember.objects.none(), label="Who was there?", label_from=lambda member: member.person.full_name
    )
    note = LongTextField(label="What is going well, what is not, and what changes?")
    next_at = DateTimeField(
        label="When will it meet next?",
        required=False,
        time_help_text="",
        error_messages={"required": BOTH_OR_NEITHER, "time_required": BOTH_OR_NEITHER},
    )
    next_place = CharField(label="Where?", max_length=200, required=False)

    def __init__(self, *args: Any, members: Any, family_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].widget.hint_from = partial(_agency, family_id=family_id)
        self.fields["present"].queryset = members

    def meeting(self) -> dict[str, Any]:
        """Return the arguments for ``record_meeting``."""
        return {**self.without_answer(), "present": list(self.cleaned_data["present"])}
