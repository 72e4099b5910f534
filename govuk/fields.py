"""Design system form fields: input is understood where possible, and kept where not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

LONG_TEXT = 50_000
TOO_LONG = "Use %(limit_value)s characters or fewer. You have written %(show_value)s, and all of it is still here."


# ---------------------------------------------------------------- choices


@dataclass(frozen=True)
class Item:
    """One answer: ``hint`` appears below its label, ``divider`` ("or") above it."""

    value: Any
    label: str
    hint: str = ""
    divider: str = ""


class ChoiceWidget:
    """Shared by radios and checkboxes: hints, dividers and groups beside the plain choices."""

    hints: dict[str, str]
    dividers: dict[str, str]

    def set_items(self, hints: Mapping[Any, str], dividers: Mapping[Any, str]) -> None:
        self.hints = {str(value): hint for value, hint in hints.items() if hint}
        self.dividers = {str(value): word for value, word in dividers.items() if word}


class Radios(ChoiceWidget, forms.RadioSelect):
    kind = "radios"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        *,
        hints: Mapping[Any, str] | None = None,
        dividers: Mapping[Any, str] | None = None,
        inline: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.inline = inline
        self.set_items(hints or {}, dividers or {})


class Checkboxes(ChoiceWidget, forms.CheckboxSelectMultiple):
    kind = "checkboxes"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        *,
        hints: Mapping[Any, str] | None = None,
        dividers: Mapping[Any, str] | None = None,
        inline: bool = False,
    ) -> None:
        super().__init__(attrs, choices)
        self.inline = inline
        self.set_items(hints or {}, dividers or {})


class ScaleRadios(Radios):
    kind = "scale"
    low_words = ""
    high_words = ""


def _plain(choices: Iterable[Any]) -> tuple[list[Any], dict[Any, str], dict[Any, str]]:
    """Split choices into those Django expects, and the hints and dividers of ``Item`` ones."""
    plain: list[Any] = []
    hints: dict[Any, str] = {}
    dividers: dict[Any, str] = {}

    def pair(choice: Any) -> tuple[Any, str]:
        if isinstance(choice, Item):
            hints[choice.value] = choice.hint
            dividers[choice.value] = choice.divider
            return choice.value, choice.label
        value, label = choice
        return value, label

    for choice in choices:
        if not isinstance(choice, Item) and isinstance(choice[1], list | tuple):
            plain.append((choice[0], [pair(member) for member in choice[1]]))
        else:
            plain.append(pair(choice))
    return plain, hints, dividers


class _ItemChoices:
    """Choices may be pairs, ``Item`` objects, or (group name, [items]) for grouped checkboxes."""

    choices: Any
    widget: Any

    def set_choices(self, choices: Iterable[Any], hints: Mapping[Any, str] | None = None) -> None:
        """Replace the choices, for a form that learns them in ``__init__``."""
        plain, own_hints, dividers = _plain(choices)
        self.choices = plain
        self.widget.set_items({**own_hints, **(hints or {})}, dividers)


class RadiosField(_ItemChoices, forms.ChoiceField):
    widget = Radios

    def __init__(
        self,
        *,
        choices: Iterable[Any] = (),
        hints: Mapping[Any, str] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.widget.inline = inline
        self.set_choices(choices, hints)


class CheckboxesField(_ItemChoices, forms.MultipleChoiceField):
    widget = Checkboxes

    def __init__(
        self,
        *,
        choices: Iterable[Any] = (),
        hints: Mapping[Any, str] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.widget.inline = inline
        self.set_choices(choices, hints)


class YesNoField(RadiosField):
    """Yes or no, neither ticked in advance; cleans to True, False or None."""

    def __init__(self, *, yes: str = "Yes", no: str = "No", inline: bool = True, **kwargs: Any) -> None:
        super().__init__(choices=[("yes", yes), ("no", no)], inline=inline, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value

    def clean(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(super().clean(value))


class _ModelItems:
    """Takes labels, hints and groups of model choices from functions of the object."""

    def describe(
        self,
        label_from: Callable[[Any], str] | None,
        hint_from: Callable[[Any], str] | None,
        group_from: Callable[[Any], str] | None,
    ) -> None:
        self.label_from = label_from
        self.hint_from = hint_from
        self.group_from = group_from
        self.widget.hint_from = hint_from  # type: ignore[attr-defined]

    def label_from_instance(self, obj: Any) -> str:
        return self.label_from(obj) if self.label_from else str(obj)


class _GroupedIterator(forms.models.ModelChoiceIterator):
    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        group_from = getattr(self.field, "group_from", None)
        if group_from is None:
            for obj in self.queryset.all():
                yield self.choice(obj)
            return
        groups: dict[str, list[Any]] = {}
        for obj in self.queryset.all():
            groups.setdefault(group_from(obj), []).append(self.choice(obj))
        yield from groups.items()


class ModelRadiosField(_ModelItems, forms.ModelChoiceField):
    """Radios over a queryset; ``label_from`` and ``hint_from`` get the object."""

    widget = Radios
    iterator = _GroupedIterator

    def __init__(
        self,
        queryset: Any,
        *,
        label_from: Callable[[Any], str] | None = None,
        hint_from: Callable[[Any], str] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("empty_label", None)
        super().__init__(queryset, **kwargs)
        self.widget.inline = inline
        self.describe(label_from, hint_from, None)


class ModelSelectField(_ModelItems, forms.ModelChoiceField):
    """A select over a queryset; ``label_from`` gets the object."""

    iterator = _GroupedIterator

    def __init__(
        self,
        queryset: Any,
        *,
        label_from: Callable[[Any], str] | None = None,
        group_from: Callable[[Any], str] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("empty_label", "Choose one")
        super().__init__(queryset, **kwargs)
        self.describe(label_from, None, group_from)


class ModelCheckboxesField(_ModelItems, forms.ModelMultipleChoiceField):
    """Checkboxes over a queryset; ``group_from`` puts them under headings."""

    widget = Checkboxes
    iterator = _GroupedIterator

    def __init__(
        self,
        queryset: Any,
        *,
        label_from: Callable[[Any], str] | None = None,
        hint_from: Callable[[Any], str] | None = None,
        group_from: Callable[[Any], str] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(queryset, **kwargs)
        self.widget.inline = inline
        self.describe(label_from, hint_from, group_from)


class SelectField(forms.ChoiceField):
    """A select with nothing chosen at first; an answer with the value "" replaces the empty label."""

    def __init__(self, *, choices: Iterable[Any] = (), empty_label: str = "Choose one", **kwargs: Any) -> None:
        self.empty_label = empty_label
        super().__init__(**kwargs)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[Any]) -> None:
        pairs = list(choices)
        nothing = next((label for value, label in pairs if value == ""), self.empty_label)
        self.choices = [("", nothing), *(pair for pair in pairs if pair[0] != "")]


class ScaleField(RadiosField):
    """A whole number from ``low`` to ``high`` in one row, with words at both ends.

    Cleans to an int; an ``extra`` answer such as ("not_safe", "Not safe tonight") cleans to its own value.
    """

    widget = ScaleRadios

    def __init__(
        self,
        *,
        low: int = 0,
        high: int = 10,
        low_words: str = "",
        high_words: str = "",
        extra: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        message = f"Choose a number from {low} to {high}"
        kwargs["error_messages"] = {
            "required": message,
            "invalid_choice": message,
            **(kwargs.get("error_messages") or {}),
        }
        super().__init__(choices=[(str(step), str(step)) for step in range(low, high + 1)] + list(extra), **kwargs)
        self.steps = {str(step): step for step in range(low, high + 1)}
        self.set_words(low_words, high_words)

    def set_words(self, low_words: str, high_words: str) -> None:
        """Set what the lowest and the highest number mean."""
        self.widget.low_words = low_words
        self.widget.high_words = high_words

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        answer = super().clean(value)
        return self.steps.get(answer, answer) if answer != "" else None


# ---------------------------------------------------------------- dates and times


# ---------------------------------------------------------------- text and hidden


class LongTextField(forms.CharField):
    """As much text as needed; the box grows with it."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 4, max_length: int = LONG_TEXT, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.widget.attrs["rows"] = rows


class VersionField(forms.IntegerField):
    """The version of the row that the page was made from, sent back to detect a concurrent change."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(min_value=0, **kwargs)


class FormKeyField(forms.UUIDField):
    """A hidden key created with the page: the same form submitted twice carries the same one."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("initial", uuid.uuid4)
        super().__init__(**kwargs)


def say_lengths_in_words(field: forms.Field) -> None:
    """Refuse over-long text with a message after submission: a box with a hard limit loses text silently."""
    if not isinstance(field, forms.CharField) or isinstance(field, forms.UUIDField):
        return
    if field.max_length is None and not any(isinstance(v, MaxLengthValidator) for v in field.validators):
        field.validators.append(MaxLengthValidator(LONG_TEXT))
    field.widget.attrs.pop("maxlength", None)
    field.error_messages["max_length"] = TOO_LONG
