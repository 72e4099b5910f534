"""Going on without reports that are missing."""

from __future__ import annotations

from govuk.forms import (
    GovukForm,
    LongTextField,
)


class GoOnForm(GovukForm):
    """Why the chair goes on without the reports that are missing."""

    keeps_draft = True
    reason = LongTextField(
        label="Why can the conference go on without them?",
        help_text="For example: what you know from elsewhere, and how what is missing will be heard",
        rows=4,
        error_messages={"required": "Say why the conference can go on without these reports"},
    )
