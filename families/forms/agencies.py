from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from families.enums import AgencyKind
from families.forms.fields import ChildrenField, PeopleField
from families.forms.workers import ASKED, FACTS, OFFERED, EntersWorker, which
from families.models import Agency, Child, Person
from families.selectors import likely_agencies
from families.services import TYPED, EnteredWorker
from govuk.forms import (
    Button,
    Field,
    Fieldset,
    GovukForm,
    Include,
    Layout,
    LongTextField,
    ModelSelectField,
    Row,
    SelectField,
    VersionField,
)

# What is asked, in which field it was typed, and what it is called.
AGENCY_FACTS = (("address", "address", "address"), ("agency_phone", "phone", "phone number of the agency"))


WHICH_AGENCY = (
    Include("families/likely_agencies.html", draws=("another_agency",)),
    Include(ASKED.template_name, draws=(*ASKED.draws, "use_address", "use_agency_phone")),
    Field("agency", size="m", optional=False),
    Fieldset(
        Field("kind", optional=False),
        Field("name", optional=False),
        "address",
        Field("phone", css_class="govuk-input--width-20"),
        legend="If it is not in the list",
    ),
)
PROFESSIONAL = (
    Row(Field("given_name", optional=False), Field("family_name", optional=False)),
    Field("title", optional=False),
    "email",
    Field("work_phone", css_class="govuk-input--width-20"),
)
WHO_IS_THERE = (Fieldset(OFFERED, *PROFESSIONAL, legend="Who works with the children there"),)


class AgencyForm(EntersWorker):
    """An agency, known or new, the professional there, and the children it knows."""

    button = "Save the agency"
    other_buttons = (Button("Save and add another agency", look="secondary", name="another"),)
    drawn_on_demand = EntersWorker.drawn_on_demand | {"another_agency", "use_address", "use_agency_phone"}
    layout = Layout(
        *WHICH_AGENCY,
        *WHO_IS_THERE,
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
    use_address, use_agency_phone = which(), which()
    another_agency = forms.BooleanField(label="This is another agency", required=False)
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
        self.agencies = agencies
        self.likely_agencies: list[Agency] = []
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
        worker = cleaned.get("worker")
        if worker and not cleaned.get("agency") and not cleaned.get("name") and worker.post:
            cleaned["agency"] = worker.post.agency
        if not cleaned.get("agency") and "agency" not in self.errors and not (worker and worker.user):
            if not cleaned.get("kind"):
                self.add_error("kind", "Choose an agency from the list, or say what kind the new one is")
            if not cleaned.get("name"):
                self.add_error("name", "Enter the name of the agency")
        entered = self.entered
        elsewhere = worker and worker.post and (not cleaned.get("agency") or cleaned["agency"] != worker.post.agency)
        if ((entered.is_named and not worker) or elsewhere) and not cleaned.get("title"):
            self.add_error("title", "Enter the job title of this professional")
        if cleaned.get("title") and not entered.is_named and not worker and "family_name" not in self.errors:
            self.add_error("family_name", "Enter the name of this professional")
        known = cleaned.get("agency") or self._agency_of_that_name(cleaned)
        if known is None and cleaned.get("name") and not self.errors:
            self._ask_whether_known(cleaned)
        if worker or entered.is_named:
            self.ask_about_worker(entered, agency=known)
        if known:
            cleaned["agency"] = known
            self._ask_about_agency(cleaned, known)
        return cleaned

    def _ask_whether_known(self, cleaned: dict[str, Any]) -> None:
        self.likely_agencies = likely_agencies(self.agencies, kind=cleaned["kind"], name=cleaned["name"])
        if self.likely_agencies and not cleaned.get("another_agency"):
            self.add_error(
                "another_agency",
                "We may already know this agency. Choose it from the list of agencies, or tick the box if this is "
                "another one",
            )

    def _agency_of_that_name(self, cleaned: dict[str, Any]) -> Agency | None:
        name = " ".join((cleaned.get("name") or "").split())
        found: Agency | None = self.agencies.filter(kind=cleaned.get("kind") or "", name__iexact=name).first()
        return found if name else None

    def _ask_about_agency(self, cleaned: dict[str, Any], agency: Agency) -> None:
        if set(self.errors) - {f"use_{fact}" for fact in FACTS}:
            return
        for fact, field, called in (
            ("address", "address", "address"),
            ("agency_phone", "phone", "phone number of the agency"),
        ):
            typed, recorded = (cleaned.get(field) or "").strip(), getattr(agency, field)
            if typed and recorded and typed != recorded:
                self.ask_which(fact, called, recorded, typed)

    @property
    def entered(self) -> EnteredWorker:
        """Return what was typed about the professional."""
        typed = self.cleaned_data
        return EnteredWorker(
            given_name=typed.get("given_name") or "",
            family_name=typed.get("family_name") or "",
            title=typed.get("title") or "",
            email=typed.get("email") or "",
            phone=typed.get("work_phone") or "",
        )

    def agency_words(self) -> dict[str, str]:
        """Return the typed address and phone number of the agency where they fill a gap or were chosen."""
        agency = self.cleaned_data["agency"]
        typed = {"address": self.cleaned_data["address"], "phone": self.cleaned_data["phone"]}
        asked = {"address": "address", "phone": "agency_phone"}
        return {
            name: value
            for name, value in typed.items()
            if value.strip() and (not agency or not getattr(agency, name) or self.use.get(asked[name]) == TYPED)
        }


class DirectoryForm(AgencyForm):
    """An agency for the council's directory, and someone who works there; no child is named."""

    button = "Save to the directory"
    other_buttons = (Button("Save and add another", look="secondary", name="another"),)
    layout = Layout(*WHICH_AGENCY, Fieldset(OFFERED, *PROFESSIONAL, legend="Who works there"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, children=Child.objects.none(), people=Person.objects.none(), **kwargs)
        for name in ("children", "direct_contact", "confidential", "hidden_from"):
            del self.fields[name]


class KeepAgencyForm(GovukForm):
    """Where an agency is and how to ring it."""

    keeps_draft = True
    button = "Save the details"
    address = LongTextField(label="Address", required=False, rows=3)
    phone = forms.CharField(label="Phone", required=False, max_length=40)
    because = forms.CharField(
        label="Who told you, and how did you make sure?",
        max_length=250,
        error_messages={"required": "Say who told you, and how you made sure"},
    )
    version = VersionField()

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        recorded = {name: getattr(agency, name) for name in ("address", "phone", "version")}
        super().__init__(*args, initial=recorded, **kwargs)


class EndAgencyForm(GovukForm):
    """Why an agency leaves the directory."""

    keeps_draft = True
    button = Button("Take it out of the directory", look="warning")
    because = forms.CharField(
        label="Why does it leave the directory, and who told you?",
        max_length=250,
        error_messages={"required": "Say why it leaves the directory, and who told you"},
    )
    version = VersionField()

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": agency.version}, **kwargs)
