"""The form for one person's view about a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conferences.enums import Category
from govuk.forms import Conditional, GovukForm, Item, Layout, LongTextField, RadiosField, VersionField
from meetings.enums import Given, Harm, HarmAnswer, ViewStatus

NO_VIEW = (Given.ABSTAINED, Given.LEFT, Given.NOT_ASKED, Given.REFUSED, Given.UNKNOWN)


class ViewForm(GovukForm):
    """One person's view about one child."""

    keeps_draft = True
    marks_optional = False
    button = "Save the view"
    layout = Layout(Conditional("given", {Given.GIVEN: ["still_harm", "harm", "status", "category"]}), "reason")
    given = RadiosField(
        label="Did they give a view?",
        choices=[(Given.GIVEN.value, "Yes"), *((given.value, given.label) for given in NO_VIEW)],
        initial=Given.GIVEN,
    )
    still_harm = RadiosField(label="", choices=HarmAnswer.choices, required=False)
    harm = RadiosField(label="Significant harm", choices=Harm.choices, required=False)
    status = RadiosField(label="What do they recommend?", choices=ViewStatus.choices, required=False)
    category = RadiosField(
        label="Category of harm", choices=[pair for pair in Category.choices if pair[0] != Category.MUL], required=False
    )
    reason = LongTextField(
        label="Why, in their own words",
        help_text="If there is no view, say why. Write a child’s or parent’s own words here too.",
        error_messages={"required": "Write the reason."},
    )
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        family: bool,
        definitions: Mapping[str, str],
        question: str = "",
        asks_category: bool = True,
        **kwargs: Any,
    ) -> None:
        """``question`` is asked first of everyone about a child with a plan in force; empty where there is none.

        ``asks_category`` is whether the council's procedures ask each professional for the category of harm.
        """
        super().__init__(*args, **kwargs)
        if question:
            self.fields["still_harm"].label = question
            self.fields["still_harm"].help_text = "Ask this first, before anything else."
            del self.fields["harm"]
        else:
            del self.fields["still_harm"]
        self.fields["category"].set_choices(
            [Item(value, label, hint=definitions.get(value, "")) for value, label in self.fields["category"].choices]
        )
        if family or not asks_category:
            del self.fields["category"]
        if family:
            self.fields["status"].label = "What would they like?"
            if "harm" in self.fields:
                self.fields["harm"].label = "Do they say whether there is significant harm?"
