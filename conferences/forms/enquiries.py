"""Forms for strategy discussions and enquiries."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from families.models import Child, Enquiry, StrategyDiscussion
from families.words import child_line
from govuk import words
from govuk.forms import (
    DateTimeField,
    GovukForm,
    LongTextField,
    ModelCheckboxesField,
    ModelRadiosField,
    ModelSelectField,
)


class StrategyDiscussionForm(GovukForm):
    keeps_draft = True
    button = "Save the strategy discussion"
    children = ModelCheckboxesField(
        Child.objects.none(),
        label="For which children were enquiries started?",
        required=False,
        label_from=lambda child: child.person.full_name,
    )
    all_children = forms.BooleanField(label="For all the children of the family", required=False)
    held_at = DateTimeField(
        label="When was it held?",
        help_text="The time limit for the conference is counted from this day",
        error_messages={"required": "Enter the day it was held"},
    )
    agencies_present = LongTextField(label="Who took part?", help_text="Agencies, one per line", required=False, rows=4)
    reason = LongTextField(
        label="Why were enquiries started?",
        error_messages={"required": "Say why enquiries were started"},
        help_text="What happened, and why a child may be suffering, or be likely to suffer, significant harm",
        rows=6,
    )

    def __init__(self, *args: Any, children: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["children"]
        field.queryset = children
        field.describe(field.label_from, lambda child: child_line(child, on=on), None)
        self.all_of_them = list(children)
        if len(self.all_of_them) <= 1:
            del self.fields["all_children"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = list(cleaned.get("children") or ())
        cleaned["children"] = self.all_of_them if cleaned.pop("all_children", False) else chosen
        if not cleaned["children"] and "children" not in self.errors:
            self.add_error("children", "Choose at least one child")
        return cleaned


class ConveneForm(GovukForm):
    button = "Save the decision"
    children = ModelCheckboxesField(
        Enquiry.objects.none(),
        label="For which children is a conference needed?",
        label_from=lambda enquiry: enquiry.child.person.full_name,
        error_messages={"required": "Choose at least one child"},
    )
    decided_at = DateTimeField(
        label="When was it decided?",
        help_text="The limit for asking the conference service is counted from then",
        error_messages={"required": "Enter the day it was decided"},
    )
    decided_by = ModelSelectField(
        User.objects.none(),
        label="Which manager decided?",
        error_messages={"required": "Choose the manager who decided"},
        label_from=lambda user: user.name,
    )

    def __init__(self, *args: Any, enquiries: Any, managers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["children"].queryset = enquiries
        self.fields["decided_by"].queryset = User.objects.filter(pk__in=[user.pk for user in managers])


class StartingDiscussionForm(GovukForm):
    keeps_draft = True
    button = "Save the choice"
    discussion = ModelRadiosField(
        StrategyDiscussion.objects.none(),
        label="Which discussion is the time limit counted from?",
        error_messages={"required": "Choose the discussion it is counted from"},
    )
    reason = LongTextField(
        label="Why is it counted from this one?",
        error_messages={"required": "Say why it is counted from this one"},
        help_text="Kept with the enquiries, and shown beside the time limit",
        rows=4,
    )

    def __init__(
        self, *args: Any, discussions: Sequence[StrategyDiscussion], last_days: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["discussion"]
        field.queryset = StrategyDiscussion.objects.filter(pk__in=[row.pk for row in discussions]).order_by(
            "held_at", "pk"
        )
        field.describe(
            lambda row: f"{words.long_date(row.held_at)}, {words.clock(row.held_at)}",
            lambda row: last_days[row.pk],
            None,
        )
