"""Forms for scores of how safe a child is."""

from __future__ import annotations

from typing import Any

from govuk.forms import GovukForm, LongTextField, ScaleField, VersionField
from meetings.enums import Given

NO_SCORE = (Given.ABSTAINED, Given.LEFT, Given.NOT_ASKED, Given.REFUSED)


class ScoreForm(GovukForm):
    """One person's score for one child."""

    keeps_draft = True
    button = "Give this score"
    version = VersionField()
    value = ScaleField(label="Score", extra=[(str(given.value), str(given.label)) for given in NO_SCORE])
    reason = LongTextField(
        label="Why this number, and not one lower or higher?", error_messages={"required": "Write the reason."}
    )

    def __init__(self, *args: Any, low_words: str, high_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        field.set_words(low_words, high_words)
        field.error_messages["invalid_choice"] = "“%(value)s” is not a score. Choose a whole number from 0 to 10."
        field.error_messages["required"] = "Choose a number from 0 to 10, or say why there is none."

    def score(self) -> dict[str, Any]:
        value = self.cleaned_data["value"]
        is_number = isinstance(value, int)
        return {
            "value": value if is_number else None,
            "given": Given.GIVEN if is_number else value,
            "reason": self.cleaned_data["reason"],
            "version": self.cleaned_data["version"] or 0,
        }


class ExploreForm(GovukForm):
    """The explanation of scores that are far apart."""

    keeps_draft = True
    button = "Record it and continue"
    text = LongTextField(
        label="What explains the difference?", error_messages={"required": "Write what explains the difference."}
    )
