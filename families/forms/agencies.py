from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from families.enums import AgencyKind
from families.forms.fields import ChildrenField, PeopleField
from families.models import Agency, Child, Person, Post
from families.selectors import likely_posts
from families.selectors.search import fold
from govuk.forms import (
    Button,
    Field,
    Fieldset,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    ModelSelectField,
    RadiosField,
    Row,
    SelectField,
)

SOMEONE_ELSE = "someone_else"


class LikelyPostField(RadiosField):
    """One of the posts found while the form is cleaned; until then no choice is known."""

    def valid_value(self, value: Any) -> bool:
        return bool(value)


class AgencyForm(GovukForm):
    """An agency, known or new, the professional there, and the children it knows."""

    button = "Save the agency"
    other_buttons = (Button("Save and add another agency", look="secondary", name="another"),)
    drawn_on_demand = frozenset({"known_post"})
    layout = Layout(
        Include("families/likely_posts.html", draws=("known_post",)),
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
    known_post = LikelyPostField(label="Is this professional one of these?", required=False)
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
        self.on = on
        self.likely_posts: list[Post] = []
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
        if cleaned.get("agency") and self.names_somebody and not self.errors:
            self._ask_whether_known(cleaned, cleaned["agency"])
        return cleaned

    def _ask_whether_known(self, cleaned: dict[str, Any], agency: Agency) -> None:
        name = {part: cleaned[part] for part in ("given_name", "family_name")}
        found = likely_posts(agency, **name, email=cleaned["email"], on=self.on)
        same = (fold(name["given_name"]), fold(name["family_name"]), fold(cleaned["title"]))
        if any(same == (fold(row.person.given_name), fold(row.person.family_name), fold(row.title)) for row in found):
            return
        self.likely_posts = found
        items = [Item(str(row.pk), f"{row.person.full_name}, {row.title}", hint=row.email) for row in found]
        self.fields["known_post"].set_choices([*items, Item(SOMEONE_ELSE, "No, someone else", divider="or")])  # type: ignore[attr-defined]
        chosen = self.data.get(self.add_prefix("known_post"), "")
        if found and chosen not in {SOMEONE_ELSE, *(item.value for item in items)}:
            self.add_error("known_post", "We may already know this professional. Choose who it is, or someone else")
        cleaned["known_post"] = next((row for row in found if str(row.pk) == chosen), None)

    @property
    def names_somebody(self) -> bool:
        """Return whether a professional was named."""
        return bool(self.cleaned_data.get("given_name") or self.cleaned_data.get("family_name"))
