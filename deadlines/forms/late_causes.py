"""Forms about late deadlines: what makes them late, why, and which of several it holds for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deadlines.policies import Policy
from govuk.forms import CheckboxesField, GovukForm, LongTextField, SelectField


class SeveralForm(GovukForm):
    """Something that holds for several deadlines at once, but for those that are unticked; for one it does not ask."""

    which = CheckboxesField(label="For which?", error_messages={"required": "Choose at least one"})

    def __init__(self, *args: Any, several: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        kwargs["initial"] = {"which": [str(pk) for pk, _ in several], **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["which"].set_choices(several)  # type: ignore[attr-defined]
        if len(several) == 1:
            del self.fields["which"]

    def ticked(self, data: Mapping[str, Any]) -> set[int] | None:
        """Return the ids of the chosen deadlines; None where there was nothing to choose from."""
        return {int(pk) for pk in data["which"]} if "which" in data else None


class AgreeLateCauseForm(SeveralForm):
    button = "Agree to this"


class LateCauseForm(SeveralForm):
    keeps_draft = True
    button = "Save why it is late"
    field_order = ("cause", "reason", "which")
    cause = SelectField(label="What makes it late?", error_messages={"required": "Choose what makes it late"})
    reason = LongTextField(label="Why is it late?", error_messages={"required": "Say why it is late"}, rows=4)

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].set_choices(policy.lateness_causes)  # type: ignore[attr-defined]
