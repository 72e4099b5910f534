"""Text that appears in an e-mail and nowhere else: a personal link, a one-time code.

The outbox, the database and its backups hold only a placeholder; the text itself is created as the e-mail
leaves, by a writer that an app registers in ``AppConfig.ready``. It takes the message and the moment, and
returns the text. Where it raises, the message is kept back for another attempt.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from notifications.models import Message

Writer = Callable[[Message, datetime.datetime], str]
_writers: dict[str, Writer] = {}

OWN_LINK = "[the link for you alone]"
ONE_TIME_CODE = "[the code]"


def register_writer(placeholder: str, writer: Writer) -> Writer:
    """Let ``writer`` replace ``placeholder``; registering a placeholder again replaces its writer."""
    _writers[placeholder] = writer
    return writer


def as_it_leaves(message: Message, *, now: datetime.datetime) -> str:
    """Return a message's body with everything filled in that only its reader may know. Never stored or logged."""
    body = message.body
    for placeholder, writer in _writers.items():
        if placeholder in body:
            body = body.replace(placeholder, writer(message, now))
    return body


def holds_secret(message: Message) -> bool:
    """Return whether the e-mail says something that the outbox does not know."""
    return any(placeholder in message.body for placeholder in _writers)
