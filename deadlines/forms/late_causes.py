"""Form about a late deadline: what makes it late, and why."""

from __future__ import annotations

from typing import Any

from deadlines.policies import Policy
from govuk.forms import GovukForm, LongTextField, SelectField


class LateCauseForm(GovukForm):
    keeps_draft = True
    button = "Save why it is late"
    cause = SelectField(label="What makes it late?", error_messages={"required": "Choose what makes it late"})
    reason = LongTextField(label="Why is it late?", error_messages={"required": "Say why it is late"}, rows=4)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].set_choices(policy.lateness_causes)  # type: ignore[attr-defined]
