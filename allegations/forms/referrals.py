"""The forms of a referral to the designated officer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
from allegations.enums import StepKind, Threshold
from allegations.models import ReferralText
from allegations.services.referrals import Allegation
from families.models import Child
from families.selectors.directory import Worker
from govuk.forms import (
    Conditional,
    DateInputField,
    FormKeyField,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
    VersionField,
)
from records.models import Disclosure

SOMEONE_ELSE = "else"


class AllegationForm(GovukForm):
    """About whom, and what they are said to have done. Part of making and of correcting a referral."""

    keeps_draft = True
    about = RadiosField(label="Who is it about?", error_messages={"required": "Choose who it is about"})
    about_name = forms.CharField(label="Name, as far as you know it", max_length=200, required=False)
    job = forms.CharField(
        label="What do they do?", max_length=200, required=False, help_text="For example, teacher, or foster carer"
    )
    agency_name = forms.CharField(label="Where do they work?", max_length=200, required=False)
    threshold = RadiosField(label="What are they said to have done?", choices=Threshold.choices)
    what = LongTextField(
        label="What happened?", rows=5, help_text="Facts, who saw or heard it, and the child’s own words"
    )
    happened = forms.CharField(label="When did it happen?", max_length=200, help_text="As far as you know")
    who_was_told = LongTextField(
        label="Who else was told, and what was done to keep children safe?",
        rows=3,
        required=False,
        help_text="Do not tell the person it is about, or where they work, before the designated officer says so",
    )

    def __init__(self, *args: Any, workers: Sequence[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workers = {worker.key: worker for worker in workers}
        known = [Item(key, worker.words) for key, worker in self.workers.items()]
        other = Item(SOMEONE_ELSE, "Someone else", divider="or" if known else "")
        self.fields["about"].set_choices([*known, other])  # type: ignore[attr-defined]
        if not known:
            self.initial.setdefault("about", SOMEONE_ELSE)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("about") == SOMEONE_ELSE and not (cleaned.get("about_name") or "").strip():
            self.add_error("about_name", "Write the name down, or say how you would know them")
        return cleaned

    def allegation(self) -> Allegation:
        """Return what is said, as the services take it."""
        data = self.cleaned_data
        said = {name: data[name] for name in ("threshold", "what", "happened", "who_was_told")}
        worker = self.workers.get(data["about"])
        if worker is None:
            written = {name: data[name] for name in ("about_name", "job", "agency_name")}
            return Allegation(**written, **said)
        if worker.post is not None:
            post = worker.post
            return Allegation(about_person=post.person, job=post.title, agency=post.agency, **said)
        return Allegation(about_user=worker.user, job=worker.user.job_title if worker.user else "", **said)

    def known(self, text: ReferralText) -> dict[str, Any]:
        """Return what a referral says, for the form to start with."""
        names = ("about_name", "job", "agency_name", "threshold", "what", "happened", "who_was_told")
        found = {name: getattr(text, name) for name in names}
        about = next((key for key, worker in self.workers.items() if _is(worker, text)), SOMEONE_ELSE)
        if about == SOMEONE_ELSE:
            found |= {"about_name": text.about, "agency_name": text.works_at}
        return {**found, "about": about}


def _is(worker: Worker, text: ReferralText) -> bool:
    if worker.post is not None:
        return (worker.post.person_id, worker.post.agency_id) == (text.about_person_id, text.agency_id)
    return worker.user is not None and worker.user.pk == text.about_user_id


ABOUT = Conditional("about", {SOMEONE_ELSE: ["about_name", "job", "agency_name"]})


class ReferForm(AllegationForm):
    button = "Refer to the designated officer"
    layout = Layout(
        ABOUT, "child", "threshold", "what", "happened", "known_on", "who_was_told", "told_manager", "form_key"
    )
    child = RadiosField(label="Which child does it concern?", error_messages={"required": "Choose the child"})
    known_on = DateInputField(label="On which day did you, or your team, learn of it?")
    told_manager = SelectField(
        label="Which manager have you told?",
        required=False,
        empty_label="No one yet",
        help_text="That manager can then read this referral. Choose no one whom it is about",
    )
    form_key = FormKeyField()

    def __init__(self, *args: Any, children: Sequence[Child], managers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {str(row.pk): row for row in children}
        self.managers = {str(row.pk): row for row in managers}
        self.fields["child"].set_choices([(key, row.person.full_name) for key, row in self.children.items()])  # type: ignore[attr-defined]
        self.fields["told_manager"].set_choices([(key, row.name) for key, row in self.managers.items()])  # type: ignore[attr-defined]

    def clean_child(self) -> Child:
        return self.children[self.cleaned_data["child"]]

    def clean_told_manager(self) -> User | None:
        return self.managers.get(self.cleaned_data["told_manager"])


class CorrectForm(AllegationForm):
    button = "Save the correction"
    layout = Layout(ABOUT, "threshold", "what", "happened", "who_was_told", "because", "version")
    because = LongTextField(
        label="Why is it corrected?", rows=2, help_text="The earlier words stay beside the new ones"
    )
    version = VersionField()


class StepForm(GovukForm):
    keeps_draft = True
    button = "Save"
    kind = RadiosField(label="What came of it?", choices=StepKind.choices)
    on = DateInputField(label="On what day?")
    note = LongTextField(label="What was found or agreed, and by whom?", rows=4)


class BundleForm(GovukForm):
    keeps_draft = True
    button = "Put it into the bundle"
    disclosure = RadiosField(label="Into which bundle?", error_messages={"required": "Choose the bundle"})
    because = LongTextField(label="Why does it go in?", rows=3)

    def __init__(self, *args: Any, disclosures: Sequence[Disclosure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.disclosures = {str(row.pk): row for row in disclosures}
        self.fields["disclosure"].set_choices(  # type: ignore[attr-defined]
            [(key, f"{row.reference}, for {row.recipient}") for key, row in self.disclosures.items()]
        )

    def clean_disclosure(self) -> Disclosure:
        return self.disclosures[self.cleaned_data["disclosure"]]
