from __future__ import annotations

from typing import Any

from families.models import Person
from families.words import birth_words
from govuk.forms import GovukForm, LongTextField, ModelRadiosField


class ProposeMergeForm(GovukForm):
    button = "Propose to join them"
    other = ModelRadiosField(
        Person.objects.none(),
        label="Which record is the same person?",
        label_from=lambda person: person.full_name,
        hint_from=lambda person: f"Born {birth_words(person)}" if person.birth_date else "No date of birth",
        error_messages={"required": "Choose the other record"},
    )
    reason = LongTextField(
        label="How do you know?",
        help_text="Someone else will compare both records. Nothing changes until they agree",
        error_messages={"required": "Say how you know that they are the same person"},
    )

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]
