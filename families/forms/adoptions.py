"""The form of an adoption order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from families.enums import AdoptedBy
from govuk.forms import CheckboxesField, DateInputField, GovukForm, Item, RadiosField


class AdoptionForm(GovukForm):
    keeps_draft = True
    button = "Continue"
    adopted_by = RadiosField(
        label="Who adopts the child?",
        choices=[
            Item(AdoptedBy.OTHERS, AdoptedBy.OTHERS.label, hint="The record is sealed, once no plan is open"),
            Item(AdoptedBy.FAMILY, AdoptedBy.FAMILY.label, hint="The child stays at home, and nothing is sealed"),
        ],
    )
    ordered_on = DateInputField(label="When was the order made?")
    court = forms.CharField(label="Which court, and what is its reference?", max_length=200)
    source = forms.CharField(
        label="Who told you?", max_length=250, help_text="For example, the court, with a name and a number to ring"
    )
    may_see = CheckboxesField(
        label="Who besides you may still see that there was an order?",
        required=False,
        help_text="They see the child’s number, the order and its dates, and no name",
    )

    def __init__(self, *args: Any, managers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.managers = {str(user.pk): user for user in managers}
        if self.managers:
            self.fields["may_see"].set_choices([(pk, user.name) for pk, user in self.managers.items()])
        else:
            del self.fields["may_see"]

    def named(self) -> list[User]:
        """Return the managers who were ticked."""
        return [self.managers[pk] for pk in self.cleaned_data.get("may_see") or ()]
