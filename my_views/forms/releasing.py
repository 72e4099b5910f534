"""The chair chooses words of an answer and who may read them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from conferences.enums import FAMILY_CAPACITIES, ParticipantStatus
from conferences.models import Part, Participant
from conferences.selectors.places_of_work import works_as
from govuk.forms import GovukForm, Layout, LongTextField, ModelCheckboxesField

FAMILY, OTHERS = "Family", "Professionals and others"


def _group_of(participant: Participant) -> str:
    return FAMILY if participant.capacity in FAMILY_CAPACITIES else OTHERS


def _hint_of(participant: Participant) -> str:
    where = works_as(participant) if participant.post else str(participant.get_capacity_display())
    if participant.status in (ParticipantStatus.KEPT_OUT, ParticipantStatus.AWAITING_CHAIR):
        return f"{where}. {participant.get_status_display()}"
    return where


class ReleaseForm(GovukForm):
    """Nobody is ticked beforehand."""

    button = "Release these words"
    layout = Layout("text", "recipients", "parts")
    keeps_draft = True
    text = LongTextField(
        label="Words to release",
        help_text="Exactly as they were said. You can shorten them to a part; you can’t change them.",
        error_messages={"required": "Leave the words that are to be released"},
    )
    parts = ModelCheckboxesField(
        Part.objects.none(),
        label="Or everyone who is in a part of the meeting",
        help_text="The words can then also be put on the board in that part.",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        recipients: QuerySet[Participant],
        parts: QuerySet[Part],
        dangerous: Collection[int],
        **kwargs: Any,
    ) -> None:
        """``dangerous`` are the ids of persons with a contact risk that is in force."""
        super().__init__(*args, **kwargs)

        def hint(row: Participant) -> str:
            return f"{_hint_of(row)}. A contact risk is recorded" if row.person_id in dangerous else _hint_of(row)

        self.fields["recipients"] = ModelCheckboxesField(
            recipients,
            label="Who may read them?",
            help_text="They see them in their own minutes and letter, as words said.",
            required=False,
            label_from=lambda row: row.person.full_name,
            hint_from=hint,
            group_from=_group_of,
        )
        if parts:
            self.fields["parts"].queryset = parts
        else:
            del self.fields["parts"]
        self._adapt()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return {**data, "recipients": list(data.get("recipients") or []), "parts": list(data.get("parts") or [])}
