"""The form for an action that a core group agreed, for a professional member."""

from __future__ import annotations

import uuid
from typing import Any

from plans.forms.document import MEETING, ActionForm
from plans.services.document import ActionWords


class AgreedActionForm(ActionForm):
    """An action for one child, agreed at one meeting; which outcome it leads to stays as it is."""

    def __init__(
        self, *args: Any, meeting: tuple[int, str], belongs_to: uuid.UUID | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, meetings=[meeting], above=(), **kwargs)
        self.belongs_to = belongs_to
        at = f"{MEETING}{meeting[0]}"
        self.fields["occasion"].set_choices([(at, meeting[1])])  # type: ignore[attr-defined]
        self.initial["occasion"] = at

    def agreed(self) -> ActionWords:
        """Return the action as the services take it."""
        words = self.words()
        return ActionWords(**{**vars(words), "under": self.belongs_to})

    def ground(self) -> dict[str, Any]:
        """Return on what ground the plan is changed, and why."""
        return {"because": self.cleaned_data.get("because") or "", "reason": self.cleaned_data.get("reason") or ""}
