"""One form for a whole group of a council's limits or values, with what they come from typed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html

from deadlines.enums import Scope
from deadlines.forms.limit_parts import LimitPart
from deadlines.forms.value_lists import arranged
from deadlines.forms.value_parts import Part, whole
from deadlines.forms.value_schemas import part_of
from deadlines.policies import SCHEMA
from deadlines.policies.amounts import Json
from deadlines.policies.entry_groups import EntryGroup, group_after
from deadlines.policies.faults import limit_faults, value_faults
from deadlines.policies.wording import in_words, label_of, limit_meaning, limit_words, value_lines
from govuk import words
from govuk.forms import (
    HTML,
    Button,
    Details,
    Div,
    Fieldset,
    GovukForm,
    Layout,
    Row,
    SelectField,
    VersionField,
    clean_data,
)

ARRANGE = "arrange"
SAID = ("source", "year", "scope", "owner")
ONCE = ("source", "year", "owner")
SCOPES = [(Scope.LOCAL.value, "No, this council chose it"), (Scope.NATIONAL.value, "Yes, national guidance says so")]
# Enter in a text field presses a form's first button, which must not move a row.
FIRST_BUTTON = '<button type="submit" class="govuk-visually-hidden" tabindex="-1" aria-hidden="true">Save</button>'

SAID_ONCE = (
    '<div class="govuk-hint">Typed once for all that you change here. What comes from elsewhere says so itself.</div>'
)


class Entry(Details):
    """One entry, folded to what it says now; unfolded where it was asked for, was changed or needs correcting."""

    def __init__(self, *parts: Any, part: Part, summary: str, at: bool) -> None:
        super().__init__(*parts, summary=summary, unfolds_on_errors_only=True)
        self.part, self.at = part, at

    def _is_unfolded(self, form: Any) -> bool:
        return self.at or super()._is_unfolded(form) or form.is_touched(self.part)


class EntriesForm(GovukForm):
    """A group of limits or values as a draft has them; what changed has the source typed once, or one of its own.

    ``entries`` are those of the draft by key, complete; ``said`` is the source to begin with, ``at`` the entry to
    unfold. Each entry is folded to what it says, so that a phone shows a whole group. Cleans to
    ``entries``: the changed ones, as a file states them.
    """

    keeps_draft = True
    button: str | Button = "Save and see the draft"
    marks_optional = False

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        group: EntryGroup,
        entries: dict[str, dict[str, Json]],
        said: dict[str, Json],
        at: str = "",
        **kwargs: Any,
    ) -> None:
        data = clean_data(data)
        self.arranging = data is not None and ARRANGE in data
        if self.arranging:
            data = arranged(data, data[ARRANGE])
        super().__init__(data, files, **kwargs)
        self.hides_errors = self.arranging
        # How many rows each list had, by the field that says so, where what was typed is restored.
        self.kept_rows: dict[str, str] = {}
        self.group, self.entries, self.at = group, entries, at
        self.parts = {key: self._part(key) for key in group.keys}
        self.initial = {**self.initial, **said}
        self._add_fields()
        self._adapt()
        self.other_buttons = [Button("Save and preview", look="secondary", name="preview")]
        if group_after(group):
            self.button = Button("Save and go on", name="go_on")
            see_draft = Button("Save and see the draft", look="secondary", name="see_draft")
            self.other_buttons = [see_draft, *self.other_buttons]

    def restore(self, kept: Mapping[str, Any] | None) -> bool:
        """Show what was typed before, with as many rows in each list as there were."""
        if kept and not self.is_bound:
            last = {name: value[-1:] if isinstance(value, list) else [value] for name, value in kept.items()}
            self.kept_rows = {name: str(value[0]) for name, value in last.items() if name.endswith("-rows") and value}
            self._add_fields()
            self._adapt()
        return super().restore(kept)

    def _part(self, key: str) -> Part:
        name, label = key.replace(":", "-"), label_of(key)
        if self.group.section == "limits":
            return LimitPart(key, name, label, in_words(limit_meaning(key)))
        return part_of(key, name, label, in_words(SCHEMA[key].meaning).capitalize())

    def _add_fields(self) -> None:
        self.fields["source"] = forms.CharField(
            label="Where do they come from?",
            max_length=200,
            required=False,
            help_text="For example, Partnership procedures, section 7",
        )
        self.fields["year"] = whole("Year of the source", required=False)
        self.fields["owner"] = forms.CharField(label="Who owns them?", max_length=120, required=False)
        self.fields["version"] = VersionField()
        drawn: list[Any] = [
            HTML(FIRST_BUTTON),
            Fieldset(HTML(SAID_ONCE), Row("source", "year", "owner"), legend="Where what you change comes from"),
        ]
        for key, part in self.parts.items():
            drawn.append(self._drawn(key, part))
        self.layout = Layout(*drawn)
        self.was = {name: self.initial.get(name, field.initial) for name, field in self.fields.items()}

    def _drawn(self, key: str, part: Part) -> Div:
        entry = self.entries[key]
        part.add(self, _without_source(entry) if self.group.section == "limits" else entry["value"])
        own = {name: f"{part.name}-said-{name}" for name in SAID}
        self.fields[own["source"]] = forms.CharField(label="Another source", max_length=200, required=False)
        self.fields[own["year"]] = whole("Another year", required=False)
        self.fields[own["owner"]] = forms.CharField(label="Another owner", max_length=120, required=False)
        self.fields[own["scope"]] = SelectField(label="In national guidance?", choices=SCOPES, required=False)
        anchor = HTML(format_html('<div id="at-{}"></div>', part.name))
        summary = f"From: {entry['source']}, {entry['year']}; {entry['owner']}"
        source = Details(Row(*own.values()), summary=summary, unfolds_on_errors_only=True)
        if self.group.section == "limits":
            hint = HTML(format_html('<div class="govuk-hint">{}</div>', part.hint))
            drawn: list[Any] = [Fieldset(hint, *part.layout(), legend=part.label, legend_size="s")]
            said = [limit_words(entry)]
        else:
            drawn, said = part.layout(), value_lines(key, entry["value"])
        short = said[0] if len(said) == 1 else words.count(len(said), "line")
        return Div(anchor, Entry(*drawn, source, part=part, summary=f"{part.label}: {short}", at=key == self.at))

    def is_touched(self, part: Part) -> bool:
        """Return whether a part's list was just arranged, or what its fields hold differs from the draft."""
        if self.arranging and str(self.data.get(ARRANGE, "")).startswith(f"{part.name}:"):
            return True
        return any(_shown(self[name].value()) != _shown(self.was.get(name)) for name in part.fields())

    def is_valid(self) -> bool:
        return not self.arranging and super().is_valid()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.arranging:
            return data
        data["entries"] = {}
        for key, part in self.parts.items():
            if not any(name in self.errors for name in part.fields()):
                self._read(key, part)
        return data

    def _read(self, key: str, part: Part) -> None:
        """Take in one entry where it differs from the draft's; its faults stand beside its fields."""
        typed = part.read(self)
        if any(name in self.errors for name in part.fields()):
            return
        entry = self.entries[key]
        was = _without_source(entry) if self.group.section == "limits" else entry["value"]
        own = {name: given for name in SAID if (given := self.cleaned_data.get(f"{part.name}-said-{name}"))}
        if typed == was and not own:
            return
        said = {name: entry[name] for name in SAID}
        if typed != was:
            said = {**{name: self.cleaned_data.get(name) for name in ONCE}, "scope": Scope.LOCAL.value}
            self._ask_for_source(set(ONCE) - own.keys())
        is_limit = self.group.section == "limits"
        written = {**(typed if is_limit else {"value": typed}), **said, **own}
        if written == entry:
            return
        faults = limit_faults(key, written) if is_limit else value_faults(key, written)
        for fault in faults:
            self._add_fault(part, fault, in_value=not is_limit, own=own)
        self.cleaned_data["entries"][key] = written

    def _ask_for_source(self, names: Iterable[str]) -> None:
        for name in names:
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, f"Fill in “{self.fields[name].label}”: you have changed something on this page")

    def _add_fault(self, part: Part, fault: str, *, in_value: bool, own: dict[str, Json]) -> None:
        *path, reason = fault.split(": ")
        place = path[0] if path else ""
        if place in SAID:
            field = f"{part.name}-said-{place}" if place in own else place
            if field not in self.errors:
                self.add_error(field, f"It {reason}")
            return
        field = part.field_at(path[1:] if in_value else path)
        sentence = reason if reason.startswith("people ") else f"It {reason}"
        self.add_error(field or None, sentence[:1].upper() + sentence[1:])

    def anchors(self) -> dict[str, str]:
        """Return, for each entry as a service names it, the field beside which its refusal stands."""
        return {f"{self.group.section}.{key}": part.field_at([]) for key, part in self.parts.items()}


def _shown(value: Any) -> Any:
    """Return a value as a form sends it, for comparing."""
    if isinstance(value, list | tuple):
        return sorted(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _without_source(entry: dict[str, Json]) -> dict[str, Json]:
    return {part: value for part, value in entry.items() if part not in SAID}


def said_so_far(entries: list[dict[str, Json]]) -> dict[str, Json]:
    """Return the source, year and owner that most of the entries name, to begin a form with."""
    named = Counter((entry["source"], entry["year"], entry["owner"]) for entry in entries)
    return dict(zip(ONCE, named.most_common(1)[0][0], strict=True)) if named else {}
