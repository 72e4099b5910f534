"""The form for one thing said: the same on the board of a conference and at a core group meeting."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from families.models import Person
from govuk.forms import (
    Details,
    Div,
    Field,
    FormHelper,
    GovukForm,
    Layout,
    LongTextField,
    ModelCheckboxesField,
    RadiosField,
    SelectField,
    VersionField,
)
from meetings.enums import Nature

SAID = ("heading", "nature", "text", "evidence", "seen_differently")


def note_layout(where: str) -> Layout:
    """Return the fields in the order in which one hears it; ``where`` says in which part it was said."""
    return Layout(
        Div(
            Div(Field("heading", segments=True), css_class="cp-entry__whole"),
            Div("speaker", css_class="cp-entry__third"),
            Div(Field("nature", segments=True), css_class="cp-entry__third"),
            Div(Field("children", small=True), css_class="cp-entry__third"),
            Div("text", css_class="cp-entry__half"),
            Div("evidence", css_class="cp-entry__half"),
            Div(where, css_class="cp-entry__half"),
            Details(
                "seen_differently",
                Field("private_to", small=True),
                summary="Seen differently, or private",
                shows_filled=True,
                css_class="cp-entry__whole",
            ),
            css_class="cp-entry",
        ),
        "version",
    )


class NoteForm(GovukForm):
    """One note. Its cursor stands in the words; the rest keeps what was chosen for the note before."""

    keeps_draft = True
    marks_optional = False
    heading = RadiosField(label="Heading", inline=True)
    speaker = SelectField(label="Who says it", required=False, empty_label="No one in particular")
    nature = RadiosField(label="It is", choices=Nature.choices, inline=True)
    text = LongTextField(label="What was said", rows=2, error_messages={"required": "Write what was said."})
    evidence = LongTextField(label="If it is an opinion, what is it based on?", rows=2, required=False)
    seen_differently = LongTextField(
        label="Seen differently", rows=2, required=False, help_text="Who sees it differently, and how."
    )
    private_to = ModelCheckboxesField(
        Person.objects.none(),
        label="It includes private information about",
        help_text="Other people’s copies of the minutes will leave it out.",
        required=False,
        label_from=lambda person: person.full_name,
    )
    version = VersionField()

    @cached_property
    def helper(self) -> FormHelper:
        """Return a helper whose form static/js/notes.js gives its keys."""
        helper = FormHelper(self)
        helper.attrs["data-note"] = True
        if not self.is_bound:
            self.fields["text"].widget.attrs["autofocus"] = True
        return helper

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("nature") == Nature.OPINION and not (data.get("evidence") or "").strip():
            self.add_error("evidence", "Write what this opinion is based on.")
        return data

    def said(self) -> dict[str, Any]:
        """Return the words, their heading and kind, and whose private information they hold."""
        return {name: self.cleaned_data[name] for name in (*SAID, "private_to")}


class MoveNoteForm(GovukForm):
    """Another heading for a note."""

    button = "Move the note"
    heading = RadiosField(
        label="Which heading does it belong under?",
        error_messages={"required": "Choose the heading this belongs under."},
    )
    version = VersionField()


def as_written(note: Any, *, where: str) -> dict[str, Any]:
    """Return what the form of a recorded note shows at first."""
    return {
        **{name: getattr(note, name) for name in (*SAID, "version")},
        **for_the_next(note, where=where),
        "private_to": list(note.private_to.all()),
    }


def for_the_next(note: Any, *, where: str) -> dict[str, Any]:
    """Return what stays chosen for the next note: heading, speaker, kind, children, ``where``; never who is private."""
    return {
        "heading": note.heading,
        "nature": note.nature,
        "speaker": str(note.speaker_id or ""),
        "children": [str(row.pk) for row in note.children.all()],
        where: str(getattr(note, f"{where}_id") or ""),
    }
