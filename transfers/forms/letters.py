"""The form for a letter from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from govuk.forms import Button, CheckboxesField, DateInputField, GovukForm
from reports.uploads.file_types import KINDS, MAX_BYTES, MEGABYTE, TAKEN_IN_WORDS
from transfers.models import TransferredChild


class LetterForm(GovukForm):
    """A letter as it came, from whom and of which day; for a transfer, which children it is about."""

    button = Button("Keep this letter", look="secondary")
    file = forms.FileField(
        label="Which file?",
        help_text=f"Up to {MAX_BYTES // MEGABYTE} MB: {TAKEN_IN_WORDS}",
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Choose a file", "invalid": "Choose a file"},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind.suffix}" for kind in KINDS.values())}),
    )
    children = CheckboxesField(
        label="Which children is it about?", error_messages={"required": "Choose the children whom the letter is about"}
    )
    from_whom = forms.CharField(label="Who wrote it?", max_length=200, help_text="Name, job and authority")
    dated_on = DateInputField(label="What is its date?")

    def __init__(self, *args: Any, rows: Sequence[tuple[TransferredChild, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row, _ in rows}
        if not rows:
            del self.fields["children"]
            self._adapt()
            return
        self.fields["children"].set_choices([(str(row.pk), name) for row, name in rows])  # type: ignore[attr-defined]
        if len(rows) == 1 and not self.is_bound:
            self.initial.setdefault("children", [str(rows[0][0].pk)])

    def letter(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        data = self.cleaned_data
        return {
            # One byte more than the limit shows that the file is too large.
            "content": data["file"].read(MAX_BYTES + 1),
            "name": data["file"].name,
            "from_whom": data["from_whom"],
            "dated_on": data["dated_on"],
        }

    def chosen(self) -> list[TransferredChild]:
        """Return the children of the transfer whom it is about."""
        return [self.rows[pk] for pk in self.cleaned_data.get("children", ())]
