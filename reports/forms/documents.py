"""Forms for preparing and releasing the letter and the minutes."""

from __future__ import annotations

from typing import Any

from django import forms

from govuk.forms import CheckboxesField, GovukForm, Item, LongTextField
from govuk.words import listed, marked
from reports.selectors.proofs import Entries


class PrepareForm(GovukForm):
    """Preparing a version: why it replaces another, and what is left out of which copies."""

    keeps_draft = True
    because = LongTextField(label="Why is a new version needed?", rows=3, required=False)
    leave_out = forms.BooleanField(
        label="Leave these entries out of the copies of people who may not read them", required=False
    )

    not_about_all = CheckboxesField(
        label="Which of these are not about all of the children?",
        help_text=(
            "No child was ticked for these, so the father or mother of just one child can read them "
            "too. Anything you tick stays out of their copies"
        ),
        required=False,
    )

    may_be_read = CheckboxesField(
        label="Which of these may be read as they stand?",
        help_text=(
            "Each one names someone who is not the reader’s own child, parent or relative here, or whose name is "
            "left out elsewhere in the same copy. Anything you do not tick stays out of the copies named under it"
        ),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        replaces: bool,
        found: list[str],
        unnamed: Entries,
        strangers: Entries,
        names: dict[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("not_about_all", [Item(key, row.text, hint=row.where) for key, row in sorted(unnamed.items())])
        self._offer(
            "may_be_read",
            [
                Item(
                    entry,
                    marked(row.text, row.names),
                    hint=f"{row.where}. Names {listed([*row.names])}. Copies for "
                    f"{listed([names[pk] for pk in sorted(row.recipients)])}",
                )
                for entry, row in sorted(strangers.items())
            ],
        )
        if replaces:
            self.fields["because"].required = True
            self.fields["because"].error_messages["required"] = "Say why a new version is needed"
        else:
            del self.fields["because"]
        if not found:
            del self.fields["leave_out"]

    def _offer(self, name: str, items: list[Item]) -> None:
        if items:
            self.fields[name].set_choices(items)  # type: ignore[attr-defined]
        else:
            del self.fields[name]


class ReleaseForm(GovukForm):
    """The chair's release, with the participants only the chair decides about."""

    settled = CheckboxesField(
        label="Who else should get it?",
        help_text="These people get it only if you say so. Leave all empty if none of them should",
        required=False,
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices:
            self.fields["settled"].set_choices([Item(str(pk), name, hint=why) for pk, name, why in choices])  # type: ignore[attr-defined]
        else:
            del self.fields["settled"]

    def settled_ids(self) -> list[int]:
        """Return the ids of the participants who were ticked."""
        return [int(pk) for pk in self.cleaned_data.get("settled", [])]
