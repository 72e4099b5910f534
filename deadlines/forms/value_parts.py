"""The fields for a value of a policy: choices, numbers, words, and parts that belong together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import slugify

from deadlines.policies.amounts import Json
from families.enums import AgencyKind
from govuk.forms import (
    HTML,
    CheckboxesField,
    Conditional,
    Fieldset,
    GovukForm,
    Item,
    LongTextField,
    RadiosField,
    SelectField,
    YesNoField,
)

NUMBER = "number"
MOST_RADIOS = 7
SHORT = {"class": "govuk-input--width-4", "inputmode": "numeric"}


def word_label(word: str) -> str:
    """Return a word of the schema as people read it."""
    if word in AgencyKind.values:
        return str(AgencyKind(word).label)
    return word.replace("_", " ")[:1].upper() + word.replace("_", " ")[1:]


def whole(label: str, help_text: str = "", *, required: bool = True) -> forms.IntegerField:
    """Return a field for a whole number."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.TextInput(attrs=SHORT),
        error_messages={"invalid": f"Write “{label}” as a whole number, such as 10"},
    )


class Part(ABC):
    """One value, or a part of one; ``name`` is its field's, ``label`` what people read."""

    def __init__(self, name: str, label: str, hint: str = "", *, required: bool = True) -> None:
        self.name, self.label, self.hint, self.required = name, label, hint, required

    @abstractmethod
    def add(self, form: GovukForm, value: Json) -> None:
        """Add the fields to a form, filled with ``value``."""

    def layout(self) -> list[Any]:
        """Return what the form draws."""
        return [self.name]

    def read(self, form: GovukForm) -> Json:
        """Return what was typed."""
        return form.cleaned_data.get(self.name)

    def field_at(self, _path: list[str]) -> str:
        """Return the field to which a fault belongs that was found at a path such as ["headings", "item 2"]."""
        return self.name

    def fields(self) -> Iterator[str]:
        """Yield the names of the fields."""
        yield self.name


class Keyed(Part):
    """A list whose items have keys made from their words."""

    @abstractmethod
    def name_anew(self, typed: Json, before: Json) -> None:
        """Give each item whose words are new a key made from them."""


class OneField(Part):
    """A value typed into one field."""

    @abstractmethod
    def _field(self) -> forms.Field: ...

    def add(self, form: GovukForm, value: Json) -> None:
        form.fields[self.name] = self._field()
        form.initial[self.name] = value


class YesOrNo(OneField):
    def _field(self) -> forms.Field:
        return YesNoField(label=self.label, help_text=self.hint)


class Number(OneField):
    def _field(self) -> forms.Field:
        return whole(self.label, self.hint, required=self.required)


class Words(OneField):
    def _field(self) -> forms.Field:
        return forms.CharField(label=self.label, help_text=self.hint, required=self.required)

    def read(self, form: GovukForm) -> Json:
        return super().read(form) or None


class LongWords(Words):
    def _field(self) -> forms.Field:
        return LongTextField(label=self.label, help_text=self.hint, rows=2, required=self.required)


class Hidden(OneField):
    """A key or code that is not typed."""

    def _field(self) -> forms.Field:
        return forms.CharField(required=False, widget=forms.HiddenInput())


class OneOf(Part):
    """A choice among words, and where ``number`` says so a number instead."""

    def __init__(self, name: str, label: str, hint: str, *, words: list[str], number: bool = False) -> None:
        super().__init__(name, label, hint)
        self.words, self.number = words, number

    def add(self, form: GovukForm, value: Json) -> None:
        pairs = [(word, word_label(word)) for word in self.words]
        items = [Item(word, label) for word, label in pairs]
        if self.number:
            items.append(Item(NUMBER, "A number", divider="or"))
            form.fields[self._of_number] = whole("Which number?", required=False)
        if len(items) > MOST_RADIOS and not self.number:
            form.fields[self.name] = SelectField(label=self.label, help_text=self.hint, choices=pairs)
        else:
            form.fields[self.name] = RadiosField(label=self.label, help_text=self.hint, choices=items)
        is_number = self.number and isinstance(value, int)
        form.initial[self.name] = NUMBER if is_number else value
        form.initial[self._of_number] = value if is_number else None

    @property
    def _of_number(self) -> str:
        return f"{self.name}-number"

    def layout(self) -> list[Any]:
        return [Conditional(self.name, {NUMBER: [self._of_number]})] if self.number else [self.name]

    def read(self, form: GovukForm) -> Json:
        chosen = form.cleaned_data.get(self.name)
        return form.cleaned_data.get(self._of_number) if self.number and chosen == NUMBER else chosen

    def field_at(self, _path: list[str]) -> str:
        return self._of_number if self.number else self.name

    def fields(self) -> Iterator[str]:
        yield self.name
        if self.number:
            yield self._of_number


class Fixed(Part):
    """A value with one word only, which can't be changed."""

    def __init__(self, name: str, label: str, word: str) -> None:
        super().__init__(name, label)
        self.word = word

    def add(self, form: GovukForm, value: Json) -> None:
        """Add nothing."""

    def layout(self) -> list[Any]:
        shown = format_html('<p class="govuk-body"><strong>{}</strong>: {}</p>', self.label, self.word)
        return [HTML(shown)]

    def read(self, _form: GovukForm) -> Json:
        return self.word

    def field_at(self, _path: list[str]) -> str:
        return ""

    def fields(self) -> Iterator[str]:
        return iter(())


class SeveralOf(OneField):
    """Some of several words, in the order in which they stood, then that of the schema."""

    def __init__(self, name: str, label: str, hint: str, *, words: list[str]) -> None:
        super().__init__(name, label, hint)
        self.words = words
        self.before: list[str] = []

    def add(self, form: GovukForm, value: Json) -> None:
        self.before = list(value or [])
        super().add(form, self.before)

    def _field(self) -> forms.Field:
        items = [Item(word, word_label(word)) for word in self.words]
        return CheckboxesField(label=self.label, help_text=self.hint, required=False, choices=items)

    def read(self, form: GovukForm) -> Json:
        ticked = form.cleaned_data.get(self.name) or []
        return sorted(ticked, key=(self.before + self.words).index)


class Together(Part):
    """A mapping: each of its parts, one after the other."""

    def __init__(self, name: str, label: str, hint: str, *, parts: dict[str, Part], legend: bool = True) -> None:
        super().__init__(name, label, hint)
        self.parts, self.legend = parts, legend
        self.before: dict[str, Json] = {}

    def add(self, form: GovukForm, value: Json) -> None:
        self.before = dict(value or {})
        for key, part in self.parts.items():
            part.add(form, self.before.get(key))

    def layout(self) -> list[Any]:
        inner = [piece for part in self.parts.values() for piece in part.layout()]
        if not self.legend:
            return inner
        hint = [HTML(format_html('<div class="govuk-hint">{}</div>', self.hint))] if self.hint else []
        return [Fieldset(*hint, *inner, legend=self.label, legend_size="s")]

    def read(self, form: GovukForm) -> Json:
        typed = {key: part.read(form) for key, part in self.parts.items()}
        self._keep_keys(typed)
        return {key: value for key, value in typed.items() if value is not None or key in self._may_be_empty}

    @property
    def _may_be_empty(self) -> set[str]:
        """Return the parts for which emptiness is a value of its own."""
        return {key for key, part in self.parts.items() if isinstance(part, Number)}

    def _keep_keys(self, typed: dict[str, Json]) -> None:
        """Name a new thing, and each of its renamed rows, by its words: a key stays with what it stood for."""
        if "key" not in self.parts or "name" not in self.parts:
            return
        is_another = any(typed.get(part) != self.before.get(part) for part in ("name", "version"))
        if is_another and typed.get("name") != self.before.get("name"):
            typed["key"] = slugify(typed.get("name") or "")
        for key, part in self.parts.items():
            if is_another and isinstance(part, Keyed):
                part.name_anew(typed.get(key), self.before.get(key))

    def field_at(self, path: list[str]) -> str:
        part = self.parts.get(path[0]) if path else None
        if part is None:
            part = next((one for one in self.parts.values() if not isinstance(one, Hidden)), self)
        return part.field_at(path[1:]) if part is not self else next(self.fields())

    def fields(self) -> Iterator[str]:
        for part in self.parts.values():
            yield from part.fields()
