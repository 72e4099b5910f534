from __future__ import annotations

from typing import Any, cast

from django import forms

from govuk.forms import Button, DateInputField, FilterForm, GovukForm, Item, LongTextField, RadiosField, SelectField

COUNCIL, ENGLAND = "council", "england"
OWN_COUNCIL = Item(COUNCIL, "For this council", hint="A local time limit may skip this day. A national one never does")
ALL_OF_ENGLAND = Item(
    ENGLAND, "For all of England", hint="A proclaimed holiday. It applies to every council in this system"
)


class YearForm(FilterForm):
    button = Button("Show the year", look="secondary")
    year = SelectField(label="Year")

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]


class CloseDayForm(GovukForm):
    """A day to add; the next page says what it moves."""

    button: str | Button = "See what will move"

    whose = RadiosField(label="Who is it a non-working day for?", choices=[OWN_COUNCIL, ALL_OF_ENGLAND])
    day = DateInputField(label="Which day?", help_text="For example, 29 12 2026")
    name = forms.CharField(
        label="Why is it not a working day?", help_text="Such as “Offices closed” or “Coronation”", max_length=100
    )

    def __init__(self, *args: Any, for_england: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("RadiosField", self.fields["whose"]).set_choices([OWN_COUNCIL, *([ALL_OF_ENGLAND] * for_england)])


class ConfirmClosedDayForm(CloseDayForm):
    """The same fields, hidden, once the user has seen what the day moves."""

    button = Button("Add the non-working day", name="confirmed", value="yes")
    cancel_text = "Leave the calendar as it is"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"] = forms.DateField(widget=forms.HiddenInput)
        for field in self.fields.values():
            field.widget = forms.HiddenInput()


class TakeBackForm(GovukForm):
    button = "Make it a working day again"
    why = LongTextField(label="Why are you undoing this?", max_length=250, rows=2)
