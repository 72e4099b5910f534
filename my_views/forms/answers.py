"""One question of My Views, and the page on which it is handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from deadlines.policies.question_types import Question
from govuk.forms import (
    Button,
    CheckboxesField,
    Conditional,
    Field,
    GovukForm,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    ScaleField,
    VersionField,
)
from my_views.enums import Given, Help, Kind, Way
from my_views.selectors.answers import FACES, Written

ONLY = "only"
ONLY_LABEL = "This is only for the chair and the social worker"
ONLY_HINT = (
    "We do not read it out. But if someone may be hurt, we may have to tell others. "
    "A court can ask to see it. We will try to tell you first."
)
# The mouth of each face, from very sad to very happy, in a circle of 20.
MOUTHS = ("M12 29 Q20 17 28 29", "M13 28 Q20 22 27 28", "M13 26 L27 26", "M13 24 Q20 31 27 24", "M11 22 Q20 36 29 22")


def face(place: int, words: str) -> SafeString:
    """Return a drawn face with its words: the drawing says nothing that the words do not."""
    return format_html(
        '<svg class="cp-face" viewBox="0 0 40 40" aria-hidden="true" focusable="false">'
        '<circle cx="20" cy="20" r="18"/><path d="M14 14 v3 M26 14 v3"/><path d="{}"/></svg> {}',
        MOUTHS[place],
        words,
    )


class AnswerForm(GovukForm):
    """One answer: in words, on the scale or by a face, with words beside it; and whom it is only for."""

    marks_optional = False
    button = "Save and go on"
    other_buttons = (Button("I do not want to answer this one", name="skip", look="secondary"),)
    version = VersionField()

    def __init__(
        self, *args: Any, question: Question, ends: dict[str, str], faces: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        kind = Kind(question.kind)
        if kind == Kind.SCALE:
            self.fields["value"] = ScaleField(
                label=question.label, required=False, low_words=ends["low"], high_words=ends["high"]
            )
        if kind == Kind.FACES:
            items = [Item(str(place), face(place, faces[name])) for place, name in enumerate(FACES)]
            self.fields["value"] = RadiosField(label=question.label, required=False, choices=items)
        in_words = kind == Kind.WORDS
        self.fields["text"] = LongTextField(
            label="Your answer" if in_words else "Do you want to say more?", required=False, rows=8 if in_words else 3
        )
        self.fields[ONLY] = CheckboxesField(
            label="Who is it for?", required=False, choices=[Item("1", ONLY_LABEL, hint=ONLY_HINT)]
        )
        asked = [] if in_words else [Field("value", label_hidden=True)]
        self.layout = Layout(*asked, Field("text", rows=8 if in_words else 3), Field(ONLY, label_hidden=True))
        self._adapt()

    @classmethod
    def initial_of(cls, written: Written) -> dict[str, Any]:
        """Return what stands, for the form's first drawing."""
        return {
            "version": written.version,
            "value": "" if written.value is None else str(written.value),
            "text": written.text,
            ONLY: ["1"] if written.only_for_chair else [],
        }

    def answer(self) -> dict[str, Any]:
        """Return what was typed, for the service."""
        value = self.cleaned_data.get("value")
        return {
            "given": Given.ANSWERED,
            "text": self.cleaned_data["text"],
            "value": int(value) if value not in (None, "") else None,
            "only_for_chair": bool(self.cleaned_data[ONLY]),
            "version": self.cleaned_data["version"] or 0,
        }


class StaffAnswerForm(AnswerForm):
    """The same for staff, whose sign-in may end while they write."""

    keeps_draft = True


class HandInForm(GovukForm):
    """Who helped, and for staff how the form was filled in; then it is handed in."""

    button = "Hand in my views"
    layout = Layout(Conditional("help", {Help.HELPED: ["helped_by"]}))
    seen = forms.CharField(widget=forms.HiddenInput(), required=False)
    help = RadiosField(
        label="Did someone help you?",
        choices=[Item(Help.ALONE, "No, I did it alone"), Item(Help.HELPED, "Yes, someone helped me")],
        error_messages={"required": "Choose whether someone helped you"},
    )
    helped_by = forms.CharField(label="Who helped you?", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("help") == Help.HELPED and not data.get("helped_by", "").strip():
            self.add_error("helped_by", "Write who helped you")
        return data


class StaffHandInForm(HandInForm):
    """The same for staff who write it down for someone."""

    button = "Hand it in for them"
    layout = Layout("way", Conditional("help", {Help.HELPED: ["helped_by"]}))
    way = RadiosField(
        label="How was it filled in?",
        choices=[(way.value, way.label) for way in Way if way != Way.OWN_PAGE],
        error_messages={"required": "Choose how it was filled in"},
    )
    help = RadiosField(
        label="Did they answer alone or with help?",
        choices=[
            Item(Help.ALONE, "Alone: these are their own words"),
            Item(Help.HELPED, "Someone helped them"),
            Item(Help.NOT_ASKED, "Not asked"),
        ],
        error_messages={"required": "Choose whether someone helped"},
    )
    helped_by = forms.CharField(label="Who helped?", required=False, max_length=200)


class SettleDangerForm(GovukForm):
    button = "Record what was done"
    keeps_draft = True
    done = LongTextField(
        label="What was done?",
        help_text="Who was asked or seen, what was found, and what happens now.",
        error_messages={"required": "Write what was done"},
    )
