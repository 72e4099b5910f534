"""The base of every form: plain messages, clean text, drafts, one way to render and one to be accepted.

A form declares its appearance in its ``layout`` (``govuk.layout``) and its ``button``; ``{% crispy form %}``
renders it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.forms import BaseForm
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from govuk.bound_fields import GovukBoundField
from govuk.cleaning import clean_text
from govuk.date_fields import DateInput, DateInputField, DateTimeField, OneBoxDateField, TimeField
from govuk.fields import (
    LONG_TEXT,
    Checkboxes,
    CheckboxesField,
    FormKeyField,
    Item,
    LongTextField,
    ModelCheckboxesField,
    ModelRadiosField,
    ModelSelectField,
    Radios,
    RadiosField,
    ScaleField,
    SelectField,
    VersionField,
    YesNoField,
    say_lengths_in_words,
)
from govuk.layout import (
    HTML,
    Button,
    Conditional,
    Details,
    Div,
    Field,
    Fieldset,
    FormHelper,
    Include,
    Layout,
    Row,
    names_in_order,
)

__all__ = [
    "HTML",
    "LONG_TEXT",
    "BeyondTheForm",
    "Button",
    "Checkboxes",
    "CheckboxesField",
    "Conditional",
    "DateInput",
    "DateInputField",
    "DateTimeField",
    "Details",
    "Div",
    "Field",
    "Fieldset",
    "FilterForm",
    "FormHelper",
    "FormKeyField",
    "GovukBaseForm",
    "GovukForm",
    "GovukModelForm",
    "Include",
    "Item",
    "Layout",
    "LongTextField",
    "ModelCheckboxesField",
    "ModelRadiosField",
    "ModelSelectField",
    "OneBoxDateField",
    "Radios",
    "RadiosField",
    "ReasonForm",
    "Row",
    "ScaleField",
    "SelectField",
    "TimeField",
    "VersionField",
    "YesNoField",
    "clean_data",
    "clean_text",
    "clean_typed",
]

# All that is taken from a password: one that was chosen with an unusual space in it has to open the account again.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_typed(name: str, value: Any) -> Any:
    """Return what was typed into the field ``name``, cleaned; other than text stays as it is."""
    if isinstance(value, list):
        return [clean_typed(name, one) for one in value]
    if not isinstance(value, str):
        return value
    if "password" in name:
        return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return clean_text(value)


def clean_data(data: Any) -> Any:
    """Return a copy of what was sent with a form, cleaned; None for None."""
    if data is None:
        return None
    if isinstance(data, QueryDict):
        clean = data.copy()
        for name, values in data.lists():
            clean.setlist(name, clean_typed(name, values))
        return clean
    return {name: clean_typed(name, value) for name, value in data.items()}


def required_message(field: forms.Field, label: str) -> str:
    """Return what to do about an empty field, based on its label."""
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}”"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return f"Choose an answer for “{label}”"
    return f"Fill in “{label}”"


class BeyondTheForm(ValidationError):
    """A refusal that concerns more than the form, such as the end of a meeting: ``accepts`` lets it through."""


class GovukBaseForm(BaseForm):
    """Shared by ``GovukForm`` and ``GovukModelForm``."""

    keeps_draft: ClassVar[bool] = False
    # The order, fieldsets and revealed fields; by default, the fields as declared.
    layout: Layout | None = None
    # The id of the form tag, for a button of the form that stands elsewhere on the page.
    form_id: ClassVar[str] = ""
    # Rendered without a form tag and buttons, among the fields of another form.
    inside_another: ClassVar[bool] = False
    # Fields that a template among the others renders only when they matter.
    drawn_on_demand: ClassVar[frozenset[str]] = frozenset()
    # Smaller boxes and ticks, as in filters.
    small: ClassVar[bool] = False
    # Named after what it does; a view may set its own.
    button: str | Button = "Save"
    other_buttons: Sequence[Button] = ()
    # Where to go on cancelling, set by the view; without it there is no such link.
    cancel_url: Any = ""
    cancel_text = "Cancel"
    # Adds "(optional)" to the label of optional fields; filters turn it off.
    marks_optional: ClassVar[bool] = True
    # Whether an accepted form is answered with the page itself and leads nowhere: sending.js then leaves it alone.
    answers_with_a_page: ClassVar[bool] = False
    # Set while a formset is only adding a row: input is shown, not validated.
    hides_errors = False
    # The layout names already rendered, kept by the helper.
    rendered_fields: set[str]
    use_required_attribute = False
    bound_field_class = GovukBoundField

    def _adapt(self) -> None:
        self.rendered_fields = set()
        for name, field in self.fields.items():
            label = str(field.label) if field.label else name.replace("_", " ").capitalize()
            if field.required and _is_default_message(field):
                field.error_messages["required"] = required_message(field, label)
            if "Select a valid choice" in str(field.error_messages.get("invalid_choice", "")):
                field.error_messages["invalid_choice"] = "Choose one of the answers shown"
            say_lengths_in_words(field)

    @cached_property
    def helper(self) -> FormHelper:
        """Return how ``{% crispy form %}`` renders this form."""
        return FormHelper(self)

    @property
    def buttons(self) -> list[Button]:
        """Return the buttons below the fields, the main one first."""
        main = self.button if isinstance(self.button, Button) else Button(self.button)
        return [main, *self.other_buttons]

    def in_page_order(self) -> list[Any]:
        """Return the form's fields as they come on the page: those its layout names, then the others as declared."""
        named = list(dict.fromkeys(names_in_order(self.helper.layout)))
        names = [*(name for name in named if name in self.fields), *(name for name in self.fields if name not in named)]
        return [self[name] for name in names]

    def draw(self, name: str, **options: Any) -> SafeString:
        """Render one field, for a layout; nothing for a field that this form has left out."""
        if name not in self.fields:
            return SafeString("")
        return self[name].as_field_group(**{"small": self.small, **options})  # type: ignore[call-arg]

    def unbind(self) -> None:
        """Forget what was posted, with its errors, before ``restore`` shows it again as typed so far."""
        self.is_bound, self.data, self._errors = False, {}, None  # type: ignore[assignment]

    def restore(self, kept: Mapping[str, Any] | None) -> bool:
        """Show a saved draft (names and values as posted) in an unbound form; return False if there is none."""
        if not kept or self.is_bound:
            return False
        data: Any = kept
        if not hasattr(kept, "getlist"):
            data = QueryDict(mutable=True)
            for name, value in kept.items():
                data.setlist(name, value if isinstance(value, list) else [value])
        for name, field in self.fields.items():
            key = self.add_prefix(name)
            if isinstance(field, VersionField) or field.disabled:
                continue
            if not field.widget.value_omitted_from_data(data, {}, key):
                self.initial[name] = field.widget.value_from_datadict(data, {}, key)
        return True

    def accepts(self, act: Callable[[], object], *, renamed: Mapping[str, str] | None = None) -> bool:
        """Run ``act``, usually one service call, attaching what it refuses to the fields it names.

        ``renamed`` maps a service's argument to a field with another name. Returns False when refused, so that
        a view reads: valid, accepted, then redirect. Raises ``BeyondTheForm``.
        """
        try:
            act()
        except BeyondTheForm:
            raise
        except ValidationError as refusal:
            by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
            for argument, sentences in by_field.items():
                field = (renamed or {}).get(argument, argument)
                self.add_error(field if field in self.fields else None, sentences)
            return False
        return True


def _is_default_message(field: forms.Field) -> bool:
    return str(field.error_messages.get("required")) in (
        str(forms.Field.default_error_messages["required"]),
        DateInputField.default_error_messages["required"],
        TimeField.default_error_messages["required"],
    )


class GovukForm(GovukBaseForm, forms.Form):
    """A form with our messages, fields and rendering; see docs/pages.md."""

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(clean_data(data), files, *args, **kwargs)
        self._adapt()


class GovukModelForm(GovukBaseForm, forms.ModelForm):
    """The same for a model; dates, times and long text get our fields automatically."""

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(clean_data(data), files, *args, **kwargs)
        for name, field in self.fields.items():
            if type(field) is forms.DateField:
                self.fields[name] = DateInputField(
                    label=field.label, help_text=field.help_text, required=field.required, initial=field.initial
                )
            elif type(field) is forms.TimeField:
                self.fields[name] = TimeField(
                    label=field.label, help_text=field.help_text, required=field.required, initial=field.initial
                )
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs = {"rows": 4}
        self._adapt()


class FilterForm(GovukForm):
    """Filters above a list, sent as part of the URL; "Show all" once something is chosen."""

    marks_optional = False
    small = True
    button = Button("Show", look="secondary")
    cancel_text = "Show all"
    # Its name for screen readers.
    purpose: ClassVar[str] = "Filter the list"

    def _adapt(self) -> None:
        super()._adapt()
        self.cancel_url = "?" if self.data else ""

    @cached_property
    def helper(self) -> FormHelper:
        """Return a helper with fields and button on one line, sent with GET."""
        helper = FormHelper(self)
        helper.form_method = "get"
        helper.form_class = "cp-filter"
        helper.buttons_class = "cp-filter__actions"
        helper.attrs |= {"aria-label": self.purpose}
        return helper


class ReasonForm(GovukForm):
    """One reason, for what must not happen silently: ``ReasonForm(data, label="Why is it withdrawn?")``.

    ``field`` is the service's name for it.
    """

    keeps_draft = True
    reason = LongTextField(rows=3)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        label: str = "Why?",
        field: str = "reason",
        required: str = "",
        help_text: str = "",
        button: str | Button = "Save",
        max_length: int = LONG_TEXT,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        reason = self.fields.pop("reason")
        reason.label, reason.help_text = label, help_text
        reason.validators.append(MaxLengthValidator(max_length))
        reason.error_messages["required"] = required or required_message(reason, label)
        self.fields[field] = reason
        self.button = button
