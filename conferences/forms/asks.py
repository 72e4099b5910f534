"""Forms about what the family asks for, who will not be there, paper only, and what they thought of the meeting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from conferences.enums import Need, ToldHow
from conferences.models import Participant
from govuk.forms import CheckboxesField, GovukForm, LongTextField, ModelCheckboxesField, RadiosField

YES_PARTLY_NO = (("Yes", "Yes"), ("Partly", "Partly"), ("No", "No"))


class AnswerGuestForm(GovukForm):
    keeps_draft = True
    button = "Send the answer to their page"
    text = LongTextField(
        label="Your answer",
        rows=5,
        max_length=2000,
        help_text="In plain words. They read it on their own page.",
        error_messages={"required": "Write the answer"},
    )


class WriteDownForm(GovukForm):
    """What someone told staff, written down as theirs."""

    keeps_draft = True
    button = "Write it down as theirs"
    told_how = RadiosField(
        label="How did they tell us?", choices=ToldHow.choices, error_messages={"required": "Choose how they told us"}
    )
    needs = CheckboxesField(label="What do they say or ask for?", choices=Need.choices, required=False)
    text = LongTextField(
        label="In their own words",
        required=False,
        rows=6,
        max_length=2000,
        help_text="As they said it. For something wrong: which paper, and what is wrong in it. They read this on their "
        "own page",
    )

    def __init__(self, *args: Any, needs: Iterable[Need], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs"].choices = [(need.value, need.label) for need in needs]


class TellAbsenceForm(GovukForm):
    keeps_draft = True
    button = "Save who reads this"
    absence_text = LongTextField(
        label="What are they told?",
        required=False,
        rows=3,
        max_length=500,
        help_text="For example: Dale will not be in the building. We talk with him on another day, on a screen.",
    )
    absence_readers = ModelCheckboxesField(
        Participant.objects.none(), label="Who reads it on their own page?", required=False
    )

    def __init__(self, *args: Any, readers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["absence_readers"].queryset = readers
        self.fields["absence_readers"].label_from = lambda row: (
            f"{row.person.full_name}, {row.get_capacity_display().lower()}"
        )


class EndPaperOnlyForm(GovukForm):
    button = "Write to them online again"
    because = forms.CharField(
        label="How do you know that they want this?",
        max_length=250,
        error_messages={"required": "Say how you know that they want this"},
    )


class PaperOnlyForm(GovukForm):
    button = "Yes, paper only"


class FeedbackForm(GovukForm):
    """One question after the other, as the council's procedures ask them; all may be left out."""

    button = "Send"

    def __init__(self, *args: Any, questions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, question in enumerate(questions):
            self.fields[f"question_{number}"] = RadiosField(label=question, choices=YES_PARTLY_NO, required=False)
        self.fields["text"] = LongTextField(
            label="What went well? What should we change?",
            required=False,
            rows=4,
            max_length=2000,
            help_text="Please do not write names.",
        )
        self._adapt()

    def answers(self) -> list[dict[str, str]]:
        """Return each question that was answered, as it was asked, with the answer."""
        given = ((question, self.cleaned_data.get(f"question_{n}") or "") for n, question in enumerate(self.questions))
        return [{"question": question, "answer": answer} for question, answer in given if answer]
