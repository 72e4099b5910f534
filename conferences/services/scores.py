"""What holds for a score wherever one is given, in a conference and in a core group."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from conferences.enums import Given
from conferences.models.recorded import HIGHEST_SCORE, LOWEST_SCORE

NOT_A_SCORE = f"A score is a whole number from {LOWEST_SCORE} to {HIGHEST_SCORE}."


def number_of(value: int | None, given: str) -> int | None:
    """Return the number of a score, or None where none was given, for whichever reason.

    Raises ValidationError on ``value``, or on ``given`` where that is no known answer.
    """
    if given not in Given.values:
        raise ValidationError({"given": "Choose whether a score was given, and if not, why not."})
    if given != Given.GIVEN:
        if value is not None:
            raise ValidationError({"value": "Leave the number empty if no score was given."})
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not LOWEST_SCORE <= value <= HIGHEST_SCORE:
        raise ValidationError({"value": NOT_A_SCORE})
    return value
