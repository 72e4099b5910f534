"""Lists of a policy, edited row by row with buttons that move, remove and add one.

Each button sends the whole form, which comes back with the rows arranged and everything typed, and saves nothing: so
none needs a script, and pressed twice it does what it did once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from deadlines.forms.value_parts import Keyed, Number, OneOf, Part, Together, Words
from deadlines.policies.amounts import Json
from deadlines.policies.value_types import one_of
from govuk.forms import HTML, Div, Fieldset, GovukForm

SPARE_ROWS = 1
MOST_ROWS = 60
# Made from the words beside them, or standing for good.
KEY, CODE = "key", "code"


class Rows(Keyed):
    """A list: each item a row with buttons to move or remove it, and one to add another."""

    def __init__(
        self, name: str, label: str, hint: str, *, part_for_row: Callable[[str, str], Part], fixed: bool = False
    ) -> None:
        super().__init__(name, label, hint)
        self.part_for_row, self.fixed = part_for_row, fixed
        self.rows: list[Part] = []
        self.filled: list[int] = []

    @property
    def _count(self) -> str:
        return f"{self.name}-rows"

    def add(self, form: GovukForm, value: Json) -> None:
        items = list(value or [])
        number = len(items) + (0 if self.fixed else SPARE_ROWS)
        typed = form.data if form.is_bound else getattr(form, "kept_rows", {})
        if str(typed.get(self._count, "")).isdigit():
            number = min(int(typed[self._count]), MOST_ROWS)
        form.fields[self._count] = forms.IntegerField(widget=forms.HiddenInput(), required=False)
        form.initial[self._count] = number
        self.rows = [self._row(place) for place in range(number)]
        for place, row in enumerate(self.rows):
            row.add(form, items[place] if place < len(items) else None)
            for name in row.fields():
                form.fields[name].required = False

    def _row(self, place: int) -> Part:
        row = self.part_for_row(f"{self.name}-{place}", f"{one_of(self.label)} {place + 1}")
        if isinstance(row, Together):
            row.legend = False
            for part in row.parts.values():
                part.label = f"{part.label} ({place + 1})"
        return row

    def layout(self) -> list[Any]:
        hint = [HTML(format_html('<div class="govuk-hint">{}</div>', self.hint))] if self.hint else []
        rows = [
            Div(*row.layout(), HTML(self._buttons(place)), css_class="cp-formset__row")
            for place, row in enumerate(self.rows)
        ]
        more = [] if self.fixed else [HTML(self._button("Add another", "add", len(self.rows), look="secondary"))]
        anchor = HTML(format_html('<div id="{}"></div>', self.name))
        return [anchor, self._count, Fieldset(*hint, *rows, *more, legend=self.label, legend_size="s")]

    def _buttons(self, place: int) -> SafeString:
        last = len(self.rows) - 1
        acts = [("Move up", "up", place > 0), ("Move down", "down", place < last), ("Remove", "remove", not self.fixed)]
        drawn = [self._button(words, act, place) for words, act, may in acts if may]
        return format_html('<p class="govuk-body">{}</p>', SafeString("&emsp;".join(drawn)))

    def _button(self, words: str, act: str, place: int, *, look: str = "link") -> SafeString:
        css = "cp-button-link" if look == "link" else "govuk-button govuk-button--secondary"
        about = f"{place + 1} of {self.label}" if look == "link" else f"of {self.label}"
        return format_html(
            '<button class="{}" type="submit" name="arrange" value="{}:{}:{}" formaction="#{}">{}'
            '<span class="govuk-visually-hidden"> {}</span></button>',
            css,
            self.name,
            act,
            place,
            self.name,
            words,
            about,
        )

    def read(self, form: GovukForm) -> Json:
        found, self.filled = [], []
        for place, row in enumerate(self.rows):
            item = row.read(form)
            if _is_blank(item):
                continue
            for part in row.parts.values() if isinstance(row, Together) else ():
                if (
                    isinstance(part, Words | Number | OneOf)
                    and not form.cleaned_data.get(part.name)
                    and part.name not in form.errors
                ):
                    form.add_error(part.name, f"Fill in “{part.label}”")
            self.filled.append(place)
            found.append(item)
        if any(isinstance(row, Together) and KEY in row.parts for row in self.rows):
            name_new(found)
        return found

    def name_anew(self, typed: Json, before: Json) -> None:
        labels = {item.get("key"): item.get("label") for item in before or [] if isinstance(item, dict)}
        for item in typed:
            if isinstance(item, dict) and labels.get(item.get("key")) != item.get("label"):
                item["key"] = ""
        name_new(typed)

    def field_at(self, path: list[str]) -> str:
        if path and path[0].startswith("item ") and self.filled:
            place = self.filled[int(path[0].removeprefix("item ")) - 1]
            return self.rows[place].field_at(path[1:])
        return self.rows[0].field_at([]) if self.rows else self._count

    def fields(self) -> Iterator[str]:
        yield self._count
        for row in self.rows:
            yield from row.fields()


def _is_blank(item: Json) -> bool:
    if isinstance(item, dict):
        return all(not value for key, value in item.items() if key != KEY) and CODE not in item
    return item is None or item == ""


def name_new(items: list[Json]) -> None:
    """Give each item without a key one made from its words, different from all others."""
    taken = {item.get("key") for item in items if isinstance(item, dict)}
    for item in items:
        if isinstance(item, dict) and "label" in item and not item.get("key"):
            stem = key = slugify(item["label"]) or "item"
            number = 2
            while key in taken:
                key, number = f"{stem}-{number}", number + 1
            item["key"] = key
            taken.add(key)


def arranged(data: QueryDict, act: str) -> QueryDict:
    """Return what was sent, with one row of a list moved, removed or added: ``act`` is "agenda:up:2"."""
    name, what, at = act.rsplit(":", 2)
    count = f"{name}-rows"
    number, place = _number(data.get(count)), _number(at)
    order = list(range(number))
    if what == "up" and 0 < place < number:
        order[place - 1], order[place] = place, place - 1
    elif what == "down" and place < number - 1:
        order[place + 1], order[place] = place, place + 1
    elif what == "remove" and place < number:
        order.remove(place)
    elif what == "add":
        order.append(number)
    found = data.copy()
    rows: dict[int, dict[str, list[str]]] = {}
    for key, values in data.lists():
        if key.startswith(f"{name}-") and (of := key.removeprefix(f"{name}-").partition("-"))[0].isdigit():
            rows.setdefault(int(of[0]), {})[f"{of[1]}{of[2]}"] = values
            del found[key]
    for new, old in enumerate(order):
        for rest, values in rows.get(old, {}).items():
            found.setlist(f"{name}-{new}{rest}", values)
    found[count] = str(len(order))
    return found


def _number(text: Any) -> int:
    return int(text) if str(text).isdigit() else 0
