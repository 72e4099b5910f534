"""Forms for guests' answers and requests, and for staff managing their links and deputies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from conferences.childs_words import ChildsWords
from conferences.enums import BEFOREHAND, Need, Reply
from conferences.models import Deputy
from families.forms.workers import ASKED, OFFERED, EntersWorker
from families.models import Agency
from families.services import TYPED, EnteredWorker
from govuk.forms import CheckboxesField, Field, Fieldset, GovukForm, Item, Layout, LongTextField, RadiosField, Row

A_DEPUTY_COMES = Item(Reply.DEPUTY, "No, a deputy is coming", hint="You’ll name them on the next page")
OF_AN_AGENCY = (
    Item(Reply.COMING, "Yes, in the room"),
    Item(Reply.ONLINE, "Yes, online"),
    A_DEPUTY_COMES,
    Item(Reply.REPORT_ONLY, "No, but I’ll send a report"),
    Item(Reply.NOT_COMING, "No"),
)
OF_THE_FAMILY = (
    Item(Reply.COMING, "Yes, I will be there"),
    Item(Reply.ONLINE, "Yes, on a screen"),
    Item(Reply.NOT_COMING, "No, I can’t come", hint="We’ll ring you. You can still say what you think."),
)


class GuestAnswerForm(GovukForm):
    button = "Send my answer"
    reply = RadiosField(
        label="Are you coming?", error_messages={"required": "Choose whether you are coming"}, choices=OF_AN_AGENCY
    )

    def __init__(
        self, *args: Any, is_professional: bool, sends_deputy: bool, say: ChildsWords | None = None, **kwargs: Any
    ) -> None:
        """``say`` has the words for a child."""
        super().__init__(*args, **kwargs)
        choices: tuple[Item, ...] = OF_AN_AGENCY if is_professional else OF_THE_FAMILY
        if say is not None:
            choices = tuple(Item(key, text) for key, text in say.replies.items())
        if not sends_deputy:
            choices = tuple(item for item in choices if item is not A_DEPUTY_COMES)
        self.fields["reply"] = RadiosField(
            label=say.answer_heading if say else "Are you coming?",
            error_messages={"required": "Choose whether you are coming"},
            choices=list(choices),
        )
        self._adapt()


class GuestAsksForm(GovukForm):
    button = "Send"
    needs = CheckboxesField(
        label="What do you need?", choices=[(need.value, need.label) for need in BEFOREHAND], required=False
    )
    text = LongTextField(
        label="Tell us more",
        required=False,
        rows=5,
        max_length=2000,
        help_text="Say which language you need, or the name of the person you don’t want to be in a room with",
    )

    def __init__(
        self, *args: Any, needs: Sequence[Need] = BEFOREHAND, say: ChildsWords | None = None, **kwargs: Any
    ) -> None:
        """``say`` has the words for a child, and what a child is offered of ``needs``."""
        super().__init__(*args, **kwargs)
        if say is not None:
            words = say.needs_afterwards if Need.WRONG in needs else say.needs
            self.fields["needs"].label = say.asking_label
            self.fields["needs"].choices = [(need, words[need]) for need in needs if need in words]
            self.fields["text"].label, self.fields["text"].help_text = say.tell_more, say.tell_more_hint
            return
        self.fields["needs"].choices = [(need.value, need.label) for need in needs]
        if Need.WRONG in needs:
            self.fields["text"].help_text = "Say which paper you mean, and what is wrong. Your own words will do."


class NameDeputyForm(GovukForm):
    button = "Name the deputy"
    given_name = forms.CharField(
        label="First name", max_length=100, error_messages={"required": "Enter the deputy’s first name"}
    )
    family_name = forms.CharField(
        label="Last name", max_length=100, error_messages={"required": "Enter the deputy’s last name"}
    )
    title = forms.CharField(
        label="Job title", max_length=120, error_messages={"required": "Enter the deputy’s job title"}
    )
    email = forms.EmailField(
        label="Their own work e-mail address",
        help_text="Not a shared mailbox",
        error_messages={
            "required": "Enter the deputy’s own work e-mail address",
            "invalid": "Enter the deputy’s own work e-mail address, like name@agency.example",
        },
    )


class NameKnownDeputyForm(EntersWorker):
    """The same for staff: the agency's own people are offered, and whoever is typed in is asked about."""

    button = "Name the deputy"
    layout = Layout(
        ASKED,
        OFFERED,
        Fieldset(
            Row(Field("given_name", optional=False), Field("family_name", optional=False)),
            Field("title", optional=False),
            Field("email", optional=False),
            legend="If they are not in the list",
        ),
    )
    given_name = forms.CharField(label="First name", required=False, max_length=100)
    family_name = forms.CharField(label="Last name", required=False, max_length=100)
    title = forms.CharField(label="Job title", required=False, max_length=120)
    email = forms.EmailField(
        label="Their own work e-mail address",
        required=False,
        help_text="Not a shared mailbox",
        error_messages={"invalid": "Enter the deputy’s own work e-mail address, like name@agency.example"},
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("worker"):
            for name, message in DEPUTY_NEEDS.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, message)
        elif not data.get("email") and not data["worker"].post.email and "email" not in self.errors:
            self.add_error("email", DEPUTY_NEEDS["email"])
        self.ask_about_worker(self.entered, agency=self.agency)
        return data

    @property
    def entered(self) -> EnteredWorker:
        """Return what was typed about the deputy."""
        names = ("given_name", "family_name", "title", "email")
        return EnteredWorker(**{name: self.cleaned_data.get(name) or "" for name in names})

    def named(self) -> dict[str, str]:
        """Return who is named: what was typed, filled in from the directory where someone is known."""
        typed, post = self.entered, self.same_as
        facts = {name: getattr(typed, name) for name in ("given_name", "family_name", "title", "email")}
        if post is not None:
            recorded = {"title": post.title, "email": post.email}
            facts |= {name: value for name, value in recorded.items() if self.use.get(name) != TYPED and value}
            facts |= {"given_name": post.person.given_name, "family_name": post.person.family_name}
        return facts


DEPUTY_NEEDS = {
    "given_name": "Enter the deputy’s first name",
    "family_name": "Enter the deputy’s last name",
    "title": "Enter the deputy’s job title",
    "email": "Enter the deputy’s own work e-mail address",
}


class ConfirmDeputyForm(EntersWorker):
    """Lets in a deputy, once it is settled whether they are someone of the agency whom we know."""

    button = "Confirm and send the link"
    layout = Layout(ASKED, OFFERED, "how_confirmed")
    how_confirmed = forms.CharField(
        label="How did you check who this is?",
        help_text="For example: I rang the school’s main number and spoke to the head teacher",
        max_length=250,
        error_messages={"required": "Say how you checked who this is"},
    )

    def __init__(self, *args: Any, deputy: Deputy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deputy = deputy

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.ask_about_worker(self.entered, agency=self.deputy.participant.agency)
        return data

    @property
    def entered(self) -> EnteredWorker:
        """Return who was named."""
        names = ("given_name", "family_name", "title", "email")
        return EnteredWorker(**{name: getattr(self.deputy, name) for name in names})
