"""What a template must know to draw one field: unique ids, what describes what, where errors land."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet

from govuk.fields import PARTS, DateInput


@dataclass(frozen=True)
class DrawnItem:
    """One radio or checkbox, one box of a date."""

    id: str
    name: str
    value: str
    label: str
    checked: bool = False
    hint: str = ""
    divider: str = ""
    hint_id: str = ""
    wrong: bool = False
    disabled: bool = False
    css: str = ""
    revealed: list[BoundField] = field(default_factory=list)
    reveal_id: str = ""

    @property
    def reveal_open(self) -> bool:
        """An error in there must be seen even when another answer is ticked."""
        return any(errors_of(bound) for bound in self.revealed)


@dataclass(frozen=True)
class ErrorLink:
    message: str
    href: str


# The first that fits: a group of checkboxes is also a kind of select.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)


def kind_of(bound: BoundField) -> str:
    """Which template draws the field."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if kind := getattr(widget, "kind", ""):
        return str(kind)
    return next((kind for widget_class, kind in KINDS if isinstance(widget, widget_class)), "text")


def base_id(bound: BoundField) -> str:
    """The id of a field's control; every other id of the field starts with it."""
    return bound.auto_id or f"id_{bound.html_name}"


def errors_of(bound: BoundField) -> list[str]:
    """What is wrong with a field, in words; nothing while rows are only being added."""
    return [] if getattr(bound.form, "hides_errors", False) else [str(error) for error in bound.errors]


def _wrong_parts(bound: BoundField) -> list[str]:
    found: list[ValidationError] = (
        bound.form.errors.as_data().get(bound.name, []) if bound.form.is_bound else []
    )
    for error in found:
        if isinstance(error.params, dict) and error.params.get("parts"):
            return list(error.params["parts"])
    return list(PARTS)


def date_boxes(bound: BoundField) -> list[DrawnItem]:
    """The three boxes with what was typed in them."""
    identifier = base_id(bound)
    value = bound.value()
    values = value if isinstance(value, list | tuple) else bound.field.widget.decompress(value)
    wrong = _wrong_parts(bound) if errors_of(bound) else []
    return [
        DrawnItem(
            id=f"{identifier}_{part}",
            name=f"{bound.html_name}_{part}",
            value="" if typed is None else str(typed),
            label=part.capitalize(),
            wrong=part in wrong,
            css={
                "day": "govuk-input--width-2",
                "month": "govuk-input--width-2",
                "year": "govuk-input--width-4",
            }[part],
        )
        for part, typed in zip(PARTS, values, strict=True)
    ]


def items_of(bound: BoundField) -> list[tuple[str, list[DrawnItem]]]:
    """Radios or checkboxes in their groups; a field without groups has one, without a name."""
    widget = bound.field.widget
    identifier = base_id(bound)
    hints: dict[str, str] = getattr(widget, "hints", {})
    dividers: dict[str, str] = getattr(widget, "dividers", {})
    hint_from = getattr(widget, "hint_from", None)
    reveals = getattr(bound.form, "reveals", {}).get(bound.name, {})
    groups: list[tuple[str, list[DrawnItem]]] = []
    position = 0
    for name, options, _index in widget.optgroups(bound.html_name, _as_strings(bound.value(), bound), None):
        drawn = []
        for option in options:
            if (
                option["value"] in ("", None)
                and getattr(bound.field, "empty_label", None) is None
                and not option["label"]
            ):
                continue
            value = str(option["value"])
            instance = getattr(option["value"], "instance", None)
            hint = hint_from(instance) if hint_from and instance is not None else hints.get(value, "")
            item_id = identifier if position == 0 else f"{identifier}_{position}"
            drawn.append(
                DrawnItem(
                    id=item_id,
                    name=bound.html_name,
                    value=value,
                    label=option["label"],
                    checked=bool(option["selected"]),
                    hint=hint,
                    divider=dividers.get(value, ""),
                    hint_id=f"{item_id}_item_hint" if hint else "",
                    disabled=bool(bound.field.disabled),
                    revealed=[
                        bound.form[other] for other in reveals.get(value, []) if other in bound.form.fields
                    ],
                    reveal_id=f"{item_id}_reveal",
                )
            )
            position += 1
        if (name and groups and groups[-1][0] == name) or (not name and groups and not groups[-1][0]):
            groups[-1][1].extend(drawn)
        else:
            groups.append((str(name or ""), drawn))
    return groups


def _as_strings(value: Any, bound: BoundField) -> list[str]:
    return bound.field.widget.format_value(value) or []


def first_control(bound: BoundField) -> str:
    """The id on which an error link lands: the first radio, checkbox or wrong date box, else the control."""
    if isinstance(bound.field.widget, DateInput):
        wrong = _wrong_parts(bound)
        return f"{base_id(bound)}_{wrong[0]}"
    return base_id(bound)


def revealed_names(form: BaseForm) -> set[str]:
    """Fields drawn inside an answer of another field, hence not again by themselves."""
    reveals = getattr(form, "reveals", {})
    return {name for answers in reveals.values() for names in answers.values() for name in names}


def error_links(forms_and_sets: Iterable[BaseForm | BaseFormSet]) -> list[ErrorLink]:
    """Every error of the given forms, in the order of the page."""
    links: list[ErrorLink] = []
    for thing in forms_and_sets:
        if isinstance(thing, BaseFormSet):
            if getattr(thing, "adding", False):
                continue
            links += [ErrorLink(str(message), "") for message in thing.non_form_errors()]
            row_name = getattr(thing, "row_name", "Row")
            for number, form in enumerate(thing.forms, start=1):
                links += [
                    ErrorLink(f"{row_name} {number}: {link.message}", link.href) for link in _form_links(form)
                ]
        else:
            links += _form_links(thing)
    return links


def _form_links(form: BaseForm) -> list[ErrorLink]:
    if not form.is_bound or getattr(form, "hides_errors", False):
        return []
    visible = [bound for bound in form if not bound.is_hidden]
    landing = f"#{first_control(visible[0])}" if visible else ""
    links = [ErrorLink(str(message), landing) for message in form.non_field_errors()]
    for bound in form:
        links += [
            ErrorLink(message, "" if bound.is_hidden else f"#{first_control(bound)}")
            for message in errors_of(bound)
        ]
    return links


def drawn_field(bound: BoundField, **options: Any) -> dict[str, Any]:
    """The context of ``govuk/field.html``. ``options`` are the extra words of ``{% govuk_field %}``."""
    kind = kind_of(bound)
    identifier = base_id(bound)
    errors = errors_of(bound)
    hint = options.get("hint", bound.help_text)
    hint_id = f"{identifier}_hint" if hint else ""
    error_ids = [f"{identifier}_error_{number}" for number, _ in enumerate(errors, start=1)]
    described_by = " ".join([*([hint_id] if hint_id else []), *error_ids])
    context: dict[str, Any] = {
        "bound": bound,
        "kind": kind,
        "template": f"govuk/fields/{kind}.html",
        "identifier": identifier,
        "label": options.get("label", bound.label),
        "optional": options.get("optional", _says_optional(bound, kind)),
        "hint": hint,
        "hint_id": hint_id,
        "errors": list(zip(error_ids, errors, strict=True)),
        "described_by": described_by,
        "label_size": options.get("size", ""),
        "label_hidden": options.get("label_hidden", False),
        "label_is_heading": options.get("heading", False),
        "inline": options.get("inline", getattr(bound.field.widget, "inline", False)),
        "small": options.get("small", False),
        "segments": options.get("segments", False),
        "prefix": options.get("prefix", ""),
        "suffix": options.get("suffix", ""),
        "autosave": getattr(bound.form, "keeps_draft", False),
        "group_class": options.get("group_class", ""),
    }
    if kind == "date":
        context["boxes"] = date_boxes(bound)
    elif kind in ("radios", "checkboxes", "scale"):
        context["groups"] = items_of(bound)
        context["grouped"] = any(name for name, _ in context["groups"])
        context["low_words"] = getattr(bound.field.widget, "low_words", "")
        context["high_words"] = getattr(bound.field.widget, "high_words", "")
        context["reveals_any"] = any(item.revealed for _, items in context["groups"] for item in items)
        context["steps"] = [
            item for _, items in context["groups"] for item in items if item.value.lstrip("-").isdigit()
        ]
        context["others"] = [
            item for _, items in context["groups"] for item in items if not item.value.lstrip("-").isdigit()
        ]
    elif kind != "hidden":
        context["control"] = _control(bound, kind, described_by, bool(errors), options)
    return context


def _says_optional(bound: BoundField, kind: str) -> bool:
    return (
        not bound.field.required
        and kind not in ("checkbox", "hidden")
        and getattr(bound.form, "marks_optional", False)
    )


def _control(bound: BoundField, kind: str, described_by: str, wrong: bool, options: dict[str, Any]) -> Any:
    css = {
        "text": "govuk-input",
        "password": "govuk-input",
        "textarea": "govuk-textarea",
        "select": "govuk-select",
        "file": "govuk-file-upload",
        "checkbox": "govuk-checkboxes__input",
    }[kind]
    classes = [css, bound.field.widget.attrs.get("class", ""), options.get("classes", "")]
    if wrong:
        classes.append(f"{css}--error")
    if kind == "password":
        classes.append("govuk-password-input__input govuk-js-password-input-input")
    attrs: dict[str, Any] = {
        "id": base_id(bound),
        "class": " ".join(filter(None, classes)),
        "aria-describedby": described_by or None,
    }
    if kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if kind == "textarea" and options.get("rows"):
        attrs["rows"] = options["rows"]
    if kind == "textarea" and getattr(bound.form, "keeps_draft", False):
        attrs["data-autosave"] = "true"
    if kind in ("text", "textarea") and "dir" not in bound.field.widget.attrs:
        attrs["dir"] = "auto"
    # Django would point at a hint element of its own naming.
    return bound.as_widget(
        attrs={name: value for name, value in attrs.items() if value is not None}
        | ({} if described_by else {"aria-describedby": False})
    )
