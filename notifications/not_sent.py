"""What higher apps do when a message did not leave: it was withheld at sending, or failed for good.

An app connects a listener in its ``hooks.py``. It runs in the transaction that records the outcome, and is given
the message, why it did not leave, and the moment. Messages that were withdrawn before their turn come from a
service that knows what follows from it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from govuk.hook import Hook
from notifications.models import Message

Listener = Callable[[Message, str, datetime.datetime], None]
# Called once a message turns out not to be sent.
not_sent: Hook[Listener] = Hook()
