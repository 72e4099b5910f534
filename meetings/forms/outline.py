"""The forms for an action of the outline plan, an outcome, and what is done if something happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from govuk.forms import (
    CheckboxesField,
    DateInputField,
    Div,
    Field,
    GovukForm,
    Layout,
    LongTextField,
    SelectField,
    VersionField,
)
from govuk.words import long_date
from meetings.enums import OutlineKind
from meetings.forms.on_the_day import OnTheDay, children_field, people_of
from meetings.models import OutlineAction
from meetings.services.outline_entries import Agreed


class ShareActionsForm(GovukForm):
    """Which actions drafted for other children are this child's too."""

    actions = CheckboxesField(label="", error_messages={"required": "Tick the actions that this child shares."})

    def __init__(self, *args: Any, rows: Sequence[OutlineAction], name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.button = f"Draft them for {name} too"
        self.fields["actions"].label = f"Which of these are {name}’s too?"
        self.fields["actions"].set_choices([(key, row.what) for key, row in self.rows.items()], hints=self._hints())

    def _hints(self) -> dict[str, str]:
        return {
            key: f"{row.who.person.full_name if row.who else row.who_else}, "
            f"{f'by {long_date(row.by_when)}' if row.by_when else row.by_when_words}. Why: {row.why}"
            for key, row in self.rows.items()
        }

    def chosen(self) -> list[OutlineAction]:
        """Return the actions ticked."""
        return [self.rows[key] for key in self.cleaned_data["actions"]]


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


class OutcomeForm(OnTheDay):
    """What has to be different for which children."""

    keeps_draft = True
    button = "Add to the plan"
    text = LongTextField(label="What has to be different?", rows=2, help_text="What we shall see when it is better.")
    children = children_field("For")
    version = VersionField()

    def agreed(self) -> Agreed:
        """Return what was agreed, as the services take it."""
        return Agreed(text=self.cleaned_data["text"], children=tuple(self.chosen_children()))


class ContingencyForm(OnTheDay):
    """What is done if something happens, and by whom."""

    keeps_draft = True
    button = "Add to the plan"
    text = LongTextField(label="If this happens", rows=2)
    we_do = LongTextField(label="We do this", rows=2)
    who = SelectField(label="Who acts?", required=False, empty_label="Someone else")
    who_else = forms.CharField(label="Who else", required=False, max_length=200)
    children = children_field("For")
    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].set_choices(people_of(self.day))

    def agreed(self) -> Agreed:
        """Return what was agreed, as the services take it."""
        data = self.cleaned_data
        return Agreed(
            text=data["text"],
            we_do=data["we_do"],
            who=self.person_in("who"),
            who_else=data["who_else"],
            children=tuple(self.chosen_children()),
        )


FORM_OF: dict[str, type[OutcomeForm | ContingencyForm]] = {
    OutlineKind.OUTCOME: OutcomeForm,
    OutlineKind.CONTINGENCY: ContingencyForm,
}
