from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from families.enums import ContactKind, DatePrecision, Disability, Ethnicity, NameKind, PaperFormat, Sex
from families.forms.duplicates import AsksWhetherKnown
from families.forms.fields import made_sure
from families.models import Child, Person
from families.services import PersonFacts
from families.validators import clean_nhs_number, validate_upn
from govuk.forms import (
    Button,
    CheckboxesField,
    DateInputField,
    Details,
    Field,
    Fieldset,
    FormKeyField,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    Row,
    SelectField,
)

FACTS = (
    "given_name",
    "family_name",
    "unnamed_as",
    "sex",
    "birth_date",
    "birth_date_precision",
    "age_disputed",
    "death_date",
    "nhs_number",
    "ethnicity",
    "language",
    "interpreter_needed",
    "access_needs",
    "formats",
    "preferred_channel",
    "circumstances",
)


def who(*more: str) -> tuple[Any, ...]:
    """Return the opening of a form about a person: possible duplicates, then the name."""
    return (
        Include("families/duplicates.html", draws=("somebody_else",)),
        Fieldset(
            Row(Field("given_name", optional=False), Field("family_name", optional=False)),
            "unnamed_as",
            *more,
            legend="Name",
        ),
    )


def birth_and_sex(*more: str, needs_date: bool = False) -> Fieldset:
    """Return the fieldset for date of birth, its precision, and sex."""
    return Fieldset(
        Field("birth_date", optional=False) if needs_date else "birth_date",
        Field("birth_date_precision", optional=False),
        "age_disputed",
        "sex",
        *more,
        legend="Birth and sex",
    )


def _rarely_known(summary: str, taking_part: tuple[Any, ...], record: tuple[Any, ...], *, unfolded: bool) -> Details:
    return Details(
        Fieldset("language", "interpreter_needed", "formats", "access_needs", *taking_part, legend="Taking part"),
        Fieldset(Field("nhs_number", css_class="govuk-input--width-10"), "ethnicity", *record, legend="Record"),
        summary=summary,
        unfolded=unfolded,
    )


def about_child(*, unfolded: bool = False) -> Details:
    """Return the details about a child that are rarely known at once."""
    return _rarely_known(
        "Language, help to take part, NHS number, ethnicity, school number, disabilities",
        (),
        (Field("upn", css_class="govuk-input--width-20"), Field("disabilities", small=True)),
        unfolded=unfolded,
    )


def about_adult(*more: str, unfolded: bool = False) -> Details:
    """Return the details about an adult that are rarely known at once."""
    summary = "Language, help to take part, NHS number, ethnicity"
    return _rarely_known(summary, ("circumstances", *more), (), unfolded=unfolded)


class PersonForm(AsksWhetherKnown):
    """Questions asked about anyone; the forms for children and adults add to it."""

    keeps_draft = True

    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    unnamed_as = forms.CharField(
        label="If you don’t know the name, what do you call them?",
        required=False,
        max_length=100,
        help_text="For example, Robin’s father",
    )
    sex = RadiosField(label="Sex", choices=Sex.choices, inline=True, initial=Sex.UNKNOWN)
    birth_date = DateInputField(label="Date of birth", required=False, help_text="For example, 14 5 2015")
    birth_date_precision = RadiosField(
        label="How sure is this date?",
        choices=[
            Item(DatePrecision.EXACT, "Exact"),
            Item(DatePrecision.ESTIMATED, "Estimated"),
            Item(DatePrecision.UNKNOWN, "Date not known"),
        ],
        inline=True,
        required=False,
    )
    age_disputed = forms.BooleanField(label="Their age is disputed", required=False)
    nhs_number = forms.CharField(
        label="NHS number", required=False, max_length=20, help_text="10 digits, such as 999 000 0018"
    )
    ethnicity = SelectField(
        label="Ethnicity", choices=Ethnicity.choices, required=False, empty_label="Not recorded", initial=""
    )
    language = forms.CharField(label="Preferred language", required=False, max_length=60)
    interpreter_needed = forms.BooleanField(label="They need an interpreter", required=False)
    formats = CheckboxesField(
        label="How do they want papers?",
        choices=PaperFormat.choices,
        required=False,
        help_text="Ask once. Leave it empty if nobody has asked them yet",
    )
    access_needs = LongTextField(
        label="Help they need to take part",
        required=False,
        rows=2,
        help_text="For example, step-free access, a hearing loop, a break every half hour",
    )
    form_key = FormKeyField()

    needs_birth_date = False

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_formats(self) -> list[str] | None:
        chosen: list[str] = self.cleaned_data["formats"]
        if PaperFormat.ORDINARY in chosen and len(chosen) > 1:
            raise ValidationError("Choose ordinary print, or the formats they need, not both")
        return chosen or None

    def clean_nhs_number(self) -> str:
        value = self.cleaned_data["nhs_number"].strip()
        return clean_nhs_number(value) if value else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not any(cleaned.get(name) for name in ("given_name", "family_name", "unnamed_as")) and not (
            {"given_name", "family_name", "unnamed_as"} & set(self.errors)
        ):
            self.add_error("given_name", "Enter a name, or what you call them if you don’t know the name")
        self._clean_birth_date(cleaned)
        self.ask_whether_known(
            given_name=cleaned.get("given_name") or "",
            family_name=cleaned.get("family_name") or cleaned.get("unnamed_as") or "",
            birth_date=cleaned.get("birth_date"),
            nhs_number=cleaned.get("nhs_number") or "",
            email=cleaned.get("email") or "",
        )
        return cleaned

    def _clean_birth_date(self, cleaned: dict[str, Any]) -> None:
        if "birth_date" in self.errors:
            return
        birth_date, precision = cleaned.get("birth_date"), cleaned.get("birth_date_precision")
        if birth_date and birth_date > self.today:
            self.add_error("birth_date", "The date of birth can’t be in the future")
        elif birth_date and precision == DatePrecision.UNKNOWN:
            self.add_error("birth_date_precision", "Choose exact or estimated, or leave the date empty")
        elif not birth_date and self.needs_birth_date:
            self.add_error(
                "birth_date", "Enter a date of birth. If it is not known, enter your best guess and choose “Estimated”"
            )
        elif not birth_date and precision in {DatePrecision.EXACT, DatePrecision.ESTIMATED}:
            self.add_error("birth_date", "Enter the date of birth, or choose “Date not known”")

    def facts(self) -> PersonFacts:
        """Return what was entered, as the services take it."""
        given = {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}
        given["ethnicity"] = given.get("ethnicity") or Ethnicity.NOBT
        given["birth_date_precision"] = given.get("birth_date_precision") or DatePrecision.UNKNOWN
        return PersonFacts(**given)


class AdultForm(PersonForm):
    button = "Save this person"
    other_buttons = (Button("Save and add another adult", look="secondary", name="another"),)
    layout = Layout(
        *who(),
        birth_and_sex(),
        Include("families/ties_of_new_person.html"),
        Fieldset(
            "email",
            "email_is_safe",
            Field("mobile", css_class="govuk-input--width-20"),
            "mobile_is_safe",
            "safe_how",
            "safe_on",
            legend="How to reach them",
        ),
        about_adult(),
    )
    circumstances = forms.CharField(
        label="Circumstances that matter for meetings",
        required=False,
        max_length=200,
        help_text="For example, in prison, or can’t decide about this for themselves",
    )
    email = forms.CharField(label="E-mail address", required=False, max_length=254)
    email_is_safe = forms.BooleanField(label="Safe to write to: no one else reads it", required=False)
    mobile = forms.CharField(label="Mobile phone", required=False, max_length=40)
    mobile_is_safe = forms.BooleanField(label="Safe to call and text", required=False)
    safe_how, safe_on = made_sure()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip()
        if email:
            try:
                validate_email(email)
            except ValidationError as wrong:
                raise ValidationError("Enter an e-mail address like name@example.com") from wrong
        return email

    def contacts(self) -> list[tuple[ContactKind, str, bool]]:
        """Return (kind, value, is safe) for each contact detail entered."""
        entered = (
            (ContactKind.EMAIL, self.cleaned_data["email"], self.cleaned_data["email_is_safe"]),
            (ContactKind.MOBILE, self.cleaned_data["mobile"].strip(), self.cleaned_data["mobile_is_safe"]),
        )
        return [contact for contact in entered if contact[1]]


class ChangesPerson(PersonForm):
    """Edit what is recorded, asking whether the old name should stay findable."""

    button = "Save the details"

    keep_former_name = forms.BooleanField(
        label="If the name changes, keep the old one as a former name",
        required=False,
        initial=True,
        help_text="Searches will still find it. Clear the box if you are only correcting a spelling",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        recorded = {name: getattr(person, name) for name in FACTS}
        if recorded["ethnicity"] == Ethnicity.NOBT:
            recorded["ethnicity"] = ""
        if person.birth_date and person.birth_date_precision == DatePrecision.UNKNOWN:
            recorded["birth_date_precision"] = ""
        kwargs["initial"] = {**recorded, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        del self.fields["somebody_else"], self.fields["form_key"]

    def facts_over(self, person: Person) -> PersonFacts:
        """Return what was entered, with the recorded value for anything the form didn't ask."""
        facts = {name: getattr(person, name) for name in FACTS}
        facts.update({name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data})
        facts["ethnicity"] = facts["ethnicity"] or Ethnicity.NOBT
        facts["birth_date_precision"] = facts["birth_date_precision"] or DatePrecision.UNKNOWN
        return PersonFacts(**facts)


class ChangeAdultForm(ChangesPerson):
    layout = Layout(*who("keep_former_name"), birth_and_sex(), about_adult("preferred_channel", unfolded=True))
    circumstances = forms.CharField(
        label="Circumstances that matter for meetings",
        required=False,
        max_length=200,
        help_text="For example, in prison, or can’t decide about this for themselves",
    )
    preferred_channel = SelectField(
        label="How do they prefer to be reached?",
        choices=ContactKind.choices,
        required=False,
        empty_label="Not recorded",
    )


def without_unknown(form: PersonForm) -> None:
    """Require a child's date of birth to be exact or estimated, as the yearly census does."""
    field = form.fields["birth_date_precision"]
    field.set_choices([(DatePrecision.EXACT, "Exact"), (DatePrecision.ESTIMATED, "Estimated")])  # type: ignore[attr-defined]


class AsksAboutChild(GovukForm):
    """Questions about a child, beyond those about the person."""

    upn = forms.CharField(
        label="Unique pupil number (UPN)", required=False, max_length=20, help_text="One letter and 12 digits"
    )
    disabilities = CheckboxesField(label="Disabilities", choices=Disability.choices, required=False)

    def clean_upn(self) -> str:
        upn: str = "".join(self.cleaned_data["upn"].split()).upper()
        if upn:
            validate_upn(upn)
        return upn

    def clean_disabilities(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["disabilities"]
        if Disability.NONE in chosen and len(chosen) > 1:
            raise ValidationError("Choose either “No disability” or the disabilities, not both")
        return chosen


class ChangeChildForm(AsksAboutChild, ChangesPerson):
    layout = Layout(*who("keep_former_name"), birth_and_sex(needs_date=True), about_child(unfolded=True))

    def __init__(self, *args: Any, child: Child, **kwargs: Any) -> None:
        self.needs_birth_date = not child.is_unborn
        initial = {"upn": child.upn, "disabilities": child.disabilities}
        super().__init__(*args, person=child.person, initial=initial, **kwargs)
        if child.is_unborn:
            for name in ("birth_date", "birth_date_precision", "age_disputed", "upn", "sex"):
                del self.fields[name]
        else:
            without_unknown(self)


class NameForm(GovukForm):
    button = "Save the name"
    kind = RadiosField(label="What kind of name is it?", choices=NameKind.choices)
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    source = forms.CharField(label="Who says so?", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not (cleaned.get("given_name") or cleaned.get("family_name")):
            self.add_error("given_name", "Enter a first or a last name")
        return cleaned
