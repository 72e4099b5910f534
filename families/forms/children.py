from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from families.enums import LegalStatusKind, PregnancyOutcome, PrimaryNeed, ReferralSource, Sex
from families.forms.duplicates import AsksWhetherKnown
from families.forms.fields import PersonField
from families.forms.people import AsksAboutChild, PersonForm, about_child, birth_and_sex, who, without_unknown
from families.models import Child
from families.services import PersonFacts, ReferralFacts
from families.services.pregnancies import MOST_AT_ONCE
from families.validators import clean_nhs_number
from govuk.forms import (
    HTML,
    Button,
    CheckboxesField,
    DateInputField,
    Field,
    Fieldset,
    FormKeyField,
    GovukForm,
    Include,
    Layout,
    RadiosField,
    Row,
    SelectField,
)


class ChildForm(AsksAboutChild, PersonForm):
    needs_birth_date = True
    button = "Save the child"
    other_buttons = (Button("Save and add another child", look="secondary", name="another"),)
    layout = Layout(
        *who(),
        birth_and_sex(needs_date=True),
        about_child(),
        Fieldset("referred_on", "referral_source", "primary_need", legend="Referral"),
        Fieldset(
            Field("council_child_id", css_class="govuk-input--width-20"),
            Field("previous_plans_elsewhere", css_class="govuk-input--width-2"),
            legend="Reference",
        ),
    )

    council_child_id = forms.CharField(
        label="Council’s child ID",
        required=False,
        max_length=20,
        help_text="Leave empty for the next number. At most 20 letters and digits",
    )
    previous_plans_elsewhere = forms.IntegerField(
        label="Earlier child protection plans held by other councils",
        required=False,
        min_value=0,
        max_value=99,
        error_messages={"invalid": "Enter a number, such as 0 or 2"},
    )
    referred_on = DateInputField(label="Date of referral", required=False)
    referral_source = SelectField(label="Who referred?", choices=ReferralSource.choices, required=False)
    primary_need = SelectField(label="Main need", choices=PrimaryNeed.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without_unknown(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        referred_on = cleaned.get("referred_on")
        if referred_on and referred_on > self.today:
            self.add_error("referred_on", "The date of referral can’t be in the future")
        return cleaned

    def referral(self) -> ReferralFacts | None:
        """Return the episode for the census, where a date was entered."""
        if not self.cleaned_data["referred_on"]:
            return None
        return ReferralFacts(
            referred_on=self.cleaned_data["referred_on"],
            source=self.cleaned_data["referral_source"] or ReferralSource.S10,
            primary_need=self.cleaned_data["primary_need"] or PrimaryNeed.N0,
        )


NEW_MOTHER = (
    Row(Field("mother_given_name", optional=False), Field("mother_family_name", optional=False)),
    "mother_birth_date",
)


def _pregnancy(legend: str) -> Layout:
    return Layout(
        Include("families/duplicates.html", draws=("somebody_else",)),
        Field("mother", size="m", optional=False),
        Fieldset(*NEW_MOTHER, legend=legend),
        Field("expected_on", size="m"),
        Field("number_expected", css_class="govuk-input--width-2"),
        "source",
        HTML(
            '<p class="govuk-body cp-second">Each baby gets a reference now and keeps it after the birth. '
            "The father, if known, is added as an adult.</p>"
        ),
    )


class PregnancyForm(AsksWhetherKnown):
    button = "Save the pregnancy"
    layout = _pregnancy("She is not recorded yet")
    mother = PersonField(label="Who is pregnant?", required=False)
    mother_given_name = forms.CharField(label="Her first name", required=False, max_length=100)
    mother_family_name = forms.CharField(label="Her last name", required=False, max_length=100)
    mother_birth_date = DateInputField(label="Her date of birth", required=False)
    expected_on = DateInputField(label="When is the baby expected?", help_text="For example, 1 4 2027")
    number_expected = forms.IntegerField(
        label="How many babies are expected?",
        initial=1,
        min_value=1,
        max_value=MOST_AT_ONCE,
        error_messages={
            "invalid": f"Enter a number from 1 to {MOST_AT_ONCE}",
            "min_value": f"Enter a number from 1 to {MOST_AT_ONCE}",
            "max_value": f"Enter a number from 1 to {MOST_AT_ONCE}",
        },
    )
    source = forms.CharField(
        label="Who gave this date?",
        required=False,
        max_length=200,
        help_text="For example, the midwife after the scan of 12 November",
    )
    form_key = FormKeyField()

    def __init__(self, *args: Any, women: Any, on: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mother"].offer(women, on=on)  # type: ignore[attr-defined]
        self.asks_for_new = not women.exists()
        if self.asks_for_new:
            del self.fields["mother"]
            self.layout = _pregnancy("Who is pregnant?")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        named = cleaned.get("mother_given_name") or cleaned.get("mother_family_name")
        if not cleaned.get("mother") and not named and not self.errors:
            field = "mother_given_name" if self.asks_for_new else "mother"
            self.add_error(field, "Choose who is pregnant, or enter her name")
        if named and not cleaned.get("mother"):
            self.ask_whether_known(
                given_name=cleaned["mother_given_name"],
                family_name=cleaned["mother_family_name"],
                birth_date=cleaned.get("mother_birth_date"),
            )
        return cleaned

    def new_mother(self) -> PersonFacts:
        """Return the mother as entered, where she was not chosen from the family."""
        return PersonFacts(
            given_name=self.cleaned_data["mother_given_name"],
            family_name=self.cleaned_data["mother_family_name"],
            birth_date=self.cleaned_data["mother_birth_date"],
            sex=Sex.FEMALE,
        )


class ExpectedDateForm(GovukForm):
    button = "Save the expected date"
    expected_on = DateInputField(label="New expected date")
    source = forms.CharField(
        label="Who gave this date?", max_length=200, help_text="For example, the midwife after the scan of 12 November"
    )


class BabyForm(GovukForm):
    """One baby of a birth; ``child`` is the unborn child, or None for an unexpected baby."""

    inside_another = True
    layout = Layout(
        "born",
        Row("given_name", Field("family_name", optional=False)),
        Field("sex", optional=False),
        Field("nhs_number", css_class="govuk-input--width-10"),
    )

    born = forms.BooleanField(label="This baby was born", required=False)
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    sex = RadiosField(label="Sex", choices=Sex.choices, inline=True, required=False, initial=Sex.UNKNOWN)
    nhs_number = forms.CharField(label="NHS number", required=False, max_length=20)

    def __init__(self, *args: Any, child: Child | None, **kwargs: Any) -> None:
        prefix = f"child-{child.pk}" if child else "unexpected"
        super().__init__(*args, prefix=prefix, **kwargs)
        self.child = child
        if child is None:
            self.fields["born"].label = "There was one more baby than expected"
        else:
            self.fields["born"].initial = True
            self.fields["family_name"].initial = child.person.family_name

    def clean_nhs_number(self) -> str:
        value = self.cleaned_data["nhs_number"].strip()
        return clean_nhs_number(value) if value else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("born") and not (cleaned.get("given_name") or cleaned.get("family_name")):
            self.add_error("family_name", "Enter the baby’s last name. The first name can follow later")
        return cleaned

    def facts(self, birth_date: datetime.date) -> PersonFacts:
        """Return the baby as entered; without a first name it is called "Baby" and the last name."""
        given, family = self.cleaned_data["given_name"], self.cleaned_data["family_name"]
        return PersonFacts(
            given_name=given,
            family_name=family,
            unnamed_as="" if given else f"Baby {family}",
            sex=self.cleaned_data["sex"] or Sex.UNKNOWN,
            birth_date=birth_date,
            nhs_number=self.cleaned_data["nhs_number"],
        )


class BirthForm(GovukForm):
    button = "Record the birth"
    layout = Layout(Field("birth_date", size="m"), Include("families/babies.html"))
    birth_date = DateInputField(label="Date of birth")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_birth_date(self) -> datetime.date:
        birth_date: datetime.date = self.cleaned_data["birth_date"]
        if birth_date > self.today:
            raise forms.ValidationError("The date of birth can’t be in the future")
        return birth_date


class PregnancyEndForm(GovukForm):
    button = "Continue"
    children = CheckboxesField(label="For which babies?", choices=[])
    outcome = RadiosField(
        label="How did the pregnancy end?",
        choices=[
            (PregnancyOutcome.STILLBIRTH, "Stillbirth"),
            (PregnancyOutcome.MISCARRIAGE, "Miscarriage"),
            (PregnancyOutcome.TERMINATION, "Termination"),
            (PregnancyOutcome.NOT_PREGNANT, "She was not pregnant"),
        ],
        help_text="Few people read this. Everyone else reads that the pregnancy has ended",
    )
    ended_on = DateInputField(label="When?")
    source = forms.CharField(label="Who told you?", max_length=250)

    def __init__(self, *args: Any, unborn: Sequence[Child], today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unborn, self.today = {str(child.pk): child for child in unborn}, today
        if len(unborn) == 1:
            del self.fields["children"]
        else:
            names = [(pk, child.person.full_name) for pk, child in self.unborn.items()]
            self.fields["children"].choices = names  # type: ignore[attr-defined]

    def clean_ended_on(self) -> datetime.date:
        ended_on: datetime.date = self.cleaned_data["ended_on"]
        if ended_on > self.today:
            raise forms.ValidationError("This day is in the future")
        return ended_on

    def chosen(self) -> list[Child]:
        """Return the babies for whom the pregnancy ended."""
        return [self.unborn[pk] for pk in self.cleaned_data.get("children", self.unborn)]


class LegalStatusForm(GovukForm):
    button = "Save the legal status"
    status = RadiosField(label="Legal status", choices=LegalStatusKind.choices)
    starts_on = DateInputField(label="From what date?")
    source = forms.CharField(
        label="Where is it recorded?", required=False, max_length=200, help_text="For example, the court’s order"
    )
