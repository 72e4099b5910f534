"""Forms about a meeting on screens: whether it is recorded, and who someone in the lobby is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from conferences.models import Participant
from conferences.models.online_meeting import RecordingKind
from govuk.forms import GovukForm, LongTextField, ModelSelectField, RadiosField


class RecordingForm(GovukForm):
    keeps_draft = True
    button = "Save my decision"
    kind = RadiosField(
        label="Is the meeting recorded?",
        choices=RecordingKind.choices,
        error_messages={"required": "Choose whether the meeting is recorded"},
    )
    told = LongTextField(
        label="What is everyone told?",
        required=False,
        rows=4,
        max_length=1000,
        help_text="Why, who keeps it and for how long, and that they can say they do not want it. It stands on "
        "invitations, on everyone’s own page and in the minutes",
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") not in (None, "", RecordingKind.NONE) and not data.get("told", "").strip():
            self.add_error("told", "Say why, who keeps it and for how long")
        return data


class LobbyForm(GovukForm):
    marks_optional = False
    button = "Yes, let them in"
    known_by = ModelSelectField(
        Participant.objects.none(),
        label="Who in the meeting knows them?",
        required=False,
        empty_label="No one here",
        label_from=lambda row: f"{row.person.full_name}, {row.get_capacity_display().lower()}",
    )
    how = forms.CharField(
        label="If no one does, how did you make sure?",
        required=False,
        max_length=250,
        help_text="For example: I rang the surgery’s main number, and they showed their staff card",
    )

    def __init__(self, *args: Any, others: Iterable[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Participant.objects.filter(pk__in=[row.pk for row in others]).select_related("person")
        self.fields["known_by"].queryset = rows
