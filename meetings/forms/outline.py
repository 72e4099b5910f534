"""The form for an action of the outline plan."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import DateInputField, Div, Field, Layout, LongTextField, SelectField, VersionField
from meetings.forms.on_the_day import OnTheDay, children_field, people_of


class ActionForm(OnTheDay):
    """One action of the outline plan."""

    keeps_draft = True
    button = "Add to the plan"
    layout = Layout(
        Div(
            Div("why", css_class="cp-entry__half"),
            Div("what", css_class="cp-entry__half"),
            Field("who", optional=False),
            "who_else",
            Field("by_when", optional=False),
            "by_when_words",
            Div(Field("children", small=True, optional=False), css_class="cp-entry__whole"),
            css_class="cp-entry",
        )
    )
    children = children_field("For")
    why = LongTextField(label="Why", rows=2, help_text="The worry this responds to.")
    what = LongTextField(label="What", rows=2, help_text="What will be done.")
    who = SelectField(label="Who", required=False, empty_label="Someone else")
    who_else = forms.CharField(label="Who else", required=False, max_length=200)
    by_when = DateInputField(label="By when", required=False)
    by_when_words = forms.CharField(
        label="Or by when in words", required=False, max_length=100, help_text="For example “from today”."
    )
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].set_choices(people_of(self.day))

    def action(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("why", "what", "who_else", "by_when", "by_when_words")
        return {
            **{name: data[name] for name in names},
            "who": self.person_in("who"),
            "children": self.chosen_children(),
        }
