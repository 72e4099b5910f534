"""A bound field: its ids, its answers, where its errors link to, and which of the pack's templates renders it.

A form of twenty fields has a budget of five milliseconds. So a field is one small template given plain values:
nothing is computed during rendering, and ids and names, which hold no mark-up, are not escaped one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.template.loader import get_template
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from govuk.cleaning import clean_line
from govuk.date_fields import PARTS, DateTimeInput

# The first match wins: a group of checkboxes is also a kind of select.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
)
CONTROL_CLASSES = {
    "text": "govuk-input",
    "password": "govuk-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}
IN_FIELDSETS = {"date", "datetime", "radios", "checkboxes", "scale"}
BOX_CLASSES = {
    "day": SafeString("govuk-input--width-2"),
    "month": SafeString("govuk-input--width-2"),
    "year": SafeString("govuk-input--width-4"),
}


class GovukBoundField(BoundField):
    """The value of ``form["name"]``: renders with ``{{ form.name.as_field_group }}`` or from a layout."""

    @cached_property
    def kind(self) -> str:
        """Return which of the pack's templates renders the field."""
        widget = self.field.widget
        if widget.is_hidden:
            return "hidden"
        return getattr(widget, "kind", "") or next((kind for of, kind in KINDS if isinstance(widget, of)), "text")

    @property
    def data(self) -> Any:
        """Return what was sent, in one line where the field has one."""
        value = super().data
        return clean_line(value) if isinstance(value, str) and self._is_one_line else value

    @cached_property
    def _is_one_line(self) -> bool:
        return isinstance(self.field, forms.CharField) and self.kind == "text"

    @cached_property
    def control_id(self) -> str:
        """Return the id of the field's control; every other id of the field starts with it."""
        return SafeString(self.auto_id or f"id_{self.html_name}")

    @property
    def messages(self) -> list[str]:
        """Return the errors in words; none while rows are only being added."""
        return [] if getattr(self.form, "hides_errors", False) else [str(error) for error in self.errors]

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """Return each message with the id of the control its link leads to."""
        if not self.messages:
            return []
        found = self.form.errors.as_data().get(self.name, [])
        landings = [self._landing(error.params) for error in found for _ in error.messages]
        return list(zip(self.messages, landings, strict=True))

    @property
    def first_control(self) -> str:
        """Return the id of the first thing to type in or tick."""
        return self._landing(None)

    def _landing(self, params: Any) -> str:
        if self.kind not in ("date", "datetime"):
            return self.control_id
        parts = params.get("parts") if isinstance(params, dict) else None
        return self._box_id(parts[0] if parts else PARTS[0])

    def _box_id(self, part: str) -> str:
        if self.kind == "date":
            return SafeString(f"{self.control_id}_{part}")
        date, time = self.field.widget.names(self.html_name)
        stem = self.control_id.removesuffix(self.html_name)
        return SafeString(f"{stem}{time}" if part == "time" else f"{stem}{date}_{part}")

    def as_field_group(self, **options: Any) -> SafeString:
        """Render label, hint, errors and control.

        Options: size (s, m, l), label_hidden, optional, small, segments, rows, css_class (of the control), and
        reveals: for each answer, what it reveals and whether that is open.
        """
        form: Any = self.form
        form.rendered_fields.add(self.name)
        if self.kind == "hidden":
            return SafeString(str(self))
        template = get_template(f"gds/fields/{self.kind}.html")
        return SafeString(template.render(self._context(**options)))

    def _context(
        self,
        *,
        size: str = "",
        label_hidden: bool = False,
        optional: bool | None = None,
        small: bool = False,
        segments: bool = False,
        rows: int | None = None,
        css_class: str = "",
        reveals: Mapping[str, tuple[SafeString, bool]] | None = None,
    ) -> dict[str, Any]:
        messages = self.messages
        errors = [
            (SafeString(f"{self.control_id}_error_{number}"), text) for number, text in enumerate(messages, start=1)
        ]
        hint_id = SafeString(f"{self.control_id}_hint" if self.help_text else "")
        described_by = SafeString(" ".join(filter(None, [hint_id, *(error_id for error_id, _ in errors)])))
        if optional is None:
            optional = (
                not self.field.required
                and self.kind != "checkbox"
                and getattr(self.form, "marks_optional", False)
                and getattr(self.field, "marks_optional", True)
            )
        label = "govuk-fieldset__legend" if self.kind in IN_FIELDSETS else "govuk-label"
        label_class = f"{label}{f' {label}--{size}' if size else ''}{' govuk-visually-hidden' if label_hidden else ''}"
        context: dict[str, Any] = {
            "id": self.control_id,
            "label": self.label,
            "label_class": SafeString(label_class),
            "optional": optional,
            "hint": self.help_text,
            "hint_id": hint_id,
            "errors": errors,
            "described_by": described_by,
            "small": small,
        }
        if self.kind == "date":
            context["boxes"] = self._boxes(self.value(), wrong=bool(errors))
        elif self.kind == "datetime":
            context |= self._moment(wrong=bool(errors))
        elif self.kind in ("radios", "checkboxes", "scale"):
            context |= self._answers(reveals or {}, segments=segments)
        else:
            context |= self._control(described_by, css_class, rows, wrong=bool(errors))
        return context

    # ------------------------------------------------------------ one control

    def _control(self, described_by: str, css_class: str, rows: int | None, *, wrong: bool) -> dict[str, Any]:
        css = CONTROL_CLASSES[self.kind]
        widget = self.field.widget
        classes = [css, widget.attrs.get("class", ""), css_class, f"{css}--error" if wrong else ""]
        attrs: dict[str, Any] = {"id": self.control_id}
        if self.kind == "password":
            classes.append("govuk-password-input__input govuk-js-password-input-input")
            attrs |= {"spellcheck": "false", "autocapitalize": "none"}
        if self.kind == "textarea":
            if rows:
                attrs["rows"] = rows
            if getattr(self.form, "keeps_draft", False):
                attrs["data-autosave"] = "true"
        if self.kind in ("text", "textarea") and "dir" not in widget.attrs:
            attrs["dir"] = "auto"
        attrs["class"] = " ".join(filter(None, classes))
        # Django would point at a hint element of its own naming.
        attrs["aria-describedby"] = described_by or False
        drawn = widget.get_context(self.html_name, self.value(), self.build_widget_attrs(attrs, widget))["widget"]
        return {"widget": drawn, "attrs": flatatt(drawn["attrs"])}

    @property
    def aria_describedby(self) -> str | None:
        """Return None: ``_control`` sets it, with the ids of our templates."""
        return None

    # ------------------------------------------------------------ dates

    def _wrong_parts(self) -> set[str]:
        found = self.form.errors.as_data().get(self.name, [])
        parts = [error.params.get("parts") for error in found if isinstance(error.params, dict)]
        return {part for named in parts if named for part in named} or {*PARTS, "time"}

    def _boxes(self, value: Any, *, wrong: bool) -> list[dict[str, Any]]:
        widget = self.field.widget
        if isinstance(widget, DateTimeInput):
            name, _ = widget.names(self.html_name)
            values = value
        else:
            name = self.html_name
            values = value if isinstance(value, list | tuple) else widget.decompress(value)
        marked = self._wrong_parts() if wrong else set()
        return [
            {
                "id": self._box_id(part),
                "name": SafeString(f"{name}_{part}"),
                "value": "" if typed is None else typed,
                "label": SafeString(part.capitalize()),
                "wrong": part in marked,
                "css": BOX_CLASSES[part],
                "numeric": part != "month",
                "disabled": self.field.disabled,
            }
            for part, typed in zip(PARTS, values, strict=True)
        ]

    def _moment(self, *, wrong: bool) -> dict[str, Any]:
        value = self.value()
        date, time = value if isinstance(value, list | tuple) else self.field.widget.decompress(value)
        field: Any = self.field
        return {
            "boxes": self._boxes(date, wrong=wrong),
            "time_id": self._box_id("time"),
            "time_name": field.widget.names(self.html_name)[1],
            "time_label": field.time_label,
            "time_hint": field.time_help_text,
            "time_value": "" if time is None else time,
            "time_wrong": wrong and "time" in self._wrong_parts(),
            "disabled": field.disabled,
        }

    # ------------------------------------------------------------ radios and checkboxes

    def _answers(self, reveals: Mapping[str, tuple[SafeString, bool]], *, segments: bool) -> dict[str, Any]:
        widget: Any = self.field.widget
        hints, dividers = getattr(widget, "hints", {}), getattr(widget, "dividers", {})
        hint_from = getattr(widget, "hint_from", None)
        groups: list[tuple[str, list[dict[str, Any]]]] = []
        position = 0
        chosen = widget.format_value(self.value()) or []
        for name, options, _ in widget.optgroups(self.html_name, chosen, None):
            items = []
            for option in options:
                value = str(option["value"])
                if value in ("", "None") and not option["label"]:
                    continue
                instance = getattr(option["value"], "instance", None)
                hint = hint_from(instance) if hint_from and instance is not None else hints.get(value, "")
                item_id = SafeString(f"{self.control_id}_{position}") if position else self.control_id
                revealed, is_open = reveals.get(value, ("", False))
                items.append(
                    {
                        "id": item_id,
                        "value": value,
                        "label": option["label"],
                        "hint": hint,
                        "divider": dividers.get(value, ""),
                        "revealed": revealed,
                        "open": is_open,
                        "attrs": SafeString(
                            (" checked" if option["selected"] else "")
                            + (" disabled" if self.field.disabled else "")
                            + (f' aria-describedby="{item_id}_item_hint"' if hint else "")
                        ),
                    }
                )
                position += 1
            if groups and groups[-1][0] == (name or ""):
                groups[-1][1].extend(items)
            else:
                groups.append((str(name or ""), items))
        answers: dict[str, Any] = {
            "name": SafeString(self.html_name),
            "groups": groups,
            "grouped": any(name for name, _ in groups),
            "inline": getattr(widget, "inline", False) and not reveals,
            "segments": segments,
        }
        if self.kind == "scale":
            items = [item for _, members in groups for item in members]
            answers["steps"] = [item for item in items if item["value"].lstrip("-").isdigit()]
            answers["others"] = [item for item in items if not item["value"].lstrip("-").isdigit()]
            answers |= {"low_words": widget.low_words, "high_words": widget.high_words}
            if answers["steps"]:
                answers["steps"][-1]["end_words"] = widget.high_words
                answers["steps"][0]["end_words"] = widget.low_words
        return answers
