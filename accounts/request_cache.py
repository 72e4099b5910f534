"""Per-request cache for queries that every access rule repeats."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import TypeVar, cast

from django.http import HttpRequest, HttpResponseBase

T = TypeVar("T")

_answers: ContextVar[dict[Hashable, object] | None] = ContextVar("answers of this request", default=None)


def once_per_request(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer of ``ask``, kept until the request ends; outside a request it is asked each time."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return cast("T", answers[key])


class AskOnceMiddleware:
    """Begins each request without answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _answers.set({})
        try:
            return self.get_response(request)
        finally:
            _answers.reset(token)
