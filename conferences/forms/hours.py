from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django import forms

from conferences.hours import is_outside_hours, question_about
from deadlines.policies import Hours
from govuk.forms import GovukForm, Include

HOURS_QUESTION = Include("conferences/hours_question.html", draws=("hours_confirmed",))


class ConfirmsHours(GovukForm):
    """Asks about a meeting planned outside the council's hours, and takes it once confirmed.

    ``planned`` names the fields with the moment of a meeting to come. The layout has the
    HOURS_QUESTION.
    """

    drawn_on_demand = frozenset({"hours_confirmed"})
    planned: ClassVar[tuple[str, ...]] = ()

    hours_confirmed = forms.BooleanField(label="Yes, outside the council’s hours", required=False)

    def __init__(self, *args: Any, hours: Hours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours = hours

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.planned:
            moment: datetime.datetime | None = cleaned.get(name)
            if moment and is_outside_hours(moment, self.hours) and not cleaned.get("hours_confirmed"):
                self.add_error("hours_confirmed", question_about(moment, self.hours))
                break
        return cleaned

    def without_answer(self) -> dict[str, Any]:
        """Return what was entered for the service, which the confirmation does not concern."""
        return {name: value for name, value in self.cleaned_data.items() if name != "hours_confirmed"}
