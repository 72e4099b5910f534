"""Files that go with an e-mail and are stored nowhere beside it.

An app connects a source in its ``hooks.py``. It is asked as the message leaves, and yields for each file its name, its
bytes and their type; where it raises, the message is kept back for another attempt.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from govuk.hook import Hook
from notifications.models import Message

Source = Callable[[Message, datetime.datetime], Iterable[tuple[str, bytes, str]]]
# Called before each message is sent.
attachments: Hook[Source] = Hook()
