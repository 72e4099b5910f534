"""The error summary of a page: each message once, with the control its link leads to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet


def error_links(forms_and_sets: Iterable[BaseForm | BaseFormSet]) -> list[tuple[str, str]]:
    """Return every error of the given forms in page order: the message and an id, "" where there is none."""
    links: list[tuple[str, str]] = []
    for thing in forms_and_sets:
        if not isinstance(thing, BaseFormSet):
            links += _of_form(thing)
        elif not getattr(thing, "adding", False):
            links += [(str(message), "") for message in thing.non_form_errors()]
            name = getattr(thing, "row_name", "Row")
            links += [
                (f"{name} {number}: {message}", landing)
                for number, form in enumerate(thing.forms, start=1)
                for message, landing in _of_form(form)
            ]
    return links


def _of_form(form: BaseForm) -> list[tuple[str, str]]:
    if not form.is_bound or getattr(form, "hides_errors", False):
        return []
    fields: list[Any] = form.in_page_order() if hasattr(form, "in_page_order") else list(form)
    first = next((bound for bound in fields if not bound.is_hidden), None)
    links = [(str(message), first.first_control if first else "") for message in form.non_field_errors()]
    for bound in fields:
        links += [(message, "" if bound.is_hidden else landing) for message, landing in bound.error_links]
    return links
