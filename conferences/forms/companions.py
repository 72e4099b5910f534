"""Forms about how a child or parent is heard: the offer of an advocate, and who can open a child's device."""

from __future__ import annotations

from typing import Any

from django import forms

from conferences.enums import AdvocateAnswer, AdvocateCame, AdvocateReads, WhoOpens
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    Conditional,
    DateInputField,
    GovukForm,
    Item,
    Layout,
    ModelRadiosField,
    RadiosField,
)


class AdvocateOfferForm(GovukForm):
    button = "Save"
    layout = Layout(
        Conditional("answer", {AdvocateAnswer.ACCEPTED: ["provider", "came"]}), "offered_on", "offered_by", "standing"
    )
    answer = RadiosField(
        label="What did they say?", choices=AdvocateAnswer.choices, error_messages={"required": "Choose what they said"}
    )
    provider = forms.CharField(label="Who provides the advocate?", required=False, max_length=200)
    came = RadiosField(
        label="Did the advocate come to the meeting?",
        required=False,
        choices=[("", "Not recorded yet"), *AdvocateCame.choices],
    )
    offered_on = DateInputField(label="When was it offered?", required=False)
    offered_by = forms.CharField(label="Who offered it?", required=False, max_length=200)
    standing = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") and data["answer"] != AdvocateAnswer.UNKNOWN:
            if not data.get("offered_on") and "offered_on" not in self.errors:
                self.add_error("offered_on", "Enter the day on which it was offered")
            if not (data.get("offered_by") or "").strip():
                self.add_error("offered_by", "Enter who offered it")
        return data


class AdvocateReadsForm(GovukForm):
    """Which kinds of paper an advocate may read, as staff write it down."""

    button = "Save what they may read"
    matters = CheckboxesField(
        label="What may the advocate read?",
        required=False,
        help_text="Only what they agree to. Without a tick the advocate reads nothing",
    )
    said_by = ModelRadiosField(
        Person.objects.none(),
        label="Who told you?",
        label_from=lambda person: person.full_name,
        error_messages={"required": "Choose who told you"},
    )
    said_on = DateInputField(
        label="When did they tell you?", error_messages={"required": "Enter the day on which they told you"}
    )
    standing = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, matters: list[AdvocateReads], persons: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matters"].set_choices([(one.value, one.label) for one in matters])
        self.fields["said_by"].queryset = Person.objects.filter(pk__in=[person.pk for person in persons])


class OwnAdvocateForm(GovukForm):
    """The same on the own page of whom the advocate speaks for; one group of boxes for each advocate."""

    button = "Save"

    def __init__(
        self, *args: Any, advocates: list[tuple[int, str]], choices: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.advocates = advocates
        for pk, name in advocates:
            self.fields[f"matters_{pk}"] = CheckboxesField(
                label=f"What may {name} read?", choices=choices, required=False, help_text="Tick none to say no to all."
            )
            self.fields[f"standing_{pk}"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self._adapt()


class DeviceForm(GovukForm):
    button = "Save"
    who_opens = RadiosField(
        label="Who can open the phone, tablet or computer on which they read their e-mail?",
        choices=[
            Item(WhoOpens.CHILD, WhoOpens.CHILD.label, hint="They can have a link of their own"),
            Item(WhoOpens.SHARED, WhoOpens.SHARED.label, hint="No link. It is closed where there is one"),
            Item(WhoOpens.PARENT, WhoOpens.PARENT.label, hint="No link. It is closed where there is one"),
            Item(WhoOpens.UNKNOWN, WhoOpens.UNKNOWN.label, hint="No link until someone knows"),
        ],
        error_messages={"required": "Choose who can open the device"},
    )
    asked_of = forms.CharField(
        label="Who told you?",
        max_length=200,
        help_text="For example, the child, alone at school",
        error_messages={"required": "Say who told you"},
    )
    asked_on = DateInputField(
        label="When did you ask?", error_messages={"required": "Enter the day on which you asked"}
    )
    standing = forms.IntegerField(widget=forms.HiddenInput)
