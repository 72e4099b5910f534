"""The form for what each of the family says about an observer."""

from __future__ import annotations

from typing import Any

from families.enums import Answer
from govuk.forms import GovukForm, RadiosField, VersionField
from meetings.selectors.rules_of_day import AboutObserver

OFFERED = (Answer.YES, Answer.NO, Answer.REFUSED, Answer.NOT_ASKED)


class ObserverForm(GovukForm):
    """Who agrees that an observer sits in."""

    button = "Save what they say"

    def __init__(self, *args: Any, about: AboutObserver, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        standing = {row.asked_id: row for row in about.answers}
        for person in about.asked:
            row = standing.get(person.pk)
            self.fields[f"answer_{person.pk}"] = RadiosField(
                label=f"Does {person.person.full_name} agree?",
                choices=[(answer.value, answer.label) for answer in OFFERED],
                initial=row.answer if row else None,
                inline=True,
                error_messages={"required": f"Choose what {person.person.full_name} said."},
            )
            self.fields[f"version_{person.pk}"] = VersionField(initial=row.version if row else 0)
        self._adapt()

    def answers(self) -> dict[Any, tuple[str, int]]:
        """Return what each person said, with the version that the page showed."""
        data = self.cleaned_data
        return {person: (data[f"answer_{person.pk}"], data[f"version_{person.pk}"] or 0) for person in self.about.asked}
