"""Forms for scores of how safe a child is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govuk.forms import CheckboxesField, GovukForm, LongTextField, RadiosField, ScaleField, VersionField
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

    show = RadiosField(
        label="May the others see this number and the reason?",
        choices=[("yes", "Yes, when all are in"), ("no", "No")],
        required=False,
        error_messages={"required": "Ask whether the others may see it."},
    )

    def __init__(self, *args: Any, low_words: str, high_words: str, is_family: bool = False, **kwargs: Any) -> None:
        """``is_family``: someone of the family is asked whether the others may see their number."""
        super().__init__(*args, **kwargs)
        if not is_family:
            del self.fields["show"]
        field = self.fields["value"]
        field.set_words(low_words, high_words)
        field.error_messages["invalid_choice"] = "“%(value)s” is not a score. Choose a whole number from 0 to 10."
        field.error_messages["required"] = "Choose a number from 0 to 10, or say why there is none."

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "show" in self.fields and isinstance(data.get("value"), int) and not data.get("show"):
            self.add_error("show", "Ask whether the others may see it.")
        return data

    def score(self) -> dict[str, Any]:
        value = self.cleaned_data["value"]
        is_number = isinstance(value, int)
        agreed = {"yes": True, "no": False}.get(self.cleaned_data.get("show") or "")
        return {
            "value": value if is_number else None,
            "given": Given.GIVEN if is_number else value,
            "reason": self.cleaned_data["reason"],
            "version": self.cleaned_data["version"] or 0,
            **({"may_be_shown": agreed} if "show" in self.fields else {}),
        }


class ShowForm(GovukForm):
    """Which scores the chair shows in the part under way; the numbers are not on this page."""

    keeps_draft = False
    button = "Show these scores in this part"
    participants = CheckboxesField(label="Whose scores?", choices=[], required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participants"].set_choices(choices)


class ExploreForm(GovukForm):
    """The explanation of scores that are far apart."""

    keeps_draft = True
    button = "Record it and continue"
    text = LongTextField(
        label="What explains the difference?", error_messages={"required": "Write what explains the difference."}
    )
