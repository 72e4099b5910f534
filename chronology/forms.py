from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from chronology.selectors.events import Chosen, kinds_given
from families import words
from families.models import Child
from govuk.forms import DateInputField, FilterForm, SelectField


class ChronologyFilterForm(FilterForm):
    """What of a case to show: about one child, of one kind, in a span of days."""

    child = SelectField(label="Child", choices=[], required=False)
    kind = SelectField(label="What", choices=[], required=False)
    since = DateInputField(label="From", required=False)
    until = DateInputField(label="To", required=False)
    ahead = SelectField(label="What is to come", choices=[("", "Left out"), ("yes", "Shown")], required=False)

    def __init__(self, *args: Any, children: Sequence[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {str(child.pk): child for child in children}
        names = [(pk, words.called(child)) for pk, child in self.children.items()]
        self.fields["child"].choices = [("", "All children"), *names]
        self.fields["kind"].choices = [("", "Everything"), *kinds_given()]

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        if chosen.get("since") and chosen.get("until") and chosen["until"] < chosen["since"]:
            self.add_error("until", "The last day can’t be before the first.")
        return chosen

    def chosen(self) -> Chosen:
        """Return what was chosen; everything until today where something typed makes no sense."""
        today = timezone.localdate()
        if not self.is_valid():
            return Chosen(until=today)
        data = self.cleaned_data
        until = data["until"] or (None if data["ahead"] else today)
        return Chosen(self.children.get(data["child"]), data["kind"], data["since"], until)
