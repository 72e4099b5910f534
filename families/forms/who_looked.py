from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.enums import ReadKind
from accounts.models import User
from govuk.forms import DateInputField, FilterForm, ModelSelectField, SelectField


class WhoLookedForm(FilterForm):
    user = ModelSelectField(
        User.objects.none(), label="Who", required=False, empty_label="Everyone", label_from=lambda user: user.name
    )
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    kind = SelectField(label="What", choices=[("", "Everything"), *ReadKind.choices], required=False)
    right = SelectField(label="Right", choices=[], required=False)

    def __init__(self, *args: Any, users: QuerySet[User], rights: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users
        self.fields["right"].choices = [("", "Any"), *((right, right) for right in rights)]

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        if chosen.get("since") and chosen.get("until") and chosen["until"] < chosen["since"]:
            self.add_error("until", "The last day can’t be before the first.")
        return chosen
