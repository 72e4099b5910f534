from __future__ import annotations

import datetime
from typing import Any

from django import forms

from families.enums import ContactKind
from families.forms.fields import PeopleField, made_sure
from govuk.forms import HTML, Button, DateInputField, Field, Fieldset, GovukForm, Layout, LongTextField, RadiosField

HIDE_HELP = "Leave all empty to hide it from everyone in the family except those who live there"


class ResidenceForm(GovukForm):
    button = "Save the address"
    layout = Layout(
        Field("persons", size="m"),
        "lines",
        Field("postcode", css_class="govuk-input--width-10"),
        "is_main",
        "starts_on",
        "source",
        Fieldset(
            "confidential",
            "hidden_from",
            HTML(
                '<p class="govuk-body cp-second">A new school, surgery or clinic can give an address away too. '
                "Mark those when you add the agency.</p>"
            ),
            legend="Who must not find out about it",
        ),
    )
    persons = PeopleField(
        label="Who lives there?", error_messages={"required": "Choose at least one person who lives there"}
    )
    lines = LongTextField(label="Address", rows=3, error_messages={"required": "Enter the address"})
    postcode = forms.CharField(label="Postcode", required=False, max_length=10)
    is_main = forms.BooleanField(
        label="This is their main home", required=False, initial=True, help_text="An earlier main home then ends"
    )
    starts_on = DateInputField(label="Since when?", required=False)
    source = forms.CharField(label="Who says so?", required=False, max_length=200)
    confidential = forms.BooleanField(
        label="This address is confidential",
        required=False,
        help_text="It is left off every letter, list and page until someone gives a reason to see it",
    )
    hidden_from = PeopleField(label="Hide it from", required=False, help_text=HIDE_HELP)

    def __init__(self, *args: Any, people: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["persons"].offer(people, on=on)  # type: ignore[attr-defined]
        self.fields["hidden_from"].offer(people, on=on)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        both = set(cleaned.get("persons") or ()) & set(cleaned.get("hidden_from") or ())
        if both:
            self.add_error("hidden_from", "You can’t hide this from someone who lives there")
        return cleaned


class ContactPointForm(GovukForm):
    button = "Save this way to reach them"
    kind = RadiosField(
        label="What is it?", choices=[pair for pair in ContactKind.choices if pair[0] != ContactKind.POST], inline=True
    )
    value = forms.CharField(label="Number or address", max_length=254)
    is_safe = forms.BooleanField(label="It is safe to use: no one else reads or answers it", required=False)
    safe_how, safe_on = made_sure()
    safety_note = forms.CharField(
        label="What to know before using it", required=False, max_length=200, help_text="For example, only from 9 to 3"
    )
    confidential = forms.BooleanField(label="This is confidential", required=False)
    hidden_from = PeopleField(
        label="Hide it from", required=False, help_text="Leave all empty to hide it from everyone else in the family"
    )

    def __init__(self, *args: Any, people: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hidden_from"].offer(people, on=on)  # type: ignore[attr-defined]


class MarkForm(GovukForm):
    button = "Save who may know"
    confidential = forms.BooleanField(label="This is confidential", required=False)
    hidden_from = PeopleField(label="Hide it from", required=False, help_text=HIDE_HELP)

    def __init__(self, *args: Any, people: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hidden_from"].offer(people, on=on)  # type: ignore[attr-defined]


class RevealForm(GovukForm):
    button = Button("Show confidential details", look="secondary")
    answers_with_a_page = True
    reason = forms.CharField(
        label="Why do you need to see it?",
        max_length=200,
        help_text="Your name, the time and this reason are kept",
        error_messages={"required": "Say why you need to see the confidential details"},
    )
