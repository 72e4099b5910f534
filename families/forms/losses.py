from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from families.enums import LossQuestion
from govuk.forms import DateInputField, GovukForm, LongTextField, RadiosField, YesNoField


class DeathForm(GovukForm):
    button = "Continue"
    died_on = DateInputField(label="Date of death")
    source = forms.CharField(
        label="Who told you?",
        max_length=250,
        help_text="For example, the police or a hospital, with a name and a number to ring",
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_died_on(self) -> datetime.date:
        died_on: datetime.date = self.cleaned_data["died_on"]
        if died_on > self.today:
            raise ValidationError("The date of death can’t be in the future")
        return died_on


class AnswersForm(GovukForm):
    """The questions still open after a death; those without an answer stay open."""

    button = "Save the answers"
    keeps_draft = True
    marks_optional = False

    def __init__(self, *args: Any, questions: Sequence[LossQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.value] = YesNoField(label=question.label, required=False)
            self.fields[f"{question.value}_note"] = LongTextField(
                label="What did you find, or what has been done?", required=False, rows=3
            )
        self._adapt()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        for question in self.questions:
            answer, note = cleaned.get(question.value), cleaned.get(f"{question.value}_note", "")
            if answer is None and note:
                self.add_error(question.value, "Choose yes or no")
            if answer is not None and not note:
                self.add_error(f"{question.value}_note", "Say what you found, or what has been done")
        if not self.errors and not self.answers():
            raise ValidationError("Answer at least one question")
        return cleaned

    def answers(self) -> list[tuple[LossQuestion, bool, str]]:
        """Return each question answered, with yes or no and what was found."""
        data = self.cleaned_data
        return [
            (question, data[question.value], data[f"{question.value}_note"])
            for question in self.questions
            if data.get(question.value) is not None
        ]


class HeldMessageForm(GovukForm):
    button = "Record the decision"
    what = RadiosField(
        label="Should this be sent?", choices=[("release", "Yes, send it"), ("keep", "No, keep it back")]
    )
    because = LongTextField(label="Why?", error_messages={"required": "Say why"}, max_length=500, rows=3)
