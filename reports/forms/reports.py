"""Forms for the sections of a report, and the last check before it is submitted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from conferences.selectors.readers import WhoReads
from deadlines.policies import Framework
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    Conditional,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
    VersionField,
)
from meetings.enums import Nature
from reports.models import ReportSection

EVERYBODY = "all"


class SectionForm(GovukForm):
    """One section of a report."""

    keeps_draft = True
    button = "Save the section"
    layout = Layout("heading", "text", Conditional("nature", {Nature.OPINION: ["evidence"]}), "children", "private_to")
    heading = SelectField(label="Under which heading?", error_messages={"required": "Choose a heading"})
    text = LongTextField(
        label="What do you want to say?",
        rows=5,
        error_messages={"required": "Write something, or leave this section out"},
    )
    nature = RadiosField(
        label="Is this a fact or an opinion?",
        choices=[
            Item(Nature.FACT, "Fact", hint="You or your agency saw, heard or measured it"),
            Item(Nature.OPINION, "Opinion", hint="Your view of what it means"),
        ],
        error_messages={"required": "Choose whether this is a fact or an opinion"},
    )
    evidence = LongTextField(label="What is the opinion based on?", rows=3, required=False)
    children = CheckboxesField(
        label="Which children is it about?",
        help_text="The father or mother of one child reads only what is about that child, or about all the children",
        error_messages={"required": "Choose the children this is about"},
    )
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="Does it include someone’s private information?",
        help_text="For example, an adult’s health. No one else in the family will read it",
        label_from=lambda person: person.full_name,
        required=False,
    )
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        framework: Framework,
        rows: list[ConferenceChild],
        readers: dict[int, WhoReads],
        persons: list[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["heading"].set_choices([(row.key, row.label) for row in framework.headings])  # type: ignore[attr-defined]
        names = [Item(str(row.pk), short_name(row), hint=readers[row.pk].in_words) for row in rows]
        everybody = [Item(EVERYBODY, "All the children", divider="or")] if len(rows) > 1 else []
        self.fields["children"].set_choices([*names, *everybody])  # type: ignore[attr-defined]
        if len(rows) == 1 and not self.is_bound:
            self.initial.setdefault("children", [str(rows[0].pk)])
        self.fields["private_to"].queryset = Person.objects.filter(  # type: ignore[attr-defined]
            pk__in=[person.pk for person in persons]
        ).order_by("pk")

    def clean_children(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["children"]
        if EVERYBODY in chosen and len(chosen) > 1:
            raise ValidationError("Choose individual children, or all the children, not both")
        return chosen

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("nature") == Nature.OPINION and not (typed.get("evidence") or "").strip():
            self.add_error("evidence", "Write what this opinion is based on")
        return typed

    def section(self) -> dict[str, Any]:
        """Return the fields as the service takes them."""
        typed = self.cleaned_data
        chosen = typed["children"]
        return {
            "heading": typed["heading"],
            "text": typed["text"],
            "nature": typed["nature"],
            "evidence": typed["evidence"] or "",
            "children": [] if EVERYBODY in chosen else [self.rows[pk] for pk in chosen],
            "private_to": list(typed["private_to"]),
        }


def short_name(row: ConferenceChild) -> str:
    """Return the child's name, capitalised for the start of a line."""
    name = short_name_of(row.child)
    return name[:1].upper() + name[1:]


def section_as_typed(section: ReportSection) -> dict[str, Any]:
    """Return a section as initial values for its form."""
    children = [str(row.pk) for row in section.children.all()]
    return {
        "heading": section.heading,
        "text": section.text,
        "nature": section.nature,
        "evidence": section.evidence,
        "children": children or [EVERYBODY],
        "private_to": [person.pk for person in section.private_to.all()],
        "version": section.version,
    }


class SubmitForm(GovukForm):
    """The last check: why the conference is held (social work), and how the report came in (on behalf)."""

    keeps_draft = True
    button = "Submit the report"
    why_held = LongTextField(
        label="Why is the conference being held?", help_text="The parents will read this", rows=4, required=False
    )
    received_by = forms.CharField(
        label="How did the report come in?",
        help_text="For example: by secure e-mail from the author",
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, asks_why: bool, is_on_behalf: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_why:
            self.fields["why_held"].required = True
            self.fields["why_held"].error_messages["required"] = "Write why the conference is being held"
        else:
            del self.fields["why_held"]
        if is_on_behalf:
            self.fields["received_by"].required = True
            self.fields["received_by"].error_messages["required"] = "Say how the report came in"
        else:
            del self.fields["received_by"]
