"""Forms about child in need plans: consent, reviews, visits, members, and the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from families.enums import Answer
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    Conditional,
    DateInputField,
    GovukForm,
    Layout,
    LongTextField,
    ModelRadiosField,
    RadiosField,
    SelectField,
)
from plans.enums import CinMemberState, ConsentMatterOutcome, EndReason
from plans.services.cin import ENDS_BY_HAND, HelpThatGoesOn

ANSWERS = [
    (Answer.YES.value, "Agrees"),
    (Answer.NO.value, "Does not agree"),
    (Answer.REFUSED.value, "Refuses to say"),
    (Answer.NOT_ASKED.value, "Was not asked"),
    (Answer.UNKNOWN.value, "Not known"),
]


class ConsentForm(GovukForm):
    keeps_draft = True
    button = "Record the answer"
    person = ModelRadiosField(Person.objects.none(), label="Whose answer?", label_from=lambda person: person.full_name)
    answer = RadiosField(label="What do they say?", choices=ANSWERS)
    answered_on = DateInputField(label="On what day?")
    note = forms.CharField(
        label="In their own words", required=False, max_length=250, help_text="No one else in the family reads this"
    )
    not_asked_because = forms.CharField(label="Why were they not asked?", required=False, max_length=250)

    def __init__(self, *args: Any, persons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = persons  # type: ignore[attr-defined]
        self.layout = Layout(
            "person", Conditional("answer", {Answer.NOT_ASKED: ["not_asked_because"]}), "answered_on", "note"
        )


class WithdrawForm(GovukForm):
    keeps_draft = True
    button = "Record that consent is taken back"
    withdrawn_on = DateInputField(label="On what day?")
    because = LongTextField(label="What did they say?", rows=2, required=False, max_length=500)


class GoesOnForm(GovukForm):
    """What help goes on, asked wherever a plan ends."""

    keeps_draft = True
    goes_on = LongTextField(label="What help goes on?", rows=2, required=False, help_text="Help never simply stops")
    goes_on_by = forms.CharField(label="By whom?", required=False, max_length=250)
    goes_on_until = forms.CharField(label="Until when?", required=False, max_length=100)

    def help(self) -> HelpThatGoesOn:
        """Return what goes on, as the services take it."""
        data = self.cleaned_data
        return HelpThatGoesOn(what=data["goes_on"], by_whom=data["goes_on_by"], until=data["goes_on_until"])


class DecideConsentForm(GoesOnForm):
    button = "Record the decision"
    outcome = RadiosField(label="What happens?", choices=ConsentMatterOutcome.choices)
    reason = LongTextField(label="Why?", rows=3)
    layout = Layout(
        Conditional("outcome", {ConsentMatterOutcome.ENDS: ["goes_on", "goes_on_by", "goes_on_until"]}), "reason"
    )


class EndCinForm(GoesOnForm):
    button = "End the plan"
    reason = RadiosField(label="Why does it end?", choices=[(row.value, EndReason(row).label) for row in ENDS_BY_HAND])
    note = LongTextField(label="Say more", rows=3, required=False)
    layout = Layout("reason", "note", "goes_on", "goes_on_by", "goes_on_until")


class CinVisitsForm(GovukForm):
    button = "Set the visits"
    every_working_days = forms.IntegerField(
        label="The child is visited every … working days",
        required=False,
        min_value=1,
        max_value=365,
        help_text="Leave it empty if the plan asks for no visits of its own",
        error_messages={"invalid": "Enter how often in whole working days, such as 20."},
    )


class HoldReviewForm(GovukForm):
    """The record of a review meeting; ``people`` maps who may have come to the person and post, with words."""

    keeps_draft = True
    button = "Record the review"
    held_on = DateInputField(label="When was the review held?")
    came = CheckboxesField(label="Who came?", required=False)
    progress = LongTextField(label="How far has the plan come?")
    note = LongTextField(label="What was agreed?")
    next_on = DateInputField(label="When is the next review?")

    def __init__(self, *args: Any, people: Mapping[str, tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["came"].set_choices([(key, said) for key, (_, said) in people.items()])  # type: ignore[attr-defined]

    def came_and_not(self) -> tuple[Sequence[Any], Sequence[Any]]:
        """Return who came, and which of those on the list did not."""
        came = set(self.cleaned_data["came"])
        return (
            [who for key, (who, _) in self.people.items() if key in came],
            [who for key, (who, _) in self.people.items() if key not in came],
        )


class ProposeMemberForm(GovukForm):
    """Someone to help with the plan; ``people`` maps who may be named to the person and post, with words."""

    button = "Propose them"
    who = SelectField(label="Who?", help_text="If an agency is missing, add it on the family’s page first")
    because = forms.CharField(label="Why do they help with the plan?", max_length=250)

    def __init__(self, *args: Any, people: Mapping[str, tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["who"].set_choices([(key, said) for key, (_, said) in people.items()])  # type: ignore[attr-defined]

    def proposed(self) -> dict[str, Any]:
        """Return whom, and why."""
        person, post = self.people[self.cleaned_data["who"]][0]
        return {"person": person, "post": post, "because": self.cleaned_data["because"]}


class CinMemberForm(GovukForm):
    button = "Save"
    state = RadiosField(
        label="What happens?",
        choices=[
            (CinMemberState.IN.value, "They help with the plan"),
            (CinMemberState.LEFT_OUT.value, "They are left out"),
        ],
    )
    family_agrees = RadiosField(
        label="Does the family agree?",
        choices=[
            (Answer.YES.value, "Yes"),
            (Answer.NO.value, "No"),
            (Answer.NOT_ASKED.value, "They have not been asked"),
        ],
    )
    because = forms.CharField(
        label="Why?",
        required=False,
        max_length=250,
        help_text="Needed if they are left out, or the family does not agree",
    )
