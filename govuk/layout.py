"""How the parts of a form are laid out: django-crispy-forms' layout with the template pack of the design system.

Only this module imports the library. The layout objects here keep the library's names and draw faster and, where the
pack falls short, better: radios and checkboxes whose answers bring further fields, fields drawn from one small
template each, buttons named after what they do. ``docs/adr/0013`` has the figures.

A layout holds no state, so a form class can share one: ``layout = Layout("name", Fieldset("why", legend="Reason"))``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import LayoutObject
from crispy_forms_gds import layout as gds
from crispy_forms_gds.helper import FormHelper as PackHelper
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from govuk.forms import GovukBaseForm

__all__ = [
    "HTML",
    "Button",
    "Conditional",
    "Details",
    "Div",
    "Field",
    "Fieldset",
    "FormHelper",
    "FormSetHelper",
    "Include",
    "Layout",
    "Row",
    "button_html",
]

BUTTON_LOOKS = {
    "primary": "",
    "secondary": " govuk-button--secondary",
    "warning": " govuk-button--warning",
    "secondary warning": " govuk-button--secondary govuk-button--warning",
}


def button_html(
    text: str, *, look: str = "primary", name: str = "", value: str = "1", href: str = "", css_class: str = ""
) -> SafeString:
    """Return a button that submits its form, or with ``href`` a link that looks like one."""
    css = f"govuk-button{BUTTON_LOOKS[look]}{f' {css_class}' if css_class else ''}"
    if href:
        return format_html(
            '<a class="{}" href="{}" role="button" draggable="false" data-module="govuk-button">{}</a>', css, href, text
        )
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button class="{}" type="submit"{} data-module="govuk-button" data-prevent-double-click="true">{}</button>',
        css,
        named,
        text,
    )


class Button:
    """A button of a form: ``Button("Save and add another", name="another", look="secondary")``."""

    def __init__(self, text: str, **options: Any) -> None:
        self.html = button_html(text, **options)

    def render(self, *_: Any, **__: Any) -> SafeString:
        return self.html


def _drawn(part: Any, form: GovukBaseForm, context: Any) -> str:
    if not isinstance(part, str):
        return str(part.render(form, context))
    # A form may leave out some of its fields; a name it never had is a typing error.
    if part not in form.fields and part not in type(form).base_fields:  # type: ignore[attr-defined]
        raise KeyError(f"{type(form).__name__} has no field {part!r}")
    return form.draw(part)


class _Parts:
    fields: list[Any]

    def get_rendered_fields(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> SafeString:
        return SafeString("".join(_drawn(part, form, context) for part in self.fields))


class Layout(_Parts, gds.Layout):
    """The order of a form: names of fields and the parts below."""


class Div(_Parts, gds.Div):
    """Parts in a ``<div>``: ``Div("from", "to", css_class="cp-columns")``."""

    def render(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> SafeString:
        inside = self.get_rendered_fields(form, context)
        return format_html('<div class="{}">{}</div>', self.css_class or "", inside) if inside else inside


class Row(Div):
    """Short fields side by side; stacked on a phone."""

    css_class = "cp-row-form"

    def render(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> SafeString:
        inside = super().render(form, context)
        return format_html('<div class="govuk-form-group">{}</div>', inside) if inside else inside


class Fieldset(_Parts, LayoutObject):
    """Parts under one legend."""

    def __init__(self, *parts: Any, legend: str = "", legend_size: str = "m", css_class: str = "") -> None:
        self.fields = list(parts)
        self.legend = legend
        self.legend_size = legend_size
        self.css_class = css_class

    def render(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> SafeString:
        legend = format_html(
            '<legend class="govuk-fieldset__legend govuk-fieldset__legend--{}">{}</legend>',
            self.legend_size,
            self.legend,
        )
        return format_html(
            '<fieldset class="govuk-fieldset {}">{}{}</fieldset>',
            self.css_class,
            legend if self.legend else "",
            self.get_rendered_fields(form, context),
        )


class Details(_Parts, LayoutObject):
    """Parts folded behind a summary, until the form is submitted and something may need correcting.

    With ``shows_filled`` they are also unfolded where any of them has a value, with ``unfolds_on_errors_only`` only
    where one of them needs correcting: for forms with many such parts.
    """

    def __init__(
        self,
        *parts: Any,
        summary: str,
        unfolded: bool = False,
        shows_filled: bool = False,
        unfolds_on_errors_only: bool = False,
        css_class: str = "",
    ) -> None:
        self.fields = list(parts)
        self.summary = summary
        self.unfolded = unfolded
        self.shows_filled = shows_filled
        self.unfolds_on_errors_only = unfolds_on_errors_only
        self.css_class = css_class

    def render(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> SafeString:
        return format_html(
            '<details class="govuk-details{}"{}><summary class="govuk-details__summary">'
            '<span class="govuk-details__summary-text">{}</span></summary>'
            '<div class="govuk-details__text">{}</div></details>',
            f" {self.css_class}" if self.css_class else "",
            " open" if self._is_unfolded(form) else "",
            self.summary,
            self.get_rendered_fields(form, context),
        )

    def _is_unfolded(self, form: GovukBaseForm) -> bool:
        if self.unfolds_on_errors_only:
            return _has_errors(form, self)
        return form.is_bound or self.unfolded or self._is_filled(form)

    def _is_filled(self, form: GovukBaseForm) -> bool:
        fields: list[Any] = [form[pointer.name] for pointer in self.get_field_names()]
        return self.shows_filled and any(field.value() for field in fields)


class Field(LayoutObject):
    """One field with non-default options: ``Field("postcode", css_class="govuk-input--width-10")``.

    Options: size (s, m, l), label_hidden, optional, small, segments, rows, css_class; see ``GovukBoundField``.
    """

    def __init__(self, name: str, **options: Any) -> None:
        self.fields = [name]
        self.options = options

    def render(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> str:  # noqa: ARG002 crispy's own
        return form.draw(self.fields[0], **self.options)


class Conditional(Field):
    """Radios or checkboxes whose answers reveal more: ``Conditional("outcome", {"other": ["other_outcome"]})``.

    An answer's parts appear below it, opened by that answer, and by an error in them whatever the answer.
    """

    def __init__(self, name: str, answers: Mapping[Any, Sequence[Any]], **options: Any) -> None:
        super().__init__(name, **options)
        self.answers = {
            str(answer.value if isinstance(answer, Enum) else answer): Layout(*parts)
            for answer, parts in answers.items()
        }

    def get_layout_objects(self, *classes: Any, **options: Any) -> list[Any]:
        found: list[Any] = super().get_layout_objects(*classes, **options)
        for inner in self.answers.values():
            found += inner.get_layout_objects(*classes, **options)
        return found

    def render(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> str:
        reveals = {
            answer: (inner.get_rendered_fields(form, context), _has_errors(form, inner))
            for answer, inner in self.answers.items()
        }
        return form.draw(
            self.fields[0], reveals={answer: parts for answer, parts in reveals.items() if parts[0]}, **self.options
        )


def _has_errors(form: GovukBaseForm, inner: Any) -> bool:
    fields: list[Any] = [form[pointer.name] for pointer in inner.get_field_names() if pointer.name in form.fields]
    return any(field.messages for field in fields)


class Include(LayoutObject):
    """A template between the fields, with the page's own context and ``form``: a table, a child's row of fields.

    ``draws`` names the fields that it draws, so that their errors are listed where they appear.
    """

    def __init__(self, template_name: str, *, draws: Sequence[str] = (), **context: Any) -> None:
        self.fields: list[Any] = []
        self.draws = tuple(draws)
        self.template_name = template_name
        self.context = context

    def render(self, form: GovukBaseForm, context: Any, *_: Any, **__: Any) -> SafeString:
        around = {**context.flatten(), **self.context, "form": form}
        return SafeString(get_template(self.template_name).render(around))


class HTML(LayoutObject):
    """Fixed words between the fields: ``HTML('<p class="govuk-body">…</p>')``."""

    def __init__(self, html: str) -> None:
        self.fields: list[Any] = []
        self.html = mark_safe(html)

    def render(self, *_: Any, **__: Any) -> SafeString:
        return self.html


def names_in_order(part: Any) -> Iterator[str]:
    """Yield the names of the fields in a layout, as they come on the page; a revealed one after its question."""
    if isinstance(part, str):
        yield part
        return
    for inner in (*getattr(part, "draws", ()), *part.fields, *getattr(part, "answers", {}).values()):
        yield from names_in_order(inner)


class FormHelper(PackHelper):
    """How ``{% crispy form %}`` renders our forms: hidden fields and any the layout omits are always rendered."""

    render_hidden_fields = True
    render_unmentioned_fields = True
    form_class = "cp-form"
    buttons_class = "govuk-button-group"
    # The library would resolve the URL by name, which we have already done.
    form_action = ""

    def __init__(self, form: GovukBaseForm) -> None:
        super().__init__()
        self.attrs: dict[str, Any] = {"novalidate": True}
        if form.answers_with_a_page:
            self.attrs["data-answers-with-a-page"] = True
        self.form_tag = not form.inside_another
        self.form_id = form.form_id
        self.layout = form.layout or Layout(*form.fields)

    def render_layout(self, form: GovukBaseForm, context: Any, template_pack: Any = None) -> SafeString:  # noqa: ARG002
        form.rendered_fields = set()
        html = self.layout.get_rendered_fields(form, context)
        left = "".join(
            form.draw(name) for name in form.fields if name not in form.rendered_fields | form.drawn_on_demand
        )
        return SafeString(html + left)


class FormSetHelper(PackHelper):
    """How ``{% crispy formset %}`` renders rows: each by its own form's layout."""

    # The library requires one; each row brings its own.
    layout = Layout(HTML(""))

    def __init__(self) -> None:
        super().__init__()
        self.form_tag = False

    def render_layout(self, form: GovukBaseForm, context: Any, template_pack: Any = None) -> SafeString:
        return form.helper.render_layout(form, context, template_pack)
