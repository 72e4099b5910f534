"""Per-request cache for queries that every access rule repeats.

Nothing survives a write, which empties the cache; inside a transaction, where services re-read what they have
locked, answers are shared within one statement only.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from accounts.models import AccessEvent

T = TypeVar("T")

# Read statements, including bracketed unions, and what is written while a page is only read.
CHANGES_NOTHING = (
    "SELECT",
    "(SELECT",
    f'INSERT INTO "{AccessEvent._meta.db_table}"',
    f'INSERT INTO "{Session._meta.db_table}"',
    f'UPDATE "{Session._meta.db_table}"',
)


@dataclass
class Answers:
    """The answers cached for one request, which began at a given transaction depth (in tests)."""

    depth: int
    known: dict[Hashable, object] = field(default_factory=dict)

    def forget_on_write(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run a statement; empty the cache if it may change what the answers were read from."""
        if not sql.startswith(CHANGES_NOTHING):
            self.known.clear()
        return execute(sql, params, many, context)


_answers: ContextVar[Answers | None] = ContextVar("answers of this request", default=None)
_of_statement: ContextVar[dict[Hashable, object] | None] = ContextVar("answers of one statement", default=None)


@contextmanager
def asked_together(known: dict[Hashable, object]) -> Iterator[None]:
    """Share answers between the questions of one statement, also where the request may not keep them."""
    token = _of_statement.set(known) if _of_statement.get() is None else None
    try:
        yield
    finally:
        if token is not None:
            _of_statement.reset(token)


def once_per_request(key: Hashable, ask: Callable[[], T]) -> T:
    """Return ``ask()``, cached until the request ends or writes; elsewhere, cache it for one statement only."""
    answers = _answers.get()
    if answers is None or len(connection.atomic_blocks) > answers.depth:
        known = _of_statement.get()
        if known is None:
            return ask()
    else:
        known = answers.known
    if key not in known:
        known[key] = ask()
    return cast("T", known[key])


def once_for_words(key: Hashable, ask: Callable[[], T]) -> T:
    """Return ``ask()``, cached like ``once_per_request`` but inside a transaction too, until the next write.

    For what a page says and nothing is decided on, such as a name that stands on it thirty times.
    """
    answers = _answers.get()
    if answers is None:
        return ask()
    if key not in answers.known:
        answers.known[key] = ask()
    return cast("T", answers.known[key])


def share(key: Hashable, answer: object) -> None:
    """Cache an answer found along the way, as if ``once_per_request`` had asked for it."""
    answers = _answers.get()
    if answers is not None and len(connection.atomic_blocks) <= answers.depth:
        answers.known[key] = answer


@contextmanager
def one_request() -> Iterator[None]:
    """Cache answers from here on, beginning with none."""
    answers = Answers(len(connection.atomic_blocks))
    token = _answers.set(answers)
    try:
        with connection.execute_wrapper(answers.forget_on_write):
            yield
    finally:
        _answers.reset(token)


class AskOnceMiddleware:
    """Starts each request with an empty cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with one_request():
            return self.get_response(request)
