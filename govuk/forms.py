"""The base of every form: messages in plain words, clean text, drafts, and one way to be drawn.

``crispy_forms_gds`` gives the form helper and the template pack; its field template is replaced by ours
(``templates/gds/field.html``), because its error summary misses radios, checkboxes and dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from crispy_forms_gds.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from govuk.fields import (
    LONG_TEXT,
    Checkboxes,
    CheckboxesField,
    DateInput,
    DateInputField,
    Item,
    LongTextField,
    ModelCheckboxesField,
    ModelRadiosField,
    ModelSelectField,
    Radios,
    RadiosField,
    ScaleField,
    SelectField,
    TimeField,
    VersionField,
    YesNoField,
    say_lengths_in_words,
)

__all__ = [
    "LONG_TEXT",
    "Checkboxes",
    "CheckboxesField",
    "DateInput",
    "DateInputField",
    "GovukForm",
    "GovukFormSet",
    "GovukModelForm",
    "Item",
    "LongTextField",
    "ModelCheckboxesField",
    "ModelRadiosField",
    "ModelSelectField",
    "Radios",
    "RadiosField",
    "ScaleField",
    "SelectField",
    "TimeField",
    "VersionField",
    "YesNoField",
    "clean_text",
    "govuk_formset",
]

# Nothing that a keyboard can type; PostgreSQL refuses the first and PDFs choke on the rest.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_text(text: str) -> str:
    """``text`` with one kind of line end and no control characters; every script and emoji stays."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _clean_data(data: Any) -> Any:
    if data is None:
        return None
    if isinstance(data, QueryDict):
        clean = data.copy()
        for name, values in data.lists():
            clean.setlist(name, [clean_text(value) if isinstance(value, str) else value for value in values])
        return clean
    return {
        name: clean_text(value)
        if isinstance(value, str)
        else [clean_text(one) if isinstance(one, str) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in data.items()
    }


def required_message(field: forms.Field, label: str) -> str:
    """What to do about an empty field, from its label."""
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}”"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return f"Choose an answer for “{label}”"
    return f"Fill in “{label}”"


class _Adapted:
    """What ``GovukForm`` and ``GovukModelForm`` share."""

    keeps_draft: ClassVar[bool] = False
    # Fields that belong to one answer: {"outcome": {"other": ["other_outcome"]}}.
    reveals: ClassVar[Mapping[str, Mapping[str, list[str]]]] = {}
    # Says "(optional)" after the label of what may stay empty; a filter turns it off.
    marks_optional: ClassVar[bool] = True
    # Set while a formset is only adding a row: what was typed is shown, not judged.
    hides_errors = False
    use_required_attribute = False

    def _adapt(self) -> None:
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            label = str(field.label) if field.label else name.replace("_", " ").capitalize()
            if field.required and _is_default_message(field):
                field.error_messages["required"] = required_message(field, label)
            if "Select a valid choice" in str(field.error_messages.get("invalid_choice", "")):
                field.error_messages["invalid_choice"] = "Choose one of the answers shown"
            say_lengths_in_words(field)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def restore(self, kept: Mapping[str, Any] | None) -> bool:
        """Show a kept draft (names and values as posted) in an unbound form; False if there is none."""
        if not kept or self.is_bound:  # type: ignore[attr-defined]
            return False
        data: Any = kept
        if not hasattr(kept, "getlist"):
            data = QueryDict(mutable=True)
            for name, value in kept.items():
                data.setlist(name, value if isinstance(value, list) else [value])
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            key = self.add_prefix(name)  # type: ignore[attr-defined]
            if isinstance(field, VersionField) or field.disabled:
                continue
            if not field.widget.value_omitted_from_data(data, {}, key):
                self.initial[name] = field.widget.value_from_datadict(data, {}, key)  # type: ignore[attr-defined]
        return True

    def accepts(self, act: Callable[[], object]) -> bool:
        """Run ``act``, usually one service call; what it refuses is put beside the field it names.

        Gives False when it refused, so that a view reads: valid, accepted, then redirect.
        """
        try:
            act()
        except ValidationError as refusal:
            by_field = (
                refusal.message_dict
                if hasattr(refusal, "error_dict")
                else {NON_FIELD_ERRORS: refusal.messages}
            )
            for field, sentences in by_field.items():
                known = field in self.fields  # type: ignore[attr-defined]
                self.add_error(field if known else None, sentences)  # type: ignore[attr-defined]
            return False
        return True


def _is_default_message(field: forms.Field) -> bool:
    return str(field.error_messages.get("required")) in (
        str(forms.Field.default_error_messages["required"]),
        DateInputField.default_error_messages["required"],
        TimeField.default_error_messages["required"],
    )


class GovukForm(_Adapted, forms.Form):
    """A form with our messages, fields and drawing; see docs/pages.md."""

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_clean_data(data), files, *args, **kwargs)
        self._adapt()


class GovukModelForm(_Adapted, forms.ModelForm):
    """The same for a model; dates, times and long text get our fields by themselves."""

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_clean_data(data), files, *args, **kwargs)
        for name, field in self.fields.items():
            if type(field) is forms.DateField:
                self.fields[name] = DateInputField(
                    label=field.label,
                    help_text=field.help_text,
                    required=field.required,
                    initial=field.initial,
                )
            elif type(field) is forms.TimeField:
                self.fields[name] = TimeField(
                    label=field.label,
                    help_text=field.help_text,
                    required=field.required,
                    initial=field.initial,
                )
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs = {"rows": 4}
        self._adapt()


class GovukFormSet(BaseFormSet):
    """Rows of one form. "Add another" is a submit button: it keeps what is typed and judges nothing."""

    row_name = "Row"
    adding = False

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        data = _clean_data(data)
        prefix = kwargs.get("prefix") or self.get_default_prefix()
        if data is not None and f"{prefix}-add_row" in data:
            self.adding = True
            total = f"{prefix}-TOTAL_FORMS"
            data[total] = str(min(_whole(data.get(total)) + 1, self.absolute_max))
        super().__init__(data, files, *args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.hides_errors = self.adding

    def is_valid(self) -> bool:
        return not self.adding and super().is_valid()

    def filled(self) -> list[dict[str, Any]]:
        """The cleaned rows in which something was typed and that are not marked for removal."""
        return [
            form.cleaned_data
            for form in self.forms
            if form.has_changed() and form.is_valid() and not form.cleaned_data.get("DELETE")
        ]


def _whole(text: Any) -> int:
    return int(text) if str(text).isdigit() else 0


def govuk_formset(
    form: type[BaseForm],
    *,
    row_name: str,
    extra: int = 1,
    min_num: int = 0,
    max_num: int = 40,
    can_delete: bool = False,
) -> type[GovukFormSet]:
    """A formset class whose rows are called ``row_name`` ("Action" gives "Action 1")."""
    made = formset_factory(
        form,
        formset=GovukFormSet,
        extra=extra,
        min_num=min_num,
        validate_min=min_num > 0,
        max_num=max_num,
        validate_max=True,
        can_delete=can_delete,
    )
    return type(f"{row_name}FormSet", (made,), {"row_name": row_name})
