"""Forms for the sections of a report, and the last check before it is submitted."""

from __future__ import annotations

from typing import Any

from django import forms

from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from govuk.forms import GovukForm, LongTextField
from reports.models import ReportSection

EVERYBODY = "all"


def short_name(row: ConferenceChild) -> str:
    """Return the child's name, capitalised for the start of a line."""
    name = short_name_of(row.child)
    return name[:1].upper() + name[1:]


def section_as_typed(section: ReportSection) -> dict[str, Any]:
    """Return a section as initial values for its form."""
    children = [str(row.pk) for row in section.children.all()]
    return {
        "heading": section.heading,
        "text": section.text,
        "nature": section.nature,
        "evidence": section.evidence,
        "children": children or [EVERYBODY],
        "private_to": [person.pk for person in section.private_to.all()],
        "kept_from": [person.pk for person in section.kept_from.all()],
        "version": section.version,
    }


class SubmitForm(GovukForm):
    """The last check: why the conference is held (social work), and how the report came in (on behalf)."""

    keeps_draft = True
    button = "Submit the report"
    why_held = LongTextField(
        label="Why is the conference being held?", help_text="The parents will read this", rows=4, required=False
    )
    received_by = forms.CharField(
        label="How did the report come in?",
        help_text="For example: by secure e-mail from the author",
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, asks_why: bool, is_on_behalf: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_why:
            self.fields["why_held"].required = True
            self.fields["why_held"].error_messages["required"] = "Write why the conference is being held"
        else:
            del self.fields["why_held"]
        if is_on_behalf:
            self.fields["received_by"].required = True
            self.fields["received_by"].error_messages["required"] = "Say how the report came in"
        else:
            del self.fields["received_by"]
