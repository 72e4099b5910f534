from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from core_groups.selectors.joining import Candidate
from govuk.forms import DateInputField, GovukForm, ModelCheckboxesField, RadiosField
from plans.models import Plan


def _child(plan: Plan) -> str:
    return str(plan.child.person.full_name)


class JoinForm(GovukForm):
    """Who joins the core group, for which children, since when and why."""

    keeps_draft = True
    button = "Add to the core group"

    who = RadiosField(label="Who joins?")
    plans = ModelCheckboxesField(Plan.objects.none(), label="For which children?", label_from=_child)
    starts_on = DateInputField(label="Since when?")
    because = forms.CharField(label="Why?", max_length=250)

    def __init__(self, *args: Any, candidates: Sequence[Candidate], plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {one.key: one for one in candidates}
        self.fields["who"].set_choices(
            [(one.key, one.person.full_name) for one in candidates], {one.key: one.hint for one in candidates}
        )
        self.fields["plans"].queryset = plans

    def joining(self) -> dict[str, Any]:
        """Return the arguments for ``join_core_group``."""
        data = dict(self.cleaned_data)
        chosen = self.candidates[data.pop("who")]
        return {**data, "person": chosen.person, "post": chosen.post, "plans": list(data["plans"])}


class LeaveForm(GovukForm):
    """For which children someone leaves the core group, from when and why."""

    keeps_draft = True
    button = "Record that they leave"

    plans = ModelCheckboxesField(Plan.objects.none(), label="For which children?", label_from=_child)
    on = DateInputField(label="From which day?", help_text="The first day on which they are no longer in it")
    because = forms.CharField(label="Why?", max_length=250)

    def __init__(self, *args: Any, plans: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plans"].queryset = plans
        self.initial = {"plans": [plan.pk for plan in plans], "on": on, **self.initial}
