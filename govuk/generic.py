"""The one page with a form: show it, validate it, call a service, redirect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from govuk.forms import GovukBaseForm
from govuk.layout import Button

T = TypeVar("T")

# Renders a page; Django's ``render`` unless the page has a layout of its own.
Draw = Callable[[HttpRequest, str, dict[str, Any]], HttpResponse]


def form_view(
    request: HttpRequest,
    form: GovukBaseForm,
    save: Callable[[dict[str, Any]], T],
    *,
    success_url: str | Callable[[T], str],
    template_name: str = "govuk/form_page.html",
    success_message: str | Callable[[T], str] = "",
    cancel_url: str = "",
    button: str | Button = "",
    renamed: Mapping[str, str] | None = None,
    parts: Sequence[BaseForm] = (),
    draw: Draw = render,
    **context: Any,
) -> HttpResponse:
    """Show ``form`` until the input is valid and ``save`` accepts it, then show a message and redirect.

    The view has already called its gatekeeper and created the form, usually with drafts' ``kept_form``.
    ``save`` is one service call, given the cleaned data; what it refuses is shown beside the field it names,
    mapped by ``renamed`` where the form's name differs. ``parts`` are further forms of the page that must be
    valid as well. ``success_url`` and ``success_message`` may depend on what ``save`` returns. ``context`` goes
    to the template, which ``draw`` may wrap in a layout.
    """
    if button:
        form.button = button
    form.cancel_url = cancel_url or form.cancel_url
    # Validate each, so that each reports its own errors.
    valid = [one.is_valid() for one in (form, *parts)] if request.method == "POST" else [False]
    if all(valid):
        saved: list[T] = []
        if form.accepts(lambda: saved.append(save(form.cleaned_data)), renamed=renamed):
            message = success_message(saved[0]) if callable(success_message) else success_message
            if message:
                messages.success(request, message)
            return redirect(success_url(saved[0]) if callable(success_url) else success_url)
    return draw(request, template_name, {"form": form, **context})
