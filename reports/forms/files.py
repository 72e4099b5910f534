"""The form for a file of a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conferences.models import ConferenceChild
from govuk.forms import Button, CheckboxesField, Conditional, GovukForm, Item, Layout, LongTextField, RadiosField
from reports.enums import FileAnswer, FileProposal
from reports.forms.reports import EVERYBODY, short_name
from reports.uploads.file_types import KINDS, MAX_BYTES, MEGABYTE, TAKEN_IN_WORDS


class FileForm(GovukForm):
    """A file as an agency sent it, and the children it is about."""

    button = Button("Add this file", look="secondary")
    file = forms.FileField(
        label="Which file?",
        help_text=f"Up to {MAX_BYTES // MEGABYTE} MB: {TAKEN_IN_WORDS}",
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Choose a file", "invalid": "Choose a file"},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind.suffix}" for kind in KINDS.values())}),
    )
    children = CheckboxesField(
        label="Which children is it about?", error_messages={"required": "Choose the children this file is about"}
    )

    proposal = RadiosField(
        label="Can the parents have this file?",
        help_text=(
            "Nothing can be left out of a file. What you say is a proposal: the social worker and the coordinator look "
            "at it for each person before it goes to anybody in the family"
        ),
        choices=FileProposal.choices,
        required=False,
        error_messages={"required": "Choose whether the parents can have this file"},
    )

    def __init__(self, *args: Any, rows: list[ConferenceChild], by_author: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever enters what came by post may not know what its author says.
        self.fields["proposal"].required = by_author
        self.rows = {str(row.pk): row for row in rows}
        names = [Item(str(row.pk), short_name(row)) for row in rows]
        everybody = [Item(EVERYBODY, "All the children", divider="or")] if len(rows) > 1 else []
        self.fields["children"].set_choices([*names, *everybody])  # type: ignore[attr-defined]
        if len(rows) == 1 and not self.is_bound:
            self.initial.setdefault("children", [str(rows[0].pk)])

    def clean_children(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["children"]
        if EVERYBODY in chosen and len(chosen) > 1:
            raise ValidationError("Choose individual children, or all the children, not both")
        return chosen

    def attachment(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        chosen, file = self.cleaned_data["children"], self.cleaned_data["file"]
        return {
            # One byte more than the limit shows that the file is too large.
            "content": file.read(MAX_BYTES + 1),
            "name": file.name,
            "proposal": self.cleaned_data["proposal"],
            "children": [] if EVERYBODY in chosen else [self.rows[pk] for pk in chosen],
        }


class FileCheckForm(GovukForm):
    """Whether one person in the family may have a file, whole."""

    keeps_draft = True
    button = "Save my answer"
    layout = Layout(Conditional("answer", {FileAnswer.MAY_NOT: ["reason"]}))
    answer = RadiosField(
        label="May they have the whole file?",
        choices=FileAnswer.choices,
        error_messages={"required": "Choose whether they may have it"},
    )
    reason = LongTextField(label="Why not?", help_text="They do not read this", rows=3, required=False)
