"""The form for one person's view about a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conferences.enums import Category
from govuk.forms import Conditional, GovukForm, Item, Layout, LongTextField, RadiosField, VersionField
from meetings.enums import Given, Harm, ViewStatus

NO_VIEW = (Given.ABSTAINED, Given.LEFT, Given.NOT_ASKED, Given.REFUSED, Given.UNKNOWN)


class ViewForm(GovukForm):
    """One person's view about one child."""

    keeps_draft = True
    marks_optional = False
    button = "Save the view"
    layout = Layout(Conditional("given", {Given.GIVEN: ["status", "harm", "category"]}), "reason")
    given = RadiosField(
        label="Did they give a view?",
        choices=[(Given.GIVEN.value, "Yes"), *((given.value, given.label) for given in NO_VIEW)],
        initial=Given.GIVEN,
    )
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

    def __init__(self, *args: Any, family: bool, definitions: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].set_choices(
            [Item(value, label, hint=definitions.get(value, "")) for value, label in self.fields["category"].choices]
        )
        if family:
            self.fields["status"].label = "What would they like?"
            del self.fields["category"]
            self.fields["harm"].label = "Do they say whether there is significant harm?"
