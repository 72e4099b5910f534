from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from families.enums import SafetyAlertKind
from families.models import Address, Person
from govuk.forms import DateInputField, GovukForm, LongTextField, RadiosField


class SafetyAlertForm(GovukForm):
    button = "Record the danger"
    about = RadiosField(label="Where does the danger come from?", choices=[])
    kind = RadiosField(label="What is the danger?", choices=SafetyAlertKind.choices)
    words = forms.CharField(
        label="What to be careful about",
        required=False,
        max_length=200,
        help_text="Anyone who checks the list is told this. Give no names, no address and nothing about the case",
    )
    starts_on = DateInputField(label="Since when?", required=False)
    ends_on = DateInputField(label="Until when?", required=False, help_text="The first day without it")
    source = forms.CharField(label="Who says so?", required=False, max_length=200)

    def __init__(self, *args: Any, people: Iterable[Person], homes: Iterable[Address], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._about: dict[str, Person | Address] = {
            **{f"person-{person.pk}": person for person in people},
            **{f"address-{address.pk}": address for address in homes},
        }
        self.fields["about"].set_choices([(key, str(row)) for key, row in self._about.items()])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day can’t be before the first")
        return cleaned

    def alert(self) -> dict[str, Any]:
        """Return the arguments for ``record_safety_alert``."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "about"}
        about = self._about[self.cleaned_data["about"]]
        return {**facts, "person" if isinstance(about, Person) else "address": about}


class EndSafetyAlertForm(GovukForm):
    button = "End the danger"
    on = DateInputField(label="When did it stop being a danger?")
    because = LongTextField(label="Why?", error_messages={"required": "Say why it is no longer a danger"})
