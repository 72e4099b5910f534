from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property

from conferences.enums import Category
from govuk.forms import (
    HTML,
    Conditional,
    DateInputField,
    FilterForm,
    FormHelper,
    FormKeyField,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
)
from plans.enums import CallerKnownBy
from plans.selectors.list_matches import Asked

NONE_OF_THEM = "none"


class CheckListForm(GovukForm):
    """Who asks, about whom, and why; nothing is carried over to the next check."""

    marks_optional = False
    button = "Check the list"
    layout = Layout(
        HTML('<h2 class="govuk-heading-m">Who is asking</h2>'),
        "caller_name",
        "caller_agency",
        Conditional("known_by", {CallerKnownBy.CALLED_BACK: ["caller_phone"]}),
        "why",
        HTML(
            '<h2 class="govuk-heading-m">Who they are asking about</h2>'
            '<p class="govuk-body">Enter what you have: a name, a date of birth or an address. '
            "With just a name, you may have to tell children apart.</p>"
        ),
        "name",
        "birth_date",
        "birth_date_is_about",
        "address",
    )
    name = forms.CharField(
        label="Name of the child",
        required=False,
        max_length=200,
        help_text="As you hear it. Spelling does not matter, and other names and aliases are found too",
    )
    birth_date = DateInputField(label="Date of birth", required=False)
    birth_date_is_about = forms.BooleanField(label="The date is approximate", required=False)
    address = forms.CharField(
        label="Address or postcode", required=False, max_length=250, help_text="For example, 14 Station Road, EM1 2AB"
    )
    caller_name = forms.CharField(
        label="Who is asking?", max_length=120, error_messages={"required": "Enter who is asking"}
    )
    caller_agency = forms.CharField(
        label="Which agency are they from?",
        max_length=120,
        help_text="For example, the children’s ward of a hospital",
        error_messages={"required": "Enter which agency they are from"},
    )
    known_by = RadiosField(
        label="How do you know who they are?",
        choices=CallerKnownBy.choices,
        error_messages={"required": "Choose how you know who is asking. Call back before you tell them anything"},
    )
    caller_phone = forms.CharField(
        label="Which number did you call back?",
        required=False,
        max_length=40,
        help_text="The agency’s own number, not one the caller gave you",
    )
    why = LongTextField(label="Why are they asking?", error_messages={"required": "Enter why they are asking"})
    form_key = FormKeyField(required=True)

    ABOUT_CALLER: ClassVar = ("caller_name", "caller_agency", "caller_phone", "known_by", "why", "form_key")
    # Kept when the same is asked again with one more fact.
    ASKED: ClassVar = (*ABOUT_CALLER[:-1], "name", "birth_date", "birth_date_is_about", "address")

    @cached_property
    def helper(self) -> FormHelper:
        """Return a helper as narrow as the text above it."""
        helper = super().helper
        helper.form_class = "cp-form cp-reading"
        return helper

    def asked(self) -> Asked:
        """Return what to look for."""
        said = self.cleaned_data
        return Asked(
            name=said["name"],
            birth_date=said["birth_date"],
            birth_date_is_about=said["birth_date_is_about"],
            address=said["address"],
        )


class ChooseChildForm(GovukForm):
    """Which of the children found the caller means, or none of them."""

    button = "Tell them about this child"
    child = RadiosField(label="Which child do they mean?")

    def __init__(self, *args: Any, candidates: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [Item(str(row["id"]), _candidate(row), hint=". ".join(row["fits"])) for row in candidates]
        self.fields["child"].set_choices([*found, Item(NONE_OF_THEM, "None of them", divider="or")])  # type: ignore[attr-defined]

    def chosen(self) -> int | None:
        """Return the child's id; None for none of them."""
        child = self.cleaned_data["child"]
        return None if child == NONE_OF_THEM else int(child)


def _candidate(row: Mapping[str, Any]) -> str:
    if not row["name"]:
        return "A child whose record is restricted"
    return f"{row['name']}, {row['age']}" if row["age"] else str(row["name"])


class ListFilterForm(FilterForm):
    held = SelectField(
        label="Whose plan", choices=[("", "All"), ("here", "Ours"), ("elsewhere", "Another council’s")], required=False
    )
    category = SelectField(label="Category", choices=[("", "All"), *Category.choices], required=False)

    def chosen(self) -> dict[str, Any]:
        """Return the filters as ``list_of`` takes them; invalid ones are ignored."""
        return {name: self.cleaned_data.get(name) or "" for name in ("held", "category")}
