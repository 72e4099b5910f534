from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet

from families.models import Person
from families.selectors import likely_duplicates
from govuk.forms import GovukForm

Row = TypeVar("Row", bound=Model)


def not_sent_before(known: QuerySet[Row], cleaned: Mapping[str, Any]) -> QuerySet[Row]:
    """Leave out what the same form has already recorded: sent twice, it is no duplicate of itself."""
    return known.exclude(form_key=cleaned["form_key"]) if cleaned.get("form_key") else known


class AsksWhetherKnown(GovukForm):
    """Shows records that may be of the person entered, and asks for a tick that it is someone else.

    The layout includes families/duplicates.html; ``clean`` calls ask_whether_known.
    """

    drawn_on_demand = frozenset({"somebody_else"})

    somebody_else = forms.BooleanField(label="This is someone else", required=False)

    def __init__(self, *args: Any, known: QuerySet[Person] | None = None, **kwargs: Any) -> None:
        """``known`` are the people to search for duplicates."""
        super().__init__(*args, **kwargs)
        self.known = known
        self.duplicates: list[Person] = []

    def ask_whether_known(
        self,
        *,
        given_name: str,
        family_name: str,
        birth_date: datetime.date | None = None,
        nhs_number: str = "",
        email: str = "",
    ) -> None:
        """Look for the person described among those known; ask only once nothing else is wrong."""
        if self.known is None or self.errors:
            return
        self.duplicates = likely_duplicates(
            not_sent_before(self.known, self.cleaned_data),
            given_name=given_name,
            family_name=family_name,
            birth_date=birth_date,
            nhs_number=nhs_number,
            email=email,
        )
        if self.duplicates and not self.cleaned_data.get("somebody_else"):
            self.add_error(
                "somebody_else",
                "We may already know this person. Compare them with the records shown, and tick the "
                "box if this is someone else",
            )
