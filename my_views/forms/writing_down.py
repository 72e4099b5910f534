"""Which form a member of staff begins for someone."""

from __future__ import annotations

from typing import Any

from govuk.forms import GovukForm, RadiosField
from my_views.enums import Asked


class BeginForm(GovukForm):
    button = "Go to the first question"
    questions = RadiosField(
        label="Which form?", help_text="Proposed by age. Choose the one that they understand.", choices=Asked.choices
    )

    def __init__(self, *args: Any, fixed: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["questions"]
