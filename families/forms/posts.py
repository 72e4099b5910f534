from __future__ import annotations

import datetime
from typing import Any

from django import forms

from families.forms.workers import ASKED, OFFERED, EntersWorker, OffersDirectory
from families.models import Agency, Post
from families.services import EnteredWorker
from govuk.forms import (
    Button,
    DateInputField,
    Div,
    Field,
    Fieldset,
    GovukForm,
    Layout,
    LongTextField,
    ModelSelectField,
    Row,
    VersionField,
)

DETAILS = ("title", "email", "phone")


class FindWorkerForm(GovukForm):
    """Search of the directory. Posted, so that no name appears in a URL."""

    button: str | Button = "Find"
    answers_with_a_page = True
    marks_optional = False
    layout = Layout(Div("q"))
    q = forms.CharField(label="Part of a name, a job title or an agency", required=False, max_length=100)


class ChangePostForm(GovukForm):
    """What is recorded about a worker's post."""

    keeps_draft = True
    button = "Save the details"
    layout = Layout(
        "agency",
        "title",
        "email",
        Field("phone", css_class="govuk-input--width-20"),
        "is_named_lead",
        "because",
        "version",
    )
    agency = ModelSelectField(
        Agency.objects.none(),
        label="Agency",
        label_from=lambda agency: agency.name,
        group_from=lambda agency: agency.get_kind_display(),
    )
    title = forms.CharField(label="Job title", max_length=120)
    email = forms.EmailField(
        label="Work e-mail address",
        required=False,
        help_text="Invitations still to come and minutes go to the new address. Nothing more goes to the old one, and "
        "the link at the old one closes",
        error_messages={"invalid": "Enter an e-mail address like name@example.com"},
    )
    phone = forms.CharField(label="Work phone", required=False, max_length=40)
    is_named_lead = forms.BooleanField(
        label="They are the agency’s named lead for child protection",
        help_text="A lead is reminded, by reference alone, of reports that their agency owes",
        required=False,
    )
    because = forms.CharField(
        label="Who told you, and how did you make sure?",
        max_length=250,
        help_text="For example: the school’s office, when I rang its main number",
        error_messages={"required": "Say who told you, and how you made sure"},
    )
    version = VersionField()

    def __init__(self, *args: Any, post: Post, agencies: Any, **kwargs: Any) -> None:
        recorded = {name: getattr(post, name) for name in DETAILS}
        kwargs["initial"] = {
            **recorded,
            "agency": post.agency_id,
            "is_named_lead": post.is_named_lead,
            "version": post.version,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies | Agency.objects.filter(pk=post.agency_id)


class EndPostForm(OffersDirectory):
    """When and why someone leaves a post, and who takes over."""

    keeps_draft = True
    button = "End the post"
    layout = Layout("on", "because", OFFERED, "version")
    on = DateInputField(
        label="First day they are no longer there",
        help_text="It can be a day in the future. Whatever falls on or after it is taken off them today",
        error_messages={"required": "Enter the first day they are no longer there"},
    )
    because = forms.CharField(
        label="Why do they leave, and who told you?",
        max_length=250,
        error_messages={"required": "Say why they leave, and who told you"},
    )
    version = VersionField()

    def __init__(self, *args: Any, post: Post, today: datetime.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": post.version, "on": today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        field = self.fields["worker"]
        field.label = "Who takes over?"
        field.empty_label = "Not known yet"  # type: ignore[attr-defined]
        field.help_text = "Everything below goes to them. If you do not know yet, each case’s page asks who takes over"
        field.choices = [("", "Not known yet"), *(pair for pair in field.choices if pair[0] != "")]  # type: ignore[attr-defined]


class TakeOverForm(EntersWorker):
    """Who takes over one piece of work, chosen or entered at the same agency, or why nobody is needed."""

    keeps_draft = True
    button = "Save who takes over"
    layout = Layout(
        ASKED,
        OFFERED,
        Fieldset(
            Row("given_name", "family_name"),
            "title",
            "email",
            Field("work_phone", css_class="govuk-input--width-20"),
            legend="Or someone new at the same agency",
        ),
        "because",
    )
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    title = forms.CharField(label="Job title", required=False, max_length=120)
    email = forms.EmailField(label="Work e-mail address", required=False)
    work_phone = forms.CharField(label="Work phone", required=False, max_length=40)
    because = LongTextField(label="Or why is no one needed?", required=False, rows=2, max_length=250)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.fields["worker"].label = "Who takes over?"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        entered = self.entered
        if self.errors:
            return data
        said = [bool(data.get("worker")), entered.is_named, bool((data.get("because") or "").strip())]
        if said.count(True) != 1:
            self.add_error("worker", "Choose who takes over, enter someone new, or say why no one is needed: one only")
        elif entered.is_named and not entered.title.strip():
            self.add_error("title", "Enter their job title")
        elif not entered.is_named and (entered.title or entered.email or entered.phone):
            self.add_error("family_name", "Enter the name of who takes over")
        elif entered.is_named:
            self.ask_about_worker(entered, agency=self.agency)
        return data

    @property
    def entered(self) -> EnteredWorker:
        """Return what was typed about someone new."""
        data = self.cleaned_data
        return EnteredWorker(
            given_name=data.get("given_name") or "",
            family_name=data.get("family_name") or "",
            title=data.get("title") or "",
            email=data.get("email") or "",
            phone=data.get("work_phone") or "",
        )
