from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from families.handing_over import WorkLeft
from govuk.forms import Div, GovukForm, Include, Layout, ModelSelectField


class HandOverForm(GovukForm):
    """Who takes over each kind of work; kinds left blank stay where they are."""

    marks_optional = False
    button = "Give to others"

    def __init__(self, *args: Any, left: Sequence[WorkLeft], takers: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for work in left:
            self.fields[work.kind.key] = ModelSelectField(
                takers[work.kind.key],
                label=work.kind.question,
                label_from=lambda user: user.name,
                required=False,
                empty_label="No one yet",
            )
        self._adapt()
        self.layout = Layout(
            *(
                Div(Include("families/work_left.html", work=work), work.kind.key, css_class="cp-section")
                for work in left
            )
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(data.values()) and not self.errors:
            self.add_error(None, "Choose who takes over at least one kind of work")
        return data

    def chosen(self) -> dict[str, User]:
        """Return the chosen users by kind of work."""
        return {key: user for key, user in self.cleaned_data.items() if user is not None}
