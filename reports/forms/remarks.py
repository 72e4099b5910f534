"""Forms for what a family member says about a report, and for the answer."""

from __future__ import annotations

from typing import Any

from govuk.forms import GovukForm, LongTextField, RadiosField


class WrongForm(GovukForm):
    """Which sentence is wrong, and what is right."""

    keeps_draft = True
    button = "Send this"
    sentence = RadiosField(
        label="Which sentence is wrong?", error_messages={"required": "Choose the sentence that is wrong"}
    )
    text = LongTextField(
        label="What is right?",
        help_text="In your own words",
        rows=4,
        max_length=5000,
        error_messages={"required": "Write what is right"},
    )

    def __init__(self, *args: Any, sentences: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(place), sentence) for place, sentence in enumerate(sentences)]
        self.fields["sentence"].set_choices(choices)  # type: ignore[attr-defined]
        if len(sentences) == 1:
            self.initial.setdefault("sentence", "0")


class AskForm(GovukForm):
    """A question to whoever wrote the report."""

    keeps_draft = True
    button = "Send my question"
    text = LongTextField(
        label="What do you want to ask?", rows=4, max_length=5000, error_messages={"required": "Write your question"}
    )


class AnswerForm(GovukForm):
    """The answer to what a family member said; they read it on their own page."""

    keeps_draft = True
    button = "Send the answer"
    answer = LongTextField(
        label="Your answer",
        help_text="They will read this on their own page. Use plain words",
        rows=4,
        error_messages={"required": "Write an answer"},
    )
