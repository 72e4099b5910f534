"""What people type about papers."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from conferences.enums import Nature
from conferences.models import ConferenceChild
from conferences.selectors.children import short_name_of
from deadlines.arithmetic import LONDON
from deadlines.policies import Framework
from families.models import Person
from govuk.forms import (
    CheckboxesField,
    DateInputField,
    GovukForm,
    Item,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
    TimeField,
    VersionField,
)
from reports.enums import Channel, ManagerAnswer, SharingManner, SharingOutcome
from reports.models import Report, ReportSection
from reports.services.sharing import KEPT_BACK
from reports.uploads.kinds import KINDS, MAX_BYTES, MEGABYTE, TAKEN_IN_WORDS

EVERYBODY = "all"


def at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """A moment on the clock in London."""
    return datetime.datetime.combine(day, time, tzinfo=LONDON)


class SectionForm(GovukForm):
    """One section of a report."""

    keeps_draft = True
    reveals = {"nature": {Nature.OPINION: ["evidence"]}}
    heading = SelectField(label="Under which heading?", error_messages={"required": "Choose a heading"})
    text = LongTextField(
        label="What do you want to say?",
        rows=5,
        error_messages={"required": "Write something, or leave this section out"},
    )
    nature = RadiosField(
        label="Is this a fact or an opinion?",
        choices=[
            Item(Nature.FACT, "Fact", hint="You or your agency saw it, heard it or measured it"),
            Item(Nature.OPINION, "Opinion", hint="What you make of it"),
        ],
        error_messages={"required": "Choose whether this is a fact or an opinion"},
    )
    evidence = LongTextField(label="What is the opinion based on?", rows=3, required=False)
    children = CheckboxesField(
        label="Which children is it about?",
        help_text="A father or mother of one child reads only what is about that child alone or about all of them",
        error_messages={"required": "Choose the children whom this is about"},
    )
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="Does it hold somebody’s private information?",
        help_text="For example an adult’s health. No other member of the family reads it then",
        label_from=lambda person: person.full_name,
        required=False,
    )
    version = VersionField()

    def __init__(
        self,
        *args: Any,
        framework: Framework,
        rows: list[ConferenceChild],
        persons: list[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["heading"].set_choices([(row.key, row.label) for row in framework.headings])  # type: ignore[attr-defined]
        names = [Item(str(row.pk), _name(row)) for row in rows]
        everybody = [Item(EVERYBODY, "All of them together", divider="or")] if len(rows) > 1 else []
        self.fields["children"].set_choices([*names, *everybody])  # type: ignore[attr-defined]
        if len(rows) == 1 and not self.is_bound:
            self.initial.setdefault("children", [str(rows[0].pk)])
        self.fields["private_to"].queryset = Person.objects.filter(  # type: ignore[attr-defined]
            pk__in=[person.pk for person in persons]
        ).order_by("pk")

    def clean_children(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["children"]
        if EVERYBODY in chosen and len(chosen) > 1:
            raise ValidationError("Choose single children, or all of them together, not both")
        return chosen

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("nature") == Nature.OPINION and not (typed.get("evidence") or "").strip():
            self.add_error("evidence", "Write what this opinion is based on")
        return typed

    def section(self) -> dict[str, Any]:
        """The fields as the service takes them."""
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


def _name(row: ConferenceChild) -> str:
    name = short_name_of(row.child)
    return name[:1].upper() + name[1:]


def section_as_typed(section: ReportSection) -> dict[str, Any]:
    """A section as its form shows it."""
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


class FileForm(GovukForm):
    """A file as an agency sent it, and the children it is about."""

    file = forms.FileField(
        label="Which file?",
        help_text=f"Up to {MAX_BYTES // MEGABYTE} MB: {TAKEN_IN_WORDS}",
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Choose a file", "invalid": "Choose a file"},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind.suffix}" for kind in KINDS.values())}),
    )
    children = CheckboxesField(
        label="Which children is it about?",
        error_messages={"required": "Choose the children whom this file is about"},
    )

    def __init__(self, *args: Any, rows: list[ConferenceChild], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        names = [Item(str(row.pk), _name(row)) for row in rows]
        everybody = [Item(EVERYBODY, "All of them together", divider="or")] if len(rows) > 1 else []
        self.fields["children"].set_choices([*names, *everybody])  # type: ignore[attr-defined]
        if len(rows) == 1 and not self.is_bound:
            self.initial.setdefault("children", [str(rows[0].pk)])

    def clean_children(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["children"]
        if EVERYBODY in chosen and len(chosen) > 1:
            raise ValidationError("Choose single children, or all of them together, not both")
        return chosen

    def attachment(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        chosen, file = self.cleaned_data["children"], self.cleaned_data["file"]
        return {
            # One byte more than is taken tells that there were more.
            "content": file.read(MAX_BYTES + 1),
            "name": file.name,
            "children": [] if EVERYBODY in chosen else [self.rows[pk] for pk in chosen],
        }


class WithdrawFileForm(GovukForm):
    because = LongTextField(
        label="Why is this file taken out?",
        help_text="For example: sent for another family. It opens for nobody then; that it was here stays on record",
        rows=3,
        error_messages={"required": "Say why the file is taken out"},
    )


class SubmitForm(GovukForm):
    """The last look: why the conference is held (social work), and how the report came in (on behalf)."""

    keeps_draft = True
    why_held = LongTextField(
        label="Why is the conference held?",
        help_text="In words that the parents will read",
        rows=4,
        required=False,
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
            self.fields["why_held"].error_messages["required"] = "Write why the conference is held"
        else:
            del self.fields["why_held"]
        if is_on_behalf:
            self.fields["received_by"].required = True
            self.fields["received_by"].error_messages["required"] = "Say how the report came in"
        else:
            del self.fields["received_by"]


class NewVersionForm(GovukForm):
    new_because = LongTextField(
        label="Why is a new version needed?",
        help_text="The version that is in stays in force until you submit the new one",
        rows=3,
        error_messages={"required": "Say why a new version is needed"},
    )


NEWER = "A newer version of this report came in. This page shows it now: read it, then answer."


class ManagerAnswerForm(GovukForm):
    """What a manager says about a social work report."""

    keeps_draft = True
    marks_optional = False
    reveals = {"answer": {ManagerAnswer.SENT_BACK: ["what_to_change"]}}
    answer = RadiosField(
        label="Do you agree to this report?",
        choices=[
            Item(ManagerAnswer.AGREED, "I agree to it", hint="It counts as received from now on"),
            Item(
                ManagerAnswer.SENT_BACK,
                "Something has to change first",
                hint="Its author writes a new version and submits that to you",
            ),
        ],
        error_messages={"required": "Choose whether you agree"},
    )
    what_to_change = LongTextField(label="What has to change?", rows=4, required=False)
    report = VersionField()

    def __init__(self, *args: Any, shown: Report, **kwargs: Any) -> None:
        super().__init__(*args, initial={"report": shown.pk}, **kwargs)
        self.shown = shown

    def clean(self) -> dict[str, Any]:
        """The answer belongs to the version that was read: where a newer one is in, that has to be read first."""
        typed = super().clean() or self.cleaned_data
        if typed.get("answer") == ManagerAnswer.SENT_BACK and not (typed.get("what_to_change") or "").strip():
            self.add_error("what_to_change", "Write what has to change")
        if typed.get("report") != self.shown.pk:
            self.add_error(None, NEWER)
            # The page that refuses shows the newer version, so what is sent from it is about that one.
            self.data = {**self.data.dict(), self.add_prefix("report"): str(self.shown.pk)}
        return typed


class GoOnForm(GovukForm):
    """Why the chair goes on without the reports that are missing."""

    keeps_draft = True
    reason = LongTextField(
        label="Why can the conference go on without them?",
        help_text="For example: what you know from elsewhere, and how what is missing will be heard",
        rows=4,
        error_messages={"required": "Say why the conference can go on without these reports"},
    )


class SharingForm(GovukForm):
    """What came of sharing one report with one person."""

    keeps_draft = True
    outcome = RadiosField(label="What came of it?", error_messages={"required": "Choose what came of it"})
    manner = SelectField(label="How?", choices=SharingManner.choices, required=False)
    shared_on = DateInputField(label="On which day?", help_text="For example, 16 12 2026", required=False)
    shared_time = TimeField(label="At what time?", help_text="For example, 14:00 or 2pm", required=False)
    language = forms.CharField(
        label="In which language?", help_text="Leave empty for English", max_length=60, required=False
    )
    disputed = LongTextField(
        label="What do they say is wrong?",
        help_text="In their words. The chair reads it",
        rows=3,
        required=False,
    )
    reason = LongTextField(
        label="Reason, or the tries that were made",
        help_text="Needed unless it was shared. For tries: when, and how",
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, is_chair: bool, part_agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = [
            Item(SharingOutcome.SHARED, "Shared", hint="They heard or read it, and it was talked through"),
            Item(SharingOutcome.DECLINED, "They did not want to hear it"),
            Item(SharingOutcome.NOT_REACHED, "They could not be reached"),
        ]
        if is_chair or part_agreed:
            items.append(
                Item(
                    SharingOutcome.IN_PART,
                    "Shared in part, as the chair agreed"
                    if not is_chair
                    else "To be shared in part: I agree",
                    hint="Day and way may be added later" if is_chair else "",
                )
            )
        if is_chair:
            items.append(
                Item(
                    SharingOutcome.NOT_TO_BE_SHARED,
                    "Not to be shared: I agree",
                    hint="For example police evidence",
                )
            )
        self.fields["outcome"].set_choices(items)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        day, time = typed.get("shared_on"), typed.get("shared_time")
        asked = typed.get("outcome") in {SharingOutcome.SHARED, *KEPT_BACK}
        is_wrong_already = {"shared_on", "shared_time"} & self.errors.keys()
        if asked and bool(day) != bool(time) and not is_wrong_already:
            self.add_error("shared_time" if day else "shared_on", "Enter both the day and the time")
        return typed

    def sharing(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        typed = self.cleaned_data
        day, time = typed["shared_on"], typed["shared_time"]
        return {
            "outcome": typed["outcome"],
            "manner": typed["manner"],
            "shared_at": at(day, time) if day and time else None,
            "language": typed["language"],
            "reason": typed["reason"],
            "disputed": typed["disputed"],
        }


class WholeSharingForm(SharingForm):
    """The same where nothing may be kept back: day and way belong to one answer and stand inside it."""

    reveals = {
        "outcome": {
            SharingOutcome.SHARED: ["manner", "shared_on", "shared_time", "language", "disputed"],
        }
    }


class PrepareForm(GovukForm):
    """Preparing a version: the reason where one is replaced, and what is left out of which copies."""

    keeps_draft = True
    because = LongTextField(label="Why is a new version needed?", rows=3, required=False)
    leave_out = forms.BooleanField(
        label="Leave these entries out of the copies of those who may not read them", required=False
    )

    not_about_all = CheckboxesField(
        label="Which of these are not about all of the children?",
        help_text=(
            "No child was ticked for these, so a father or mother of one child reads them too. "
            "What you tick stays out of their copies"
        ),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        replaces: bool,
        found: list[str],
        unnamed: list[tuple[str, str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if unnamed:
            self.fields["not_about_all"].set_choices(  # type: ignore[attr-defined]
                [Item(entry, text, hint=where) for entry, where, text in unnamed]
            )
        else:
            del self.fields["not_about_all"]
        if replaces:
            self.fields["because"].required = True
            self.fields["because"].error_messages["required"] = "Say why a new version is needed"
        else:
            del self.fields["because"]
        if not found:
            del self.fields["leave_out"]


class ReleaseForm(GovukForm):
    """The chair's release, with those about whom only the chair decides."""

    settled = CheckboxesField(
        label="Who else gets it?",
        help_text="These people get it only if you say so. Leave all empty if nobody of them does",
        required=False,
    )

    def __init__(self, *args: Any, choices: list[tuple[int, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices:
            self.fields["settled"].set_choices([Item(str(pk), name, hint=why) for pk, name, why in choices])  # type: ignore[attr-defined]
        else:
            del self.fields["settled"]

    def settled_ids(self) -> list[int]:
        """Ids of the participants who were ticked."""
        return [int(pk) for pk in self.cleaned_data.get("settled", [])]


class CopyForm(GovukForm):
    """How one copy left."""

    reveals = {"channel": {Channel.SECURE_EMAIL: ["mailbox"], Channel.POST: ["postal_address"]}}
    channel = RadiosField(
        label="How did it go?", choices=Channel.choices, error_messages={"required": "Choose how it went"}
    )
    mailbox = forms.EmailField(
        label="To which mailbox?", help_text="A mailbox that only this person reads", required=False
    )
    postal_address = forms.CharField(label="To which address?", max_length=300, required=False)
    channel_confirmed = forms.CharField(
        label="How did you make sure that this way is safe this time?",
        help_text="For example: rang her on the number marked safe",
        max_length=200,
        error_messages={"required": "Say how you made sure that this way is safe"},
    )
    sent_on = DateInputField(label="On which day did it go?", help_text="By post: the day it was posted")
    sent_time = TimeField(label="At what time?", help_text="For example, 14:00 or 2pm")
    note = forms.CharField(label="Note", max_length=250, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if (
            typed.get("channel") == Channel.SECURE_EMAIL
            and not typed.get("mailbox")
            and "mailbox" not in self.errors
        ):
            self.add_error("mailbox", "Enter the mailbox to which it went")
        if typed.get("channel") == Channel.POST and not typed.get("postal_address"):
            self.add_error("postal_address", "Enter the address to which it was posted")
        return typed

    def copy(self) -> dict[str, Any]:
        """The fields as the service takes them."""
        typed = self.cleaned_data
        addressed = {Channel.SECURE_EMAIL: "mailbox", Channel.POST: "postal_address"}.get(typed["channel"])
        return {
            "channel": typed["channel"],
            "sent_to": typed[addressed] if addressed else "",
            "channel_confirmed": typed["channel_confirmed"],
            "sent_at": at(typed["sent_on"], typed["sent_time"]),
            "note": typed["note"],
        }
