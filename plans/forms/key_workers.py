from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import User
from govuk.forms import DateInputField, GovukForm, LongTextField, ModelSelectField


class HandOverForm(GovukForm):
    """To whom a plan is handed over, from which day and why."""

    keeps_draft = True
    button = "Hand over the plan"
    to = ModelSelectField(
        User.objects.none(), label="Who is the key worker from now on?", label_from=lambda user: user.name
    )
    is_interim = forms.BooleanField(label="A manager who stands in for the interim", required=False)
    on = DateInputField(label="From which day?")
    because = LongTextField(label="Why?", rows=2)
    family_told_on = DateInputField(label="When was the family told?", required=False)
    family_told_how = forms.CharField(
        label="By whom, and how?",
        required=False,
        max_length=250,
        help_text="Leave both empty if they still have to hear it",
    )

    def __init__(self, *args: Any, workers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = workers  # type: ignore[attr-defined]


class FamilyToldForm(GovukForm):
    button = "Record that the family was told"
    told_on = DateInputField(label="When was the family told?")
    how = forms.CharField(label="By whom, and how?", max_length=250)
