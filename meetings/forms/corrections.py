from __future__ import annotations

from typing import Any

from families.models import Child
from govuk.forms import Field, GovukForm, Layout, LongTextField, RadiosField
from meetings.forms.decisions import DecisionForm


class CorrectionForm(DecisionForm):
    """What the chair had decided, and the evidence that something else was entered."""

    button = "Ask for the correction"

    reason = LongTextField(
        label="What is wrong, and what is the evidence?",
        rows=4,
        help_text="The chair and a manager read this before they agree. The minutes will show it with both texts.",
        error_messages={"required": "Say what is wrong, and what the evidence is."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_consent()
        self.layout = Layout(Field("reason", size="m"), self.layout)


class MoveForm(GovukForm):
    """The child an entry should move to, and why."""

    keeps_draft = True
    to_child = RadiosField(label="Which child is it about?")
    reason = LongTextField(
        label="What shows that it is about another child?",
        rows=3,
        help_text="Only people who can open both records will see this.",
        error_messages={"required": "Say what shows that it is about another child."},
    )

    def __init__(self, *args: Any, children: list[tuple[Child, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(child.pk): child for child, _ in children}
        self.fields["to_child"].set_choices([(str(child.pk), name) for child, name in children])  # type: ignore[attr-defined]
        self.fields["to_child"].error_messages["required"] = "Choose the child it is about."

    def chosen(self) -> Child:
        """Return the child that the entry moves to."""
        return self.known[self.cleaned_data["to_child"]]
