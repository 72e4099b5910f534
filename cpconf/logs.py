"""Structured logs: ids, never names. Readable lines in development, one JSON object per line in production."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# PostgreSQL repeats the offending row after these words, over several lines if the row contains line breaks.
_ROW_FOLLOWS = ("DETAIL:", "CONTEXT:")
# The lines of a traceback that can follow an exception's own message.
_TRACEBACK_GOES_ON = ("Traceback (most", "The above exception", "During handling of")


def without_row_content(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Remove row content repeated by the database from exceptions: it may be a child's name."""
    for key in ("exception", "event"):
        text = event.get(key)
        if isinstance(text, str) and any(words in text for words in _ROW_FOLLOWS):
            event[key] = _cut_rows(text)
    return event


# A picture within a page, which names the people it is about.
_PICTURE = re.compile(r"data:[^\s'\"]+")


def without_pictures(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Remove the pictures that the layout repeats when it cannot draw them."""
    if isinstance(text := event.get("event"), str) and "data:" in text:
        event["event"] = _PICTURE.sub("data:[content removed]", text)
    return event


def _cut_rows(text: str) -> str:
    kept: list[str] = []
    cutting = False
    for line in text.splitlines():
        if line.startswith(_TRACEBACK_GOES_ON):
            cutting = False
        if not cutting and any(words in line for words in _ROW_FOLLOWS):
            cutting = True
            kept.append("[row content removed]")
        elif not cutting:
            kept.append(line)
    return "\n".join(kept)


# For these error classes the first line names only tables and rules; others repeat what was entered.
_TELLS_NO_VALUE = ("08", "23", "40", "42501", "42703", "42P01", "53", "55", "57")


def told_without_words(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Describe an exception and its place without its message, which may repeat names or forms.

    Source lines, types and numbers are enough to find the fault. The first line of a database message is kept
    if it cannot contain a value of a row.
    """
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        where = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"Traceback (most recent call last):\n{where}{_kind_of(error)}{_harmless_words_of(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich came of:\n\n".join(told)


def _kind_of(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _harmless_words_of(error: BaseException) -> str:
    server = error if hasattr(error, "diag") else error.__cause__
    state = str(getattr(server, "sqlstate", None) or "")
    if state.startswith(_TELLS_NO_VALUE):
        return f": {state} {server.diag.message_primary or ''}"  # type: ignore[union-attr]
    return f": {state}" if state else ""


def _ended(record: logging.LogRecord) -> str:
    if record.levelno >= logging.WARNING:
        return "failed"
    return "will be tried again" if " retry: " in record.msg else "succeeded"


class WordlessFormatter(structlog.stdlib.ProcessorFormatter):
    """Logs which task failed without the exception's message, which Celery includes in its own."""

    def format(self, record: logging.LogRecord) -> str:
        given = record.args
        if record.name == "celery.app.trace" and isinstance(given, Mapping):
            said = f"Task {given.get('name')}[{given.get('id')}] {given.get('description') or _ended(record)}"
            record = logging.makeLogRecord({**record.__dict__, "msg": said, "args": ()})
        return super().format(record)


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
]


def configure_structlog() -> None:
    """Send structlog's own loggers through the standard library, so that there is one way out."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def logging_settings(*, production: bool, level: str) -> dict[str, Any]:
    """Return Django's ``LOGGING``: everything to standard error, where container logs are read."""
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if production
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": WordlessFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.ExceptionRenderer(told_without_words),
                    without_row_content,
                    without_pictures,
                    renderer,
                ],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            name: {"handlers": ["stderr"], "level": wanted, "propagate": False}
            for name, wanted in {
                "cpconf": level,
                "django": "WARNING",
                # The request middleware logs the same with ids; Django's own line would repeat the URL.
                "django.request": "CRITICAL",
                "django_structlog": level,
                "celery": level,
                "govuk": level,
                "accounts": level,
                "notifications": level,
                "families": level,
                "deadlines": level,
                "conferences": level,
                "my_views": level,
                "meetings": level,
                "plans": level,
                "core_groups": level,
                "reports": level,
                "transfers": level,
                "chronology": level,
                "records": level,
                "incidents": level,
                "allegations": level,
                # Font subsetting logs a page of progress for each PDF.
                "fontTools": "ERROR",
                "weasyprint": "ERROR",
            }.items()
        },
    }
