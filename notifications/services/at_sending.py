"""Words that stand in an e-mail and nowhere else: a personal link, a one-time code.

The outbox keeps a placeholder. Whoever reads the message there, the database or a backup reads the placeholder;
the words themselves are made as the e-mail leaves, by a writer that an app registers in ``AppConfig.ready``. It
takes the message and the moment, and gives the words. Where it raises, the message is kept back for another try.
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
    """Let ``writer`` put words in the place of ``placeholder``; registering it again replaces the writer."""
    _writers[placeholder] = writer
    return writer


def as_it_leaves(message: Message, *, now: datetime.datetime) -> str:
    """The body of a message with everything put in that only its reader may know. Never kept, never logged."""
    body = message.body
    for placeholder, writer in _writers.items():
        if placeholder in body:
            body = body.replace(placeholder, writer(message, now))
    return body


def holds_secret(message: Message) -> bool:
    """Whether the e-mail says something that the outbox does not know."""
    return any(placeholder in message.body for placeholder in _writers)
