"""The forms of an ending without a conference: who was asked, and what makes each ground certain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.models import Agency
from govuk.forms import DateInputField, GovukForm, LongTextField, RadiosField, SelectField, YesNoField
from plans.enums import WhatAgencySaid, WhereChildIs
from plans.services.endings import Accepted, GrownUp, LeftTheCountry, LookedAfter


class AgencyAskedForm(GovukForm):
    """Whom we asked at an agency, when, and what they said."""

    keeps_draft = True
    button = "Save what they said"
    agency = SelectField(label="Which agency?")
    whom = forms.CharField(label="Whom did you ask?", max_length=200, help_text="Name and job")
    asked_on = DateInputField(label="When?")
    answer = RadiosField(label="What do they think of ending the plan?", choices=WhatAgencySaid.choices)
    said = LongTextField(label="What did they say?", rows=3, help_text="If they have not answered, how you tried")

    def __init__(self, *args: Any, agencies: Sequence[tuple[Agency, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency, _ in agencies}
        self.fields["agency"].set_choices([(str(agency.pk), name) for agency, name in agencies])  # type: ignore[attr-defined]

    def clean_agency(self) -> Agency:
        return self.agencies[self.cleaned_data["agency"]]


class LeftTheCountryForm(GovukForm):
    keeps_draft = True
    button = "Continue"
    where_is = RadiosField(label="What is known of the child?", choices=WhereChildIs.choices)
    where_to = forms.CharField(label="Which country?", max_length=200)
    happened_on = DateInputField(label="When did the child leave?")
    confirmed_by = forms.CharField(
        label="Who confirmed it, other than the family?",
        max_length=250,
        help_text="For example, the school there or the embassy, with a name and a number to ring",
    )
    confirmed_on = DateInputField(label="When did they confirm it?")
    told_whom = forms.CharField(
        label="Who was told there?", max_length=250, help_text="The authority that protects children"
    )
    told_on = DateInputField(label="When were they told?")

    def facts(self) -> LeftTheCountry:
        """Return what was established, as the service takes it."""
        return LeftTheCountry(**self.cleaned_data)


class MovedForm(GovukForm):
    keeps_draft = True
    button = "Continue"
    for_good = YesNoField(label="Has the child moved for good?", no="No, or it is not certain")
    where_to = forms.CharField(label="Which council has taken responsibility?", max_length=200)
    conference_on = DateInputField(label="When did it hold its conference?")
    responsible_from = DateInputField(label="From which day did it take responsibility, in writing?")
    letter_kept = forms.CharField(
        label="Where is its letter kept?", max_length=250, help_text="The file or reference under which anyone finds it"
    )

    def facts(self) -> Accepted:
        """Return what was established, as the service takes it."""
        return Accepted(**self.cleaned_data)


class LookedAfterForm(GovukForm):
    keeps_draft = True
    button = "Continue"
    placement_order = forms.CharField(
        label="Which placement order?", max_length=250, help_text="The court, and its reference"
    )
    placement_on = DateInputField(label="When was it made?")
    joint_review_on = DateInputField(
        label="When was the joint review held?",
        help_text="The review of the plan together with the review of looked-after children",
    )
    joint_review_said = LongTextField(
        label="What did it say about ending the plan?", rows=3, help_text="Who was there, and what keeps the child safe"
    )

    def facts(self) -> LookedAfter:
        """Return what was established, as the service takes it."""
        return LookedAfter(**self.cleaned_data)


class EighteenForm(GovukForm):
    keeps_draft = True
    button = "Continue"
    adult_services = LongTextField(
        label="What did adult services say?", rows=3, help_text="Who was asked, when, and what goes on from now"
    )
    contact_wishes = LongTextField(
        label="What does the young person say about contact?",
        rows=3,
        help_text="Who may still be told what: it is theirs to decide from the birthday on",
    )

    def facts(self) -> GrownUp:
        """Return what was established, as the service takes it."""
        return GrownUp(**self.cleaned_data)
