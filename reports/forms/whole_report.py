"""A whole report on one page: why the meeting is held, and under each heading its paragraphs and room for more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.html import format_html

from conferences.models import ConferenceChild
from conferences.selectors.readers import WhoReads
from deadlines.policies import Framework, Heading
from families.models import Person
from govuk.forms import (
    HTML,
    Button,
    CheckboxesField,
    Conditional,
    Details,
    Div,
    Field,
    GovukForm,
    Include,
    Item,
    Layout,
    LongTextField,
    RadiosField,
    SelectField,
    VersionField,
    clean_text,
)
from govuk.layout import button_html
from meetings.enums import Nature
from reports.forms.reports import EVERYBODY, section_as_typed, short_name
from reports.models import Report, ReportSection
from reports.services.whole_report import Written

MOST_NEW = 30
THEN, ADD = "then", "add"
BOTH = "choose individual children, or all the children, not both"
MEANWHILE = "{}: someone else changed this while you were writing. If you save again, your text replaces theirs"


@dataclass
class Paragraph:
    """One paragraph of the form: where its fields are named, and what is recorded of it, if anything is yet."""

    key: str
    name: str
    heading: str
    section: ReportSection | None = None
    theirs: ReportSection | None = None
    their_name: str = ""
    their_when: Any = None
    comments: Sequence[Any] = field(default_factory=tuple)

    def of(self, part: str) -> str:
        return f"{self.key}_{part}"


def fingerprint(*values: Any) -> str:
    """Return what tells whether a paragraph was touched since the page showed it."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


class ReportForm(GovukForm):
    """Everything that one author says. What is not touched is left as it stands, whoever changed it meanwhile."""

    keeps_draft = True
    form_id = "report"
    why_held = LongTextField(
        label="Why is the conference being held?", help_text="The parents will read this", rows=4, required=False
    )
    why_shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        framework: Framework,
        rows: list[ConferenceChild],
        readers: dict[int, WhoReads],
        persons: list[Person],
        report: Report | None,
        why: str | None,
        has_files: bool = False,
        comments: Mapping[int, Sequence[Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.framework, self.readers, self.has_files, self.report = framework, readers, has_files, report
        self.rows = {str(row.pk): row for row in rows}
        self.comments = comments or {}
        sections = list(report.sections.all()) if report else []
        marked = {one for section in sections for one in (*section.private_to.all(), *section.kept_from.all())}
        self.persons = sorted({*persons, *marked}, key=lambda person: person.pk)
        self.recorded_why = why
        if why is None:
            del self.fields["why_held"], self.fields["why_shown"]
        else:
            shown = fingerprint(report.why_held if report else "")
            self.initial.update({"why_held": why, "why_shown": shown})
        self._sections = sections
        self._place(dict(self.data.items()) if self.is_bound else {})
        self.button = Button("Save and check", name=THEN, value="check")
        self.other_buttons = (Button("Save", name=THEN, value="stay", look="secondary"),)

    def _place(self, typed: Mapping[str, Any], more: str = "") -> None:
        """Make the fields and their order: under each heading what is written, then room for what is new."""
        self.paragraphs: list[Paragraph] = []
        sections, known = self._sections, [*self.framework.headings]
        keys = {row.key for row in known}
        old = sorted({section.heading for section in sections} - keys)
        parts: list[Any] = [] if self.recorded_why is None else [Field("why_held", size="m", optional=False)]
        for heading in [*known, *(Heading(key=key, label=_earlier(key), prompt="") for key in old)]:
            theirs = [section for section in sections if section.heading == heading.key]
            inside: list[Any] = [HTML(_head(heading))]
            for number, section in enumerate(theirs, start=1):
                paragraph = Paragraph(f"s{section.pk}", f"{heading.label}, paragraph {number}", heading.key, section)
                paragraph.comments = self.comments.get(section.pk, ())
                self._make(paragraph, section_as_typed(section))
                inside.append(self._drawn(paragraph))
            if heading.key in keys:
                inside += self._room(heading, len(theirs), _number(typed, heading.key) + (more == heading.key))
            parts.append(Div(*inside, css_class="cp-section"))
        self.layout = Layout(*parts)
        self._adapt()

    def _room(self, heading: Heading, written: int, number: int) -> list[Any]:
        count = _count(heading.key)
        self.fields[count] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        self.initial[count] = number
        if self.is_bound:
            self._answer(count, str(number))
        made = []
        for place in range(number):
            paragraph = Paragraph(
                f"new_{heading.key}_{place}", f"{heading.label}, paragraph {written + place + 1}", heading.key
            )
            alone = {"children": list(self.rows)} if len(self.rows) == 1 else {}
            self._make(paragraph, {"heading": heading.key, **alone})
            made.append(self._drawn(paragraph))
        label = f"Add another paragraph: {heading.label}"
        button = HTML(button_html(label, name=ADD, value=heading.key, look="secondary"))
        anchor = HTML(format_html('<div id="add-{}"></div>', heading.key))
        if not written or self.is_bound or number > 1:
            return [*made, anchor, button]
        return [
            Details(*made, anchor, button, summary=f"Add a paragraph: {heading.label}", unfolds_on_errors_only=True)
        ]

    def _make(self, paragraph: Paragraph, recorded: dict[str, Any]) -> None:
        of, hidden = paragraph.of, '{}<span class="govuk-visually-hidden">: {}</span>'
        made: dict[str, forms.Field] = {
            "text": LongTextField(label=paragraph.name, rows=4, required=False),
            "nature": RadiosField(
                label=format_html(hidden, "Fact or opinion?", paragraph.name),
                choices=[(Nature.FACT, "Fact"), (Nature.OPINION, "Opinion")],
                inline=True,
                required=False,
            ),
            "evidence": LongTextField(
                label=format_html(hidden, "What is the opinion based on?", paragraph.name), rows=2, required=False
            ),
            "private_to": CheckboxesField(
                choices=[(str(person.pk), person.full_name) for person in self.persons],
                label=format_html(hidden, "Does it include someone’s private information?", paragraph.name),
                help_text="For example, an adult’s health. No one else in the family will read it",
                required=False,
            ),
            "kept_from": CheckboxesField(
                choices=[(str(person.pk), person.full_name) for person in self.persons],
                label=format_html(hidden, "Is there someone whom this must not reach?", paragraph.name),
                help_text="The report reaches them without this paragraph",
                required=False,
            ),
        }
        if len(self.rows) > 1:
            names = [Item(pk, short_name(row)) for pk, row in self.rows.items()]
            made["children"] = CheckboxesField(
                label=format_html(hidden, "Which children is it about?", paragraph.name),
                choices=[*names, Item(EVERYBODY, "All the children")],
                inline=True,
                required=False,
            )
        if paragraph.section is not None:
            made["heading"] = SelectField(
                label=format_html(hidden, "Under which heading?", paragraph.name),
                choices=[(row.key, row.label) for row in self.framework.headings],
                required=False,
            )
            made["takes_out"] = forms.BooleanField(label=f"Take out: {paragraph.name}", required=False)
            made["version"] = VersionField()
            made["shown"] = forms.CharField(widget=forms.HiddenInput, required=False)
            recorded = {**recorded, "children": self._known(recorded["children"])}
            recorded["shown"] = fingerprint(*_parts(recorded))
        for part, one in made.items():
            one.marks_optional = False  # type: ignore[attr-defined]
            self.fields[of(part)] = one
            if part in recorded:
                self.initial[of(part)] = recorded[part]
        self.paragraphs.append(paragraph)
        if self.is_bound and "shown" in made and self.add_prefix(of("shown")) not in self.data:
            # Somebody added it after the page was shown: it stays as it is recorded.
            for part in (*made, "version"):
                self._answer(of(part), recorded.get(part, ""))

    def _known(self, children: list[str]) -> list[str]:
        """Return those of a paragraph's children whom the author still writes about."""
        return [pk for pk in children if pk in self.rows or pk == EVERYBODY]

    def _drawn(self, paragraph: Paragraph) -> Div:
        of = paragraph.of
        marks = (of("private_to"), of("kept_from"))
        folded = [one for one in (*marks, of("heading"), of("takes_out")) if one in self.fields]
        is_marked = any(self.initial.get(one) for one in marks)
        return Div(
            Include("reports/paragraph_marks.html", paragraph=paragraph),
            Field(of("text"), size="s"),
            Conditional(of("nature"), {Nature.OPINION: [of("evidence")]}, small=True),
            *([Field(of("children"), small=True)] if of("children") in self.fields else []),
            Details(
                *(Field(one, small=True) if one in marks else one for one in folded),
                summary="Who must not read it, or other changes" if paragraph.section else "Who must not read it",
                unfolded=is_marked,
                unfolds_on_errors_only=not is_marked,
            ),
            css_class="cp-note cp-paragraph",
        )

    def restore(self, kept: Mapping[str, Any] | None, *, more: str = "") -> bool:
        """Show what was typed with as many new paragraphs as it has, and one ``more``, over what was shown then."""
        if not kept or self.is_bound:
            return False
        values = dict(kept.lists() if hasattr(kept, "lists") else kept.items())
        one = {name: value[0] if isinstance(value, list) and value else value for name, value in values.items()}
        self._place(one, more)
        numbers = {name: self.initial[name] for name in self.fields if name.endswith("_count")}
        restored = super().restore(kept)
        self.initial.update({name: one[name] for name in self.fields if name.endswith("_version") and name in one})
        self.initial.update(numbers)
        return restored

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for paragraph in self.paragraphs:
            self._judge(paragraph)
        if "why_held" in self.fields:
            self._judge_why()
        is_empty = not self.errors and not self.has_files and not self.report and not self.written()
        if is_empty and self.data.get(THEN) == "check":
            self.add_error(None, "Write at least one paragraph, or add a file")
        return typed

    def _judge_why(self) -> None:
        now = self.report.why_held if self.report else ""
        typed = (self.cleaned_data.get("why_held") or "").strip()
        if typed != now and self.cleaned_data.get("why_shown") != fingerprint(now):
            self.add_error("why_held", f"Someone else changed this while you were writing. It now says: “{now}”")
            self._answer("why_shown", fingerprint(now))

    def _answer(self, name: str, value: Any) -> None:
        """Put what the page sends next into what was posted."""
        data: Any = self.data
        if isinstance(value, list):
            data.setlist(self.add_prefix(name), [str(one) for one in value])
        else:
            data[self.add_prefix(name)] = str(value)

    def _judge(self, paragraph: Paragraph) -> None:
        values, of = self._values(paragraph), paragraph.of
        if not self._counts(paragraph, values):
            return
        section = paragraph.section
        if section is not None and values["version"] != section.version:
            paragraph.theirs = section
            self._answer(of("version"), str(section.version))
            self.add_error(of("text"), MEANWHILE.format(paragraph.name))
        if values["takes_out"]:
            return
        chosen = values["children"]
        faults = {
            "heading": values["heading"] not in {row.key for row in self.framework.headings}
            and "choose the heading this belongs under",
            "text": not values["text"] and "write something, or take the paragraph out",
            "nature": not values["nature"] and "choose whether this is a fact or an opinion",
            "evidence": values["nature"] == Nature.OPINION
            and not values["evidence"]
            and "write what this opinion is based on",
            "kept_from": bool(set(values["private_to"]) & set(values["kept_from"]))
            and "the same person can’t be both, whose it is and whom it must not reach",
            "children": (not chosen and "choose the children this is about")
            or (EVERYBODY in chosen and len(chosen) > 1 and BOTH),
        }
        for part, fault in faults.items():
            if fault:
                self.add_error(of(part) if of(part) in self.fields else None, f"{paragraph.name}: {fault}")

    def _counts(self, paragraph: Paragraph, values: dict[str, Any]) -> bool:
        """Return whether there is anything to save: something new, or what was shown and then changed."""
        if paragraph.section is None:
            return bool(values["text"])
        shown = self.cleaned_data.get(paragraph.of("shown"))
        return bool(values["takes_out"]) or fingerprint(*_parts(values)) != shown

    def _values(self, paragraph: Paragraph) -> dict[str, Any]:
        typed, of = self.cleaned_data, paragraph.of
        alone = list(self.rows) if len(self.rows) == 1 else []
        if paragraph.section is not None and len(self.rows) == 1:
            alone = self._known(section_as_typed(paragraph.section)["children"])
        return {
            "heading": typed.get(of("heading")) or paragraph.heading,
            "text": (typed.get(of("text")) or "").strip(),
            "nature": typed.get(of("nature")) or "",
            "evidence": (typed.get(of("evidence")) or "").strip(),
            "children": list(typed.get(of("children")) or alone),
            "private_to": [int(pk) for pk in typed.get(of("private_to")) or []],
            "kept_from": [int(pk) for pk in typed.get(of("kept_from")) or []],
            "takes_out": bool(typed.get(of("takes_out"))),
            "version": typed.get(of("version")) or 0,
        }

    def _named(self, ids: Sequence[int]) -> list[Person]:
        return [person for person in self.persons if person.pk in ids]

    def written(self) -> list[Written]:
        """Return what is new, changed or taken out, as the service takes it."""
        found = []
        for paragraph in self.paragraphs:
            values = self._values(paragraph)
            if self._counts(paragraph, values):
                chosen = values.pop("children")
                about = [] if EVERYBODY in chosen else [self.rows[pk] for pk in chosen if pk in self.rows]
                private, away = (self._named(values.pop(name)) for name in ("private_to", "kept_from"))
                found.append(
                    Written(section=paragraph.section, children=about, private_to=private, kept_from=away, **values)
                )
        return found


def _parts(values: Mapping[str, Any]) -> list[Any]:
    evidence = values["evidence"] if values["nature"] == Nature.OPINION else ""
    texts = [clean_text(values["text"]).strip(), values["nature"], clean_text(evidence).strip()]
    marked = [sorted(values["private_to"]), sorted(values["kept_from"])]
    return [values["heading"], *texts, sorted(values["children"]), *marked]


def _number(typed: Mapping[str, Any], heading: str) -> int:
    """Return how many new paragraphs were on the page under a heading, at least the one there is room for."""
    text = str(typed.get(_count(heading), ""))
    return max(1, min(int(text), MOST_NEW)) if text.isdigit() else 1


def _count(heading: str) -> str:
    return f"new_{heading}_count"


def _earlier(key: str) -> str:
    return f"{key.replace('-', ' ').capitalize()} (a heading of an earlier report)"


def _head(heading: Heading) -> str:
    return format_html(
        '<h2 class="govuk-heading-m" id="{}">{}</h2><p class="govuk-hint">{}</p>',
        heading.key,
        heading.label,
        heading.prompt,
    )
