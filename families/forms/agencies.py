from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from families.enums import AgencyKind
from families.forms.fields import ChildrenField, PeopleField
from families.models import Agency, Child, Person
from govuk.forms import Button, Field, Fieldset, GovukForm, Layout, LongTextField, ModelSelectField, Row, SelectField


class AgencyForm(GovukForm):
    """An agency, known or new, the professional there, and the children it knows."""

    button = "Save the agency"
    other_buttons = (Button("Save and add another agency", look="secondary", name="another"),)
    layout = Layout(
        Field("agency", size="m", optional=False),
        Fieldset(
            Field("kind", optional=False),
            Field("name", optional=False),
            "address",
            Field("phone", css_class="govuk-input--width-20"),
            legend="If it is not in the list",
        ),
        Fieldset(
            Row(Field("given_name", optional=False), Field("family_name", optional=False)),
            Field("title", optional=False),
            "email",
            Field("work_phone", css_class="govuk-input--width-20"),
            legend="Who works with the children there",
        ),
        Field("children", size="m"),
        "direct_contact",
        Fieldset("confidential", "hidden_from", legend="Who must not find out about it"),
    )

    agency = ModelSelectField(
        Agency.objects.none(),
        label="Agency",
        required=False,
        empty_label="It is not in this list",
        label_from=lambda agency: agency.name,
        group_from=lambda agency: agency.get_kind_display(),
    )
    kind = SelectField(label="What kind of agency is it?", choices=AgencyKind.choices, required=False)
    name = forms.CharField(label="Name of the agency", required=False, max_length=200)
    address = LongTextField(label="Address", required=False, rows=3)
    phone = forms.CharField(label="Phone", required=False, max_length=40)
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    title = forms.CharField(label="Job title", required=False, max_length=120, help_text="For example, Health visitor")
    email = forms.CharField(label="Work e-mail address", required=False, max_length=254)
    work_phone = forms.CharField(label="Work phone", required=False, max_length=40)
    children = ChildrenField(
        label="Which children does it know?", error_messages={"required": "Choose the children the agency knows"}
    )
    direct_contact = forms.BooleanField(
        label="It is in direct contact with them", required=False, initial=True, help_text="Counts for the quorum"
    )
    confidential = forms.BooleanField(
        label="Its name could give away where someone is",
        required=False,
        help_text="The agency, where it is and its people are then left out of what the family gets",
    )
    hidden_from = PeopleField(
        label="Hide it from",
        required=False,
        help_text="Leave all empty to hide it from everyone except the child and those they live with",
    )

    def __init__(
        self,
        *args: Any,
        agencies: Any,
        children: list[Child] | Any,
        people: list[Person] | Any,
        on: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["children"].offer(children, on=on)  # type: ignore[attr-defined]
        self.fields["hidden_from"].offer(people, on=on)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if email:
            try:
                validate_email(email)
            except ValidationError as wrong:
                raise ValidationError("Enter an e-mail address like name@example.com") from wrong
        return email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("agency") and "agency" not in self.errors:
            if not cleaned.get("kind"):
                self.add_error("kind", "Choose an agency from the list, or say what kind the new one is")
            if not cleaned.get("name"):
                self.add_error("name", "Enter the name of the agency")
        if self.names_somebody and not cleaned.get("title"):
            self.add_error("title", "Enter the job title of this professional")
        if cleaned.get("title") and not self.names_somebody and "family_name" not in self.errors:
            self.add_error("family_name", "Enter the name of this professional")
        return cleaned

    @property
    def names_somebody(self) -> bool:
        """Return whether a professional was named."""
        return bool(self.cleaned_data.get("given_name") or self.cleaned_data.get("family_name"))
