"""The one page with a form: shown, judged, handed to a service, and left for the next page."""

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

# Draws a page; as Django's own ``render``, which it is unless a page stands in a frame.
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
    """Show ``form`` until what was posted is valid and ``save`` accepts it, then say so and go on.

    The view has asked its gatekeeper and made the form, mostly with ``kept_form`` of the drafts. ``save`` is one
    service call, given the cleaned data; what it refuses stands beside the field it names, by ``renamed`` where the
    form calls an argument otherwise. ``parts`` are further forms of the page that are valid together with this one.
    What ``save`` gives back may decide ``success_url`` and ``success_message``. ``context`` goes to the template,
    which ``draw`` may put into a frame.
    """
    if button:
        form.button = button
    form.cancel_url = cancel_url or form.cancel_url
    # Each is asked, so that each says what is wrong with it.
    valid = [one.is_valid() for one in (form, *parts)] if request.method == "POST" else [False]
    if all(valid):
        saved: list[T] = []
        if form.accepts(lambda: saved.append(save(form.cleaned_data)), renamed=renamed):
            message = success_message(saved[0]) if callable(success_message) else success_message
            if message:
                messages.success(request, message)
            return redirect(success_url(saved[0]) if callable(success_url) else success_url)
    return draw(request, template_name, {"form": form, **context})
